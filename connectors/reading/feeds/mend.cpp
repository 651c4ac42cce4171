#include "connectors/reading/feeds/mend.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "connectors/reading/html.hpp"

namespace campaignd {

namespace {

constexpr std::size_t deepest = 200;  // libxml2 stops at 256

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool starts_name(char c) { return ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_'; }
bool in_name(char c) { return starts_name(c) || (c >= '0' && c <= '9') || c == ':' || c == '-' || c == '.'; }
/// Bytes that text is not copied over: & < > " and the first of U+FFFE and U+FFFF, which no XML may hold.
constexpr auto special = [] {
  std::array<bool, 256> table{};
  for (unsigned c : {0x22U, 0x26U, 0x3CU, 0x3EU, 0xEFU}) table[c] = true;
  return table;
}();

/// What XML may hold besides markup; `text` is one character.
bool is_allowed(std::string_view text) {
  auto byte = static_cast<unsigned char>(text.front());
  if (byte < 0x20 || byte == 0x7F) return byte == '\t' || byte == '\n';
  if (byte == 0xC2) return static_cast<unsigned char>(text[1]) >= 0xA0;
  return text != "\uFFFE" && text != "\uFFFF";
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return x == y || ((x | 32) == (y | 32) && (x | 32) >= 'a'); });
}

/// "a" or "a:b".
bool is_qualified_name(std::string_view name) {
  auto colon = name.find(':');
  if (name.empty() || !starts_name(name.front())) return false;
  auto local = name.substr(std::min(colon, name.size() - 1) + 1);
  return colon == name.npos || (!local.empty() && starts_name(local.front()) && local.find(':') == local.npos);
}

class Mender {
 public:
  explicit Mender(std::string_view in) : in_(in) { out_.text.reserve(in.size() + in.size() / 8); }

  Mended run() {
    at_ = std::min(in_.find('<'), in_.size());  // blank lines before the root are fatal to XML, harmless to us
    while (at_ < in_.size() && !done_) {
      if (in_[at_] == '<')
        markup();
      else
        text(std::min(in_.find('<', at_), in_.size()));
    }
    out_.complete = open_.empty();
    return std::move(out_);
  }

 private:
  /// Text up to `end`; outside the root there is none.
  void text(std::size_t end) {
    if (!open_.empty()) put(in_.substr(at_, end - at_));
    at_ = end;
  }

  void put(std::string_view piece, bool decodes = true) {
    for (std::size_t from = 0; from < piece.size();) {
      auto next = from;
      while (next < piece.size() && !special[static_cast<unsigned char>(piece[next])]) ++next;
      out_.text.append(piece, from, next - from);
      from = next + 1;
      if (next == piece.size()) return;
      if (piece[next] == '&' && decodes)
        from += reference(piece.substr(from));
      else if (piece[next] != '\xEF' || is_allowed(piece.substr(next, 3)))
        put_character(piece.substr(next, 1));
      else
        from += 2;
    }
  }

  std::size_t reference(std::string_view behind) {
    std::string meant;
    auto length = decode_reference(behind, meant);
    if (is_allowed(meant)) put_character(meant);
    return length;
  }

  void put_character(std::string_view character) {
    if (character == "<")
      out_.text += "&lt;";
    else if (character == "&")
      out_.text += "&amp;";
    else if (character == "\"")
      out_.text += "&quot;";
    else if (character == ">")
      out_.text += "&gt;";
    else
      out_.text += character;
  }

  void markup() {
    auto rest = in_.substr(at_);
    if (rest.starts_with("<!--"))
      skip_behind("-->", 4);
    else if (equal_ignoring_case(rest.substr(0, 9), "<![CDATA["))
      cdata();
    else if (rest.starts_with("<!"))
      declaration();
    else if (rest.starts_with("<?"))
      skip_behind("?>", 2);
    else if (rest.starts_with("</"))
      end_tag();
    else
      start_tag();
  }

  /// A mark that is not there is looked for once: a document may miss it a million times.
  std::size_t find(std::string_view mark, std::size_t from) {
    if (std::ranges::find(missing_, mark) != missing_.end()) return in_.npos;
    auto found = in_.find(mark, from);
    if (found == in_.npos) missing_.push_back(mark);
    return found;
  }

  /// Behind the closing mark; where it is missing, behind the next '>'.
  void skip_behind(std::string_view mark, std::size_t from) {
    auto end = find(mark, at_ + from);
    if (end != in_.npos) return void(at_ = end + mark.size());
    end = find(">", at_);
    at_ = end == in_.npos ? in_.size() : end + 1;
  }

  /// Nothing is decoded in a section. One without its end holds what its element holds.
  void cdata() {
    at_ += 9;
    auto end = find("]]>", at_);
    auto behind = end + 3;
    if (end == in_.npos) {
      end = open_.empty() ? in_.npos : in_.find("</" + std::string(open_.back()), at_);
      end = behind = std::min(end, in_.size());
    }
    auto section = in_.substr(at_, end - at_);
    at_ = behind;
    if (open_.empty()) return;
    if (section.find('\xEF') == section.npos)
      out_.text.append("<![CDATA[").append(section).append("]]>");
    else
      put(section, false);
  }

