#include "connectors/platforms/meta_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/json_list.hpp"
#include "connectors/reading/text.hpp"

namespace campaignd::meta {

namespace {

using namespace std::chrono_literals;

constexpr int slow_from = 75, stop_from = 95;  // percent of a limit
constexpr auto slow_rest = 30min;
constexpr std::chrono::seconds an_hour = 1h, a_day = 24h;  // limits are counted over the last hour

/// The errors of developers.facebook.com/docs/graph-api/guides/error-handling and …/overview/rate-limiting.
struct Meaning {
  int from, to;
  Failure::Code code;
  std::string_view remedy;
};
constexpr std::string_view get_token = "the token is not valid any more: get a new one and store it";
constexpr std::string_view get_permission = "the app or the token lacks a permission";
constexpr std::string_view too_many = "too many requests; waiting as told";
constexpr std::string_view in_trouble = "it is in trouble for the moment; trying again later";
constexpr std::array meanings{
    Meaning{1, 2, Failure::unavailable, in_trouble}, Meaning{3, 3, Failure::refused, get_permission},
    Meaning{4, 4, Failure::throttled, too_many}, Meaning{10, 10, Failure::refused, get_permission},
    Meaning{17, 17, Failure::throttled, too_many}, Meaning{32, 32, Failure::throttled, too_many},
    Meaning{102, 102, Failure::refused, get_token}, Meaning{190, 190, Failure::refused, get_token},
    Meaning{200, 299, Failure::refused, get_permission}, Meaning{341, 341, Failure::throttled, too_many},
    Meaning{368, 368, Failure::refused, "the app or the account is blocked for a while"},
    Meaning{613, 613, Failure::throttled, too_many}, Meaning{80000, 80014, Failure::throttled, too_many},
    // What the question was about, not who asked:
    Meaning{24, 24, Failure::gone, "it knows nothing of that name"},
    Meaning{110, 110, Failure::gone, "it shows no account of that name"},
    Meaning{803, 803, Failure::gone, "it knows nothing of that name"}};
constexpr std::size_t about_caller = 13;  ///< so many of them, from the first

const Meaning* meaning_of(int code) {
  const auto* found =
      std::ranges::find_if(meanings, [&](const Meaning& each) { return each.from <= code && code <= each.to; });
  return found == meanings.end() ? nullptr : found;
}

constexpr std::array detail_of_token{std::pair{458, " (its owner has removed the app)"},
                                     std::pair{459, " (its owner must log in and confirm something)"},
                                     std::pair{460, " (the password was changed)"},
                                     std::pair{463, " (it has expired)"},
                                     std::pair{464, " (its owner is not confirmed)"},
                                     std::pair{467, " (it was withdrawn)"}};

std::string_view detail(const Error& error) {
  const auto* found = std::ranges::find(detail_of_token, error.subcode, [](const auto& each) { return each.first; });
  return error.code == 190 && found != detail_of_token.end() ? found->second : std::string_view{};
}

void take_out(std::string& text, std::string_view secret) {
  constexpr std::size_t shortest = 4;  // what is shorter is no secret, and stands in many a word
  if (secret.size() < shortest) return;
  for (auto at = text.find(secret); at != text.npos; at = text.find(secret, at)) text.replace(at, secret.size(), "…");
}

/// Tokens of Meta are long runs of letters and digits, and errors quote them ("Malformed access token EAA…").
std::string without_long_words(std::string_view text) {
  constexpr std::size_t longest_word = 30;
  auto belongs = [](char c) {
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_letter || c == '_' || c == '-' || c == '|' || c == '%';
  };
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    auto end = at;
    while (end < text.size() && belongs(text[end])) ++end;
    if (end - at > longest_word)
      out += "…";
    else
      out += text.substr(at, end - at);
    at = end;
    if (at < text.size()) out += text[at++];
  }
  return out;
}

int percent_of(Json object, std::string_view key) {
  auto member = json_member(object, key);
  double value = 0;
  if (!member || member->get(value) != simdjson::SUCCESS || !(value > 0)) return 0;
  return static_cast<int>(std::min(value, 1000.0));
}

void take_usage(Json object, Usage& usage) {
  for (std::string_view key : {"call_count", "total_cputime", "total_time"})
    usage.percent = std::max(usage.percent, percent_of(object, key));
  auto minutes = json_count(object, "estimated_time_to_regain_access").value_or(0);
  usage.regain =
      std::max(usage.regain, std::min(a_day, std::chrono::seconds(std::min<std::int64_t>(minutes, 1440) * 60)));
}

/// {"<id>": [{…}]}
void take_business_usage(Json owners, Usage& usage) {
  simdjson::dom::object object;
  if (owners.get(object) != simdjson::SUCCESS) return;
  for (auto [id, cases] : object) {
    simdjson::dom::array array;
    if (cases.get(array) != simdjson::SUCCESS) continue;
    for (Json each : array) take_usage(each, usage);
  }
}

}  // namespace

Request ask(const Api& api, const std::string& path, const std::string& token, std::string_view bucket) {
  Request request(fmt::format("https://{}/{}/{}", api.host, api.version, path));
  request.bucket = bucket;
  request.headers.emplace_back("accept", "application/json");
  if (!token.empty()) request.headers.emplace_back("authorization", "Bearer " + token);
  return request;
}

