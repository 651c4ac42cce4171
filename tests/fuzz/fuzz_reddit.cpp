#include <boost/json.hpp>

#include "connectors/connector.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/text.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

constexpr sys_ms now(std::chrono::milliseconds(1'750'000'000'000));
constexpr std::string_view secret = "S3CR3T-OF-THE-APP";

std::shared_ptr<Session> session(bool with_token) {
  return std::make_shared<Session>(Session{.credential = "id:" + std::string(secret) + ":name",
                                           .token = with_token ? "T0K3N" : "",
                                           .valid_until = sys_ms::max()});
}

std::unique_ptr<Connector> reddit(bool with_token) {
  return find_platform("reddit")->make({.query = "all in", .session = session(with_token)});
}

std::string written(const Result<Page>& page) {
  return page ? boost::json::serialize(to_json(*page)) + page->cursor.position : page.error().message;
}

Result<Page> read_once(bool measure, int status, std::string_view body) {
  auto connector = reddit(true);
  auto job = measure ? connector->measure({PostRef{.post = 1, .local_id = "t3_a"}, PostRef{.local_id = "t3_b"}})
                     : connector->discover({});
  Answer answer{job->ask(now), status, {}, std::string(body), now};
  return job->read(answer);
}

void check_page(bool measure, int status, std::string_view body) {
  auto page = read_once(measure, status, body);
  law(written(page) == written(read_once(measure, status, body)), "reading twice gives the same");
  if (!page) {
    law(!page.error().message.empty() && is_valid_utf8(page.error().message), "a failure has a sentence");
    return;
  }
  law(status == 200 || (status == 401 && page->more), "only a 200 holds posts");
  for (const auto& each : page->found) {
    law(each.local_id.starts_with("t3_") && !each.post.author.key.empty(), "a post has its names");
    law(each.post.author.key != "[deleted]", "what its author deleted is not read");
    law(is_valid_utf8(each.post.title) && is_valid_utf8(each.post.text), "text is UTF-8");
    law(each.counters.likes.value_or(0) >= 0, "no counter is negative");
  }
  law(page->readings.size() + page->gone.size() <= 2, "two posts are measured once each");
}

/// Whatever is said again and again, from the token on, a poll ends, and says nothing of the key.
void check_end(std::string_view body) {
  auto connector = reddit(false);
  auto job = connector->discover({});
  for (int requests = 0;; ++requests) {
    law(requests <= 30, "a poll comes to its end");
    auto request = job->ask(now);
    law(request.url.find(secret) == std::string::npos && request.body.find(secret) == std::string::npos,
        "the key goes in a header");
    auto page = job->read(Answer{request, 200, {}, std::string(body), now});
    law(written(page).find(secret) == std::string::npos, "the key is in no message and no page");
    if (!page || !page->more) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto body = text_of(data, size);
  int status = one_of(body, {200, 200, 401, 403, 429});
  switch (one_of(body, {0, 1, 2, 3})) {
    case 0: check_end(body); break;
    case 1: check_page(true, status, body); break;
    default: check_page(false, status, body);
  }
  return 0;
}
