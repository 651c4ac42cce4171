#include "connectors/reading/event_stream.hpp"

#include <utility>

namespace campaignd {

namespace {
constexpr std::size_t longest_event = 1 << 20;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
}  // namespace

std::vector<EventStream::Event> EventStream::read(std::string_view bytes) {
  std::vector<Event> out;
  while (!bytes.empty()) {
    // A line ends with CR, LF, or both, and the two may come apart.
    if (std::exchange(after_return_, false) && bytes.front() == '\n') {
      bytes.remove_prefix(1);
      continue;
    }
    auto end = bytes.find_first_of("\r\n");
    auto part = bytes.substr(0, end);
    if (line_.size() + event_.data.size() + part.size() > longest_event) is_too_long_ = true;
    if (!is_too_long_) line_ += part;
    is_in_line_ = is_in_line_ || !part.empty();
    if (end == bytes.npos) break;
    after_return_ = bytes[end] == '\r';
    bool is_blank = !std::exchange(is_in_line_, false);
    if (!is_too_long_ || is_blank) read_line(is_blank ? std::string_view() : line_, out);
    line_.clear();
    bytes.remove_prefix(end + 1);
  }
  return out;
}

void EventStream::read_line(std::string_view line, std::vector<Event>& out) {
  if (!std::exchange(has_begun_, true) && line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  if (line.empty()) {
    if (has_data_ && !is_too_long_) {
      if (event_.name.empty()) event_.name = "message";
      out.push_back(std::move(event_));
    }
    event_ = {};
    has_data_ = is_too_long_ = false;
    return;
  }
  auto colon = line.find(':');
  auto field = line.substr(0, colon);
  auto value = colon == line.npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "event") event_.name = value;
  if (field != "data") return;
  if (std::exchange(has_data_, true)) event_.data += '\n';
  event_.data += value;
}

}  // namespace campaignd
