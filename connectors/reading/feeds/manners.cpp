#include "connectors/reading/feeds/manners.hpp"

#include <algorithm>
#include <charconv>

#include "connectors/reading/dates/time.hpp"

namespace campaignd {

using namespace std::chrono_literals;
using std::chrono::seconds;

namespace {

constexpr seconds a_day = 24h;
constexpr auto clocks_differ_by = 1min;
constexpr sys_ms before_the_web = std::chrono::sys_days(std::chrono::year(1990) / 1 / 1);

bool has_directive(std::string_view cache_control, std::string_view wanted) {
  std::string lower(cache_control);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 32);
  return lower.find(wanted) != lower.npos;
}

seconds age_of(const Headers& headers) {
  auto text = header(headers, "age");
  int value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && value > 0 ? seconds(value) : 0s;
}

sys_ms date_of(const Headers& headers, sys_ms received) {
  return read_rfc822(header(headers, "date")).value_or(received);
}

bool is_skipped(const FeedManners& manners, sys_ms at) {
  auto day = std::chrono::floor<std::chrono::days>(at);
  auto hour = std::chrono::floor<std::chrono::hours>(at - day).count();
  return manners.skip_days[std::chrono::weekday(day).c_encoding()] ||
         manners.skip_hours[static_cast<std::size_t>(hour)];
}

}  // namespace

seconds fresh_for(const Headers& headers, sys_ms received) {
  auto cache_control = header(headers, "cache-control");
  if (has_directive(cache_control, "no-cache") || has_directive(cache_control, "no-store")) return 0s;
  if (auto age = read_max_age(headers)) return std::max(*age - age_of(headers), 0s);
  auto expires = read_rfc822(header(headers, "expires"));
  if (!expires) return 0s;
  return std::clamp(std::chrono::floor<seconds>(*expires - date_of(headers, received)), 0s, a_day);
}

seconds rest_asked_by(const FeedManners& manners, sys_ms now) {
  if (manners.expired) return a_day;
  const auto latest = now + a_day;
  sys_ms at = now + std::clamp<std::chrono::minutes>(manners.refresh.value_or(0min), 0min, 24h);
  while (at < latest && is_skipped(manners, at)) at = std::chrono::floor<std::chrono::hours>(at) + 1h;
  return std::chrono::ceil<seconds>(std::min(at, latest) - now);
}

void drop_untrusted(Cursor& cursor, const Answer& answer) {
  auto expires = header(answer.headers, "expires");
  if (expires == "0" || expires == "-1") cursor.etag.clear(), cursor.last_modified.clear();
  auto changed = read_rfc822(cursor.last_modified);
  if (!changed) return;
  auto newest = std::max(date_of(answer.headers, answer.received), answer.received) + clocks_differ_by;
  if (*changed > newest || *changed < before_the_web) cursor.last_modified.clear();
}

bool is_challenge(const Answer& answer) { return header(answer.headers, "cf-mitigated") == "challenge"; }

}  // namespace campaignd