  /// A DOCTYPE with its internal subset: nothing in it is read.
  void declaration() {
    if (!open_.empty()) return skip_behind(">", 2);  // inside the document it has no subset
    int depth = 0;
    for (; at_ < in_.size(); ++at_) {
      char c = in_[at_];
      if (c == '"' || c == '\'') {
        auto end = find(c == '"' ? "\"" : "'", at_ + 1);
        if (end != in_.npos) at_ = end;
        continue;
      }
      if (in_.substr(at_).starts_with("<!--")) {
        auto end = find("-->", at_ + 4);
        if (end != in_.npos) at_ = end + 2;
        continue;
      }
      if (c == '[') ++depth;
      if (c == ']') depth = std::max(0, depth - 1);
      if (c == '>' && depth == 0) return void(++at_);
    }
  }

  std::string_view name_at(std::size_t at) const {
    auto end = at;
    while (end < in_.size() && in_name(in_[end])) ++end;
    return in_.substr(at, end - at);
  }

  void as_text() {
    if (!open_.empty()) out_.text += "&lt;";
    ++at_;
  }

  void end_tag() {
    auto name = name_at(at_ + 2);
    if (name.empty()) return as_text();
    auto end = in_.find_first_of("<>", at_ + 1);  // "</title" may lack its '>'
    at_ = end == in_.npos ? in_.size() : in_[end] == '>' ? end + 1 : end;
    close(name);
  }

  void close(std::string_view name) {
    auto found = std::find(open_.rbegin(), open_.rend(), name);
    if (found == open_.rend())
      found = std::find_if(open_.rbegin(), open_.rend(), [&](auto each) { return equal_ignoring_case(each, name); });
    if (found == open_.rend()) return;
    auto count = found - open_.rbegin() + 1;
    for (; count > 0; --count) {
      out_.text.append("</").append(open_.back()).append(">");
      open_.pop_back();
    }
    done_ = open_.empty();
  }

  void start_tag() {
    auto name = name_at(at_ + 1);
    auto behind = at_ + 1 + name.size();
    bool is_tag = name.size() < 200 && is_qualified_name(name) && behind < in_.size() &&
                  (is_space(in_[behind]) || in_[behind] == '/' || in_[behind] == '>');
    if (!is_tag) {
      if (behind >= in_.size()) return void(at_ = in_.size());  // the document broke off here
      return as_text();
    }
    auto restart = out_.text.size();
    bool shown = open_.size() < deepest;
    if (shown) out_.text.append("<").append(name);
    at_ = behind;
    bool empty = attributes(shown);
    if (broken_) {
      out_.text.resize(restart);
      return;
    }
    if (!shown) return;
    // An item inside an item: the one before lacks its end.
    if (!empty && !open_.empty() && open_.back() == name && (name == "item" || name == "entry")) {
      out_.text.insert(restart, "</" + std::string(name) + ">");
      open_.pop_back();
    }
    out_.text += empty ? "/>" : ">";
    if (!empty) open_.push_back(name);
    if (empty && open_.empty()) done_ = true;
  }

  /// Up to and behind the tag's '>'; whether the element is empty.
  bool attributes(bool shown) {
    bool slash = false;
    names_.clear();
    while (at_ < in_.size()) {
      char c = in_[at_];
      if (c == '>') {
        ++at_;
        return slash;
      }
      if (c == '<') return slash;  // "<p <b>": the tag ends where the next begins
      slash = c == '/';
      if (starts_name(c))
        attribute(shown);
      else
        ++at_;
    }
    broken_ = true;
    return false;
  }

  void attribute(bool shown) {
    auto name = name_at(at_);
    at_ += name.size();
    auto next = at_;
    while (next < in_.size() && is_space(in_[next])) ++next;
    if (next >= in_.size() || in_[next] != '=') return;  // a name alone says nothing
    at_ = next + 1;
    while (at_ < in_.size() && is_space(in_[at_])) ++at_;
    if (at_ >= in_.size()) return;
    char quote = in_[at_] == '"' || in_[at_] == '\'' ? in_[at_++] : '\0';
    auto end = quote == '"' ? find("\"", at_) : quote != '\0' ? find("'", at_) : in_.npos;
    // A quote that is never closed, or only behind the tag: the value ends like one without quotes.
    if (quote != '\0' && (end == in_.npos || holds_tag_end(at_, end))) quote = '\0';
    if (quote == '\0') end = std::min(in_.find_first_of(" \t\r\n>\"'", at_), in_.size());
    auto value = in_.substr(at_, end - at_);
    at_ = std::min(in_.size(), end + (quote != '\0' ? 1 : 0));
    bool known = std::ranges::find(names_, name) != names_.end();
    if (!shown || known || names_.size() >= most_attributes || !is_qualified_name(name)) return;
    bool declares = name == "xmlns" || name.starts_with("xmlns:");
    if (declares && (value.size() > longest_namespace || ++namespaces_ > most_namespaces)) return;
    names_.push_back(name);
    out_.text.append(" ").append(name).append("=\"");
    put(value);
    out_.text += '"';
  }

  /// Whether "><" stands in a value: no further than 4 KB are looked at, which is more than a link is long.
  bool holds_tag_end(std::size_t from, std::size_t end) const {
    return in_.substr(from, std::min<std::size_t>(end - from, 4096)).find("><") != in_.npos;
  }

  std::string_view in_;
  std::size_t at_ = 0;
  std::vector<std::string_view> open_, names_;  ///< elements; attributes of the tag being read
  std::vector<std::string_view> missing_;       ///< marks that do not stand in what is left
  Mended out_;
  int namespaces_ = 0;   ///< declared so far
  bool done_ = false;    ///< the root has ended
  bool broken_ = false;  ///< the document ended inside a tag
};

}  // namespace

Mended mend(std::string_view text) { return Mender(text).run(); }

}  // namespace campaignd