Error read_error(std::string_view body) {
  Error out;
  auto use = [&](Json document) {
    auto error = json_member(document, "error");
    if (!error || !error->is_object()) return;
    auto number = [&](std::string_view key) {
      return static_cast<int>(std::min<std::int64_t>(json_count(*error, key).value_or(0), 1'000'000'000));
    };
    out = {number("code"), number("error_subcode"), json_text(*error, "message"),
           json_flag(*error, "is_transient").value_or(false)};
  };
  return read_json(body, use) ? out : Error{};
}

bool concerns_caller(const Error& error) {
  const auto* meaning = meaning_of(error.code);
  return error.code == 0 || error.transient || (meaning != nullptr && meaning < meanings.data() + about_caller);
}

bool wants_less(const Error& error) {
  return error.code == 1 && error.message.find("reduce the amount of data") != error.message.npos;
}

std::string quoted(std::string_view text, const Speaker& speaker) {
  std::string clean = clean_utf8(text);
  if (speaker.session != nullptr)
    for (std::string_view all :
         {std::string_view(speaker.session->credential), std::string_view(speaker.session->token)})
      while (!all.empty()) {  // the parts of a credential, and all of it
        take_out(clean, all);
        auto colon = all.find(':');
        take_out(clean, all.substr(0, colon));
        all = colon == all.npos ? std::string_view{} : all.substr(colon + 1);
      }
  return cut(without_long_words(clean), 200);
}

Failure failure_of(const Answer& answer, const Speaker& speaker) {
  auto error = read_error(answer.body);
  if (error.code == 0) return standard_failure(answer);
  auto said = error.message.empty() ? std::string{} : fmt::format(" (\"{}\")", quoted(error.message, speaker));
  auto fail = [&](Failure::Code code, std::string_view remedy) {
    return Failure{code, fmt::format("{}: error {}: {}{}{}", speaker.name, error.code, remedy, detail(error), said)};
  };
  const auto* meaning = meaning_of(error.code);
  if (meaning == nullptr)
    return error.transient ? fail(Failure::unavailable, in_trouble) : fail(Failure::refused, "it does not answer this");
  auto failure = fail(meaning->code, meaning->remedy);
  if (meaning->remedy == get_permission && !speaker.permissions.empty())
    failure.message += fmt::format("; needed: {}", speaker.permissions);
  if (meaning->code == Failure::throttled) {
    auto usage = read_usage(answer.headers);
    failure.retry_after =
        usage.regain > 0s ? usage.regain : read_retry_after(answer.headers, answer.received).value_or(an_hour);
  }
  return failure;
}

Failure no_credential(const Speaker& speaker, std::string_view form) {
  return {Failure::refused, fmt::format("{} needs a credential: store {}", speaker.name, form)};
}

Failure unreadable(const Failure& why, const Speaker& speaker) {
  return {why.code, fmt::format("{}: {}", speaker.name, why.message)};
}

Usage read_usage(const Headers& headers) {
  Usage usage;
  if (auto app = header(headers, "x-app-usage"); !app.empty())
    (void)read_json(app, [&](Json object) { take_usage(object, usage); });
  if (auto business = header(headers, "x-business-use-case-usage"); !business.empty())
    (void)read_json(business, [&](Json owners) { take_business_usage(owners, usage); });
  return usage;
}

void heed_limits(const Answer& answer, const Speaker& speaker, Page& page) {
  auto usage = read_usage(answer.headers);
  if (usage.percent < slow_from) return;
  page.pause = std::max<std::chrono::seconds>(page.pause.value_or(0s), slow_rest);
  if (usage.percent < stop_from) return;
  page.pause = std::max(*page.pause, usage.regain > 0s ? usage.regain : an_hour);
  if (!page.more) return;
  page.more = false;
  page.joins_last = false;
  page.since.reset();
  page.refused.push_back(
      {"", fmt::format("{}: {} % of the limit is used; the poll goes on later", speaker.name, usage.percent)});
}

Paging read_paging(Json list) {
  auto paging = json_member(list, "paging");
  if (!paging) return {};
  auto cursors = json_member(*paging, "cursors");
  auto after = cursors ? json_text(*cursors, "after") : std::string{};
  return {is_valid_utf8(after) && after.size() <= 2000 ? after : std::string{},
          json_member(*paging, "next").has_value()};
}

void List::refuse(std::string id, std::string why) {
  if (id.empty()) id = fmt::format("item {}", size);
  refused.push_back({cut(clean_utf8(id), 200), std::move(why)});
}

void keep_item(Json item, const ReadItem& read, List& list) {
  ++list.size;
  auto finding = read(item);
  if (!finding) return;
  if (!*finding) return list.refuse(json_text(item, "id"), finding->error().message);
  bool is_new = list.names.insert((*finding)->post.uri).second && list.names.insert((*finding)->local_id).second;
  if (is_new) list.found.push_back(std::move(**finding));
}

Result<List> read_list(std::string_view body, const ReadItem& read) {
  List list;
  bool has_list = false;
  auto use = [&](Json document) {
    auto items = json_member(document, "data");
    has_list = items && items->is_array();
    list.paging = read_paging(document);
  };
  auto each = [&](Json item) { keep_item(item, read, list); };
  auto bad = [&](std::size_t, std::string why) {
    ++list.size;
    list.refuse({}, std::move(why));
  };
  auto whole = read_json_list(body, "data", use, each, bad);
  if (!whole) return whole.error();
  if (!has_list) return Failure{Failure::malformed, "the answer has no list \"data\""};
  return list;
}

bool lies_below(const std::vector<Finding>& found, sys_ms line) {
  bool has_dates = std::ranges::any_of(found, [](const Finding& each) { return each.post.published.has_value(); });
  return has_dates && std::ranges::all_of(found, [&](const Finding& each) {
           return !each.post.published || *each.post.published < line;
         });
}

std::optional<sys_ms> read_time(Json item, std::string_view key) { return read_rfc3339(json_text(item, key)); }

}  // namespace campaignd::meta
