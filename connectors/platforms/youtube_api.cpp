#include "connectors/platforms/youtube_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "connectors/reading/dates/pacific.hpp"
#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/json.hpp"

namespace campaignd {

namespace {

using std::chrono::seconds;

constexpr seconds a_while = std::chrono::minutes(5);
constexpr std::size_t longest_reason = 60;

constexpr std::string_view not_accepted =
    "YouTube does not accept the API key: copy it once more from the Google Cloud console, or make a new one there";
constexpr std::string_view not_switched_on =
    "the YouTube Data API v3 is not switched on for the API key's project: switch it on in the Google Cloud console, "
    "and wait a few minutes";
constexpr std::string_view restricted =
    "the API key's restrictions shut this program out: in the Google Cloud console allow it the YouTube Data API v3 "
    "from this machine's address, or from anywhere";
constexpr std::string_view suspended =
    "Google has suspended the API key or its project: the Google Cloud console says why";
constexpr std::string_view without_quota =
    "the API key's project has a daily quota of nothing: the Google Cloud console says why, or take a key of another "
    "project";

/// What keeps a key from being used, by the reasons of errors[] (the old form) and of details[] (the new one).
struct Refusal {
  std::string_view reason, sentence;
};
constexpr Refusal refusals[] = {{"keyInvalid", not_accepted},
                                {"keyExpired", not_accepted},
                                {"API_KEY_INVALID", not_accepted},
                                {"dailyLimitExceededUnreg", not_accepted},
                                {"accessNotConfigured", not_switched_on},
                                {"SERVICE_DISABLED", not_switched_on},
                                {"ipRefererBlocked", restricted},
                                {"API_KEY_HTTP_REFERRER_BLOCKED", restricted},
                                {"API_KEY_IP_ADDRESS_BLOCKED", restricted},
                                {"API_KEY_SERVICE_BLOCKED", restricted},
                                {"API_KEY_ANDROID_APP_BLOCKED", restricted},
                                {"API_KEY_IOS_APP_BLOCKED", restricted},
                                {"CONSUMER_SUSPENDED", suspended}};

struct ApiError {
  std::vector<std::string> reasons;
  std::string message;             ///< in small letters; looked into, never shown
  std::string limit, limit_value;  ///< "defaultSearchListPerDayPerProject", "100"

  bool has(std::string_view reason) const { return std::ranges::find(reasons, reason) != reasons.end(); }
  bool says(std::string_view words) const { return message.find(words) != std::string::npos; }
};

void for_each(Json object, std::string_view key, const std::function<void(Json)>& use) {
  auto list = json_member(object, key);
  if (!list || !list->is_array()) return;
  for (Json each : simdjson::dom::array(*list)) use(each);
}

ApiError read_error(const Answer& answer) {
  ApiError out;
  auto keep = [&](Json each) {
    if (auto reason = json_text(each, "reason"); !reason.empty()) out.reasons.push_back(std::move(reason));
    auto metadata = json_member(each, "metadata");
    if (!metadata) return;
    out.limit = json_text(*metadata, "quota_limit");
    out.limit_value = json_text(*metadata, "quota_limit_value");
  };
  auto use = [&](Json document) {
    auto error = json_member(document, "error");
    if (!error) return;
    out.message = json_text(*error, "message");
    for_each(*error, "details", keep);
    for_each(*error, "errors", keep);
  };
  if (!read_json(answer.body, use)) return {};
  for (char& c : out.message)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 32);
  return out;
}

/// Why the key cannot be used; empty where it is not for the key.
std::string_view refusal(const Answer& answer, const ApiError& error) {
  for (const auto& [reason, sentence] : refusals)
    if (error.has(reason)) return sentence;
  if (answer.status == 401) return not_accepted;
  if (answer.status != 400 && answer.status != 403) return {};
  // Older forms of the same: reason "badRequest" or "forbidden", and the rest in words.
  if (error.says("suspended")) return suspended;
  if (error.says("are blocked")) return restricted;
  if (error.says("api key")) return not_accepted;
  return {};
}

bool is_over_quota(const Answer& answer, const ApiError& error) {
  constexpr std::array<std::string_view, 5> reasons{"quotaExceeded", "dailyLimitExceeded", "rateLimitExceeded",
                                                    "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"};
  return answer.status == 429 ||
         (answer.status == 403 && std::ranges::any_of(reasons, [&](auto each) { return error.has(each); }));
}

/// "rateLimitExceeded" is said of the day's quota and of too many requests in a minute alike: only the limit's name, or
/// its words, tell which.
bool is_of_the_day(const ApiError& error) {
  return error.has("quotaExceeded") || error.has("dailyLimitExceeded") || error.says("per day") ||
         error.limit.find("PerDay") != std::string::npos;
}

Failure over_quota(const Answer& answer, const ApiError& error) {
  if (error.limit_value == "0") return {Failure::refused, std::string(without_quota)};
  auto told = read_retry_after(answer.headers, answer.received);
  if (!is_of_the_day(error))
    return {Failure::throttled, "YouTube takes no more requests for a while; waiting", told.value_or(a_while)};
  auto midnight = next_pacific_midnight(answer.received);
  auto what = answer.asked.bucket == youtube::search_bucket ? "searches" : "requests";
  return {Failure::throttled,
          fmt::format("the {} YouTube gives this API key in a day are used up; there are new ones at midnight in "
                      "California, {} UTC",
                      what, format_utc(midnight).substr(11, 5)),
          std::chrono::ceil<seconds>(midnight - answer.received)};
}

/// A reason is a word; anything else is not repeated.
std::string shown_reason(const ApiError& error) {
  auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  for (const auto& each : error.reasons)
    if (each.size() <= longest_reason && std::ranges::all_of(each, is_letter)) return fmt::format(" ({})", each);
  return {};
}

}  // namespace

bool has_youtube_key(const SourceSettings& source) { return source.session && !source.session->credential.empty(); }

Request ask_youtube(const std::shared_ptr<Session>& session, const std::string& method, std::string_view bucket) {
  Request request(std::string(youtube::api) + method);
  request.bucket = bucket;
  request.follows_redirects = false;  // the key is for this host
  request.headers.emplace_back("accept", "application/json");
  if (session) request.headers.emplace_back("x-goog-api-key", session->credential);
  return request;
}

bool youtube_error_is(const Answer& answer, std::string_view reason) { return read_error(answer).has(reason); }

Failure youtube_failure(const Answer& answer) {
  auto error = read_error(answer);
  if (auto sentence = refusal(answer, error); !sentence.empty()) return {Failure::refused, std::string(sentence)};
  if (is_over_quota(answer, error)) return over_quota(answer, error);
  if (answer.status == 400 || answer.status == 403)
    return {Failure::refused, fmt::format("YouTube does not accept the question{}", shown_reason(error))};
  return standard_failure(answer);
}

}  // namespace campaignd
