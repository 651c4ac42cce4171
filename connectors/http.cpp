#include "connectors/http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "connectors/reading/dates/time.hpp"

namespace campaignd {

using std::chrono::seconds;

namespace {

constexpr seconds a_day = std::chrono::hours(24);

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// "596.0", as Reddit counts, is 596: a part of a request is none.
std::optional<std::int64_t> whole_part(std::string_view text) {
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  auto dot = text.find('.');
  bool has_fraction = dot != text.npos && dot + 1 < text.size() && std::ranges::all_of(text.substr(dot + 1), is_digit);
  return whole_number(has_fraction ? text.substr(0, dot) : text);
}

std::optional<sys_ms> read_reset(std::string_view text, sys_ms now) {
  auto number = whole_part(text);
  if (!number) return read_rfc3339(text);
  if (*number < 0 || *number > 100'000'000'000) return std::nullopt;
  constexpr std::int64_t smallest_epoch = 1'000'000'000;  // 2001; a smaller number can only be a delay
  if (*number >= smallest_epoch) return sys_ms(seconds(*number));
  return now + seconds(*number);
}

}  // namespace

std::string_view header(const Headers& headers, std::string_view name) {
  auto found = std::ranges::find(headers, name, &Headers::value_type::first);
  return found == headers.end() ? std::string_view{} : std::string_view(found->second);
}

Quota read_quota(const Headers& headers, sys_ms now) {
  for (std::string_view prefix : {"x-ratelimit-", "ratelimit-", "x-rate-limit-"}) {
    auto field = [&](std::string_view name) { return trimmed(header(headers, fmt::format("{}{}", prefix, name))); };
    Quota quota{whole_part(field("limit")), whole_part(field("remaining")), read_reset(field("reset"), now)};
    if (quota.limit || quota.remaining) return quota;
  }
  return {};
}

std::optional<seconds> read_retry_after(const Headers& headers, sys_ms now) {
  auto text = trimmed(header(headers, "retry-after"));
  if (text.empty()) return std::nullopt;
  if (std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
    auto number = whole_number(text);
    return number && *number < a_day.count() ? seconds(*number) : a_day;
  }
  auto date = read_rfc822(text);
  if (!date && text.find(" 9999 ") != text.npos) return a_day;  // "never": no date, but an answer
  if (!date) return std::nullopt;
  auto wait = std::chrono::ceil<seconds>(*date - now);
  return std::clamp(wait, seconds(0), a_day);
}

std::optional<seconds> read_max_age(const Headers& headers) {
  std::string lower(header(headers, "cache-control"));
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 32);
  std::string_view text(lower);
  auto at = text.find("max-age=");
  if (at == text.npos) return std::nullopt;
  text.remove_prefix(at + 8);
  auto number = whole_number(text.substr(0, text.find_first_not_of("0123456789")));
  if (!number) return std::nullopt;
  return std::min(seconds(*number), a_day);
}

std::string without_query(std::string_view url) {
  std::string out(url.substr(0, url.find_first_of("?#")));
  auto host = out.find("://");
  host = host == out.npos ? 0 : host + 3;
  auto at = out.substr(0, out.find('/', host)).rfind('@');
  if (at != out.npos && at >= host) out.erase(host, at + 1 - host);
  return out;
}

Failure standard_failure(const Answer& answer) {
  auto code = Failure::malformed;
  std::string_view advice = "the answer is not one this platform gives; the next poll tries again";
  auto retry = read_retry_after(answer.headers, answer.received);
  switch (answer.status) {
    case 401:
    case 403:
    case 407:
    case 422:
    case 451:
      code = Failure::refused;
      advice = "the server does not answer without a login; choose another server or give a credential";
      break;
    case 404:
    case 410:
      code = Failure::gone;
      advice = "nothing is at this address; check it in the configuration";
      break;
    case 413: code = Failure::too_large; break;
    case 429: {
      code = Failure::throttled;
      advice = "too many requests; waiting as told";
      auto quota = read_quota(answer.headers, answer.received);
      if (!retry && quota.reset && *quota.reset > answer.received)
        retry = std::min(std::chrono::ceil<seconds>(*quota.reset - answer.received), a_day);
      break;
    }
    default:
      if (answer.status >= 500) {
        code = Failure::unavailable;
        advice = "the server is in trouble; trying again later";
      }
  }
  return Failure{code, fmt::format("{} answered {}: {}", without_query(answer.asked.url), answer.status, advice),
                 retry};
}

void ask_conditionally(Request& request, const Cursor& cursor) {
  if (!cursor.etag.empty()) request.headers.emplace_back("if-none-match", cursor.etag);
  if (!cursor.last_modified.empty()) request.headers.emplace_back("if-modified-since", cursor.last_modified);
}

void keep_validators(Cursor& cursor, const Answer& answer) {
  auto keep = [&](std::string& kept, std::string_view name) {
    auto value = header(answer.headers, name);
    if (!value.empty() || answer.status != 304) kept = value;
  };
  keep(cursor.etag, "etag");
  keep(cursor.last_modified, "last-modified");
}

}  // namespace campaignd
