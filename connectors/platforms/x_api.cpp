#include "connectors/platforms/x_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "connectors/reading/url.hpp"

namespace campaignd {

// What may change, in one place: the address, and the names of what is asked for. X's specification has newer ones
// ("post.fields", "note_post", "referenced_posts"); these it promises to keep.
const std::string_view x_post_fields =
    "&tweet.fields=attachments,author_id,created_at,entities,lang,note_tweet,public_metrics,referenced_tweets";
const std::string_view x_author_fields = "&expansions=author_id&user.fields=description,name,public_metrics,username";

namespace {

constexpr std::string_view api = "https://api.x.com/2/";

using std::chrono::seconds;

/// What may be spent where the operator does not say: 10 US dollars.
constexpr int cents_if_not_told = 1'000;
constexpr int most_cents = 1'000'000;
constexpr seconds window = std::chrono::minutes(15);  ///< of X's rate limits
constexpr seconds a_day = std::chrono::hours(24);

struct Remedy {
  std::string_view sign;  ///< a title, or the kind of a problem
  Failure::Code code;
  std::string_view advice;
  std::optional<seconds> wait{};
};

constexpr std::string_view month_is_read =
    "as many posts have been read as the app may read in a month: it goes on with the next";
constexpr std::string_view buy_credits = "the app has no credits left: buy some at console.x.com";
constexpr std::string_view bad_question = "it does not accept the question";

/// Titles first: a spending limit is of the kind "credits" as well.
constexpr std::array remedies{
    Remedy{"SpendCapReached", Failure::exhausted,
           "the spending limit set at console.x.com is reached: raise it there, or wait for the next billing cycle",
           a_day},
    Remedy{"UsageCapExceeded", Failure::exhausted, month_is_read, a_day},
    Remedy{"usage-capped", Failure::exhausted, month_is_read, a_day},
    Remedy{"CreditsDepleted", Failure::refused, buy_credits},
    Remedy{"credits-depleted", Failure::refused, buy_credits},
    Remedy{"credits", Failure::refused, buy_credits},
    Remedy{"client-forbidden", Failure::refused,
           "the app may not read: at console.x.com, put it into a project that pays per use"},
    Remedy{"unsupported-authentication", Failure::refused,
           "the credential is not the bearer token of an app: copy that one from console.x.com"},
    Remedy{"invalid-request", Failure::refused, bad_question},
};

/// Where the problem says nothing we know.
constexpr std::pair<int, Remedy> by_status[] = {
    {400, {"", Failure::refused, bad_question}},
    {401, {"", Failure::refused, "it does not accept the bearer token: make a new one at console.x.com"}},
    {402, {"", Failure::refused, buy_credits}},
    {403, {"", Failure::refused, "it refuses this app, or this machine's address"}},
};

const Remedy* remedy_of(const XProblem& problem, int status) {
  for (const auto& each : remedies)
    if (problem.title == each.sign || problem.kind == each.sign) return &each;
  for (const auto& [code, remedy] : by_status)
    if (code == status) return &remedy;
  return nullptr;
}

}  // namespace

XAccess::XAccess(const SourceSettings& source, int part)
    : token_(source.session ? source.session->credential : std::string{}),
      allowance_(std::clamp(source.spend_monthly.value_or(cents_if_not_told), 0, most_cents) * XPrices::cent / part) {}

Request XAccess::ask(const std::string& path, int cost) const {
  Request request(std::string(api) + path);
  request.bucket = "x";
  request.cost = cost;
  request.allowance = allowance_;
  request.headers.emplace_back("accept", "application/json");
  if (!token_.empty()) request.headers.emplace_back("authorization", "Bearer " + token_);
  return request;
}

int XAccess::page_size(int price, int least) const { return std::clamp(allowance_ / 10 / price, least, x_page_size); }

Result<XList> XAccess::read_list(const Answer& answer) const {
  if (token_.empty() || answer.status != 200) return failure(answer);
  auto list = read_x_list(answer.body);
  if (list) return list;
  if (!read_x_problem(answer.body).title.empty()) return failure(answer);  // an error that calls itself a success
  return Failure{list.error().code, host_of(answer.asked.url) + ": " + list.error().message};
}

std::string XAccess::said(const XProblem& problem) const {
  const auto& words = problem.detail.empty() ? problem.title : problem.detail;
  bool tells_secret = !token_.empty() && words.find(token_) != words.npos;
  return words.empty() || tells_secret ? std::string{} : fmt::format(" (\"{}\")", words);
}

Failure XAccess::failure(const Answer& answer) const {
  auto problem = read_x_problem(answer.body);
  auto host = host_of(answer.asked.url);
  Failure failure;
  if (token_.empty()) {
    failure = {Failure::refused, "X is asked with the bearer token of an app only: write it into the credential"};
  } else if (const auto* remedy = remedy_of(problem, answer.status)) {
    failure = {remedy->code, fmt::format("{} answered {}: {}{}", host, answer.status, remedy->advice, said(problem)),
               remedy->wait};
  } else {
    failure = standard_failure(answer);
    if (failure.code == Failure::throttled && !failure.retry_after) failure.retry_after = window;
  }
  failure.cost = 0;  // X charges for what it returns
  return failure;
}

}  // namespace campaignd
