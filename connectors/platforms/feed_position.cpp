#include "connectors/platforms/feed_position.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::string_view version = "2";

template <class Number = std::int64_t>
Number to_number(std::string_view text) {
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!word.empty()) out.emplace_back(word);
  }
  return out;
}

}  // namespace

FeedPosition FeedPosition::read(const std::string& text) {
  FeedPosition out;
  if (text.find('=') == text.npos) {
    out.marks = words_of(text);
    return out;
  }
  auto field = [query = "?" + text](std::string_view name) { return query_value(query, name); };
  if (field("v") != version) return out;
  auto time = [&](std::string_view name) { return sys_ms(std::chrono::milliseconds(to_number(field(name)))); };
  out.marks = words_of(field("marks"));
  out.body = field("body");
  out.feed = field("feed");
  out.looking = field("looking");
  out.full = time("full");
  out.good = time("good");
  if (auto refresh = field("refresh"); !refresh.empty())
    out.manners.refresh = std::chrono::minutes(to_number<std::int32_t>(refresh));
  out.manners.skip_hours = to_number<std::uint32_t>(field("hours"));
  out.manners.skip_days = to_number<std::uint32_t>(field("days"));
  out.manners.expired = field("expired") == "1";
  return out;
}

std::string FeedPosition::write() const {
  auto out =
      fmt::format("v={}&full={}&good={}", version, full.time_since_epoch().count(), good.time_since_epoch().count());
  auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) out += fmt::format("&{}={}", name, percent_encode(value));
  };
  add("body", body);
  add("marks", fmt::format("{}", fmt::join(marks, " ")));
  add("feed", feed);
  add("looking", looking);
  if (manners.refresh) add("refresh", std::to_string(manners.refresh->count()));
  if (manners.skip_hours.any()) add("hours", std::to_string(manners.skip_hours.to_ulong()));
  if (manners.skip_days.any()) add("days", std::to_string(manners.skip_days.to_ulong()));
  if (manners.expired) add("expired", "1");
  return out;
}

}  // namespace campaignd
