#include <boost/json.hpp>

#include "connectors/connector.hpp"
#include "connectors/reading/event_stream.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/text.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

std::string written(const Result<Page>& page) {
  return page ? boost::json::serialize(to_json(*page)) + page->cursor.position : page.error().message;
}

/// Resumed in the middle: forward paging, as most polls are.
const std::string resumed = "newest=100&oldest=&pages=1&local=0&rescanned=9000000000000&asked=9000000000000&software=";
const std::string account = "a@a.example";

Result<Page> read_once(const Connector& connector, const std::string& position, std::string_view body) {
  auto job = connector.discover({position, "", ""});
  Answer answer{job->ask(sys_ms(std::chrono::milliseconds(1))), 200, {}, std::string(body), {}};
  return job->read(answer);
}

Result<Page> read_twice(const Connector& connector, const std::string& position, std::string_view body) {
  auto page = read_once(connector, position, body);
  law(written(page) == written(read_once(connector, position, body)), "reading twice gives the same");
  return page;
}

void hold_to_the_laws(const Result<Page>& page) {
  if (!page) return;
  for (const auto& each : page->found) {
    law(!each.local_id.empty() && !each.post.uri.empty(), "a post has an id and an identity");
    law(is_valid_utf8(each.post.text) && is_valid_utf8(each.post.author.key), "text is UTF-8");
    for (auto count : {each.counters.likes, each.counters.reposts, each.counters.quotes, each.counters.replies})
      law(!count || *count >= 0, "a counter is not negative");
  }
  if (page->more) law(page->cursor.position.find("newest=100&") == std::string::npos, "asking again moves forward");
}

/// Whatever a server answers, a measurement ends, and says of each post one thing at most.
void measure_once(const Connector& connector, int status, std::string_view body) {
  std::vector<PostRef> posts{{1, "a.example", "7", "https://a.example/users/a/statuses/7"},
                             {2, "a.example", "https://a.example/objects/2", "https://a.example/objects/2"}};
  auto job = connector.measure(posts);
  std::size_t said = 0;
  for (int requests = 1;; ++requests) {
    Answer answer{job->ask(sys_ms(std::chrono::milliseconds(1))), status, {}, std::string(body), {}};
    auto page = job->read(answer);
    if (!page) return;
    said += page->readings.size() + page->gone.size();
    law(said <= posts.size(), "of each post one thing is said");
    law(requests < 9, "a measurement ends");
    if (!page->more) return;
  }
}

/// Events are the same however their bytes come in.
void stream_in_pieces(std::string_view body) {
  auto said = [](const std::vector<EventStream::Event>& events) {
    std::string out;
    for (const auto& each : events) out += each.name + "=" + each.data + "\n";
    return out;
  };
  EventStream whole, pieces;
  auto expected = said(whole.read(body)), heard = std::string();
  for (std::size_t at = 0, size = 1; at < body.size(); at += size, size = size % 7 + 1)
    heard += said(pieces.read(body.substr(at, size)));
  law(heard == expected, "pieces of a stream are the stream");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto tag = find_platform("mastodon")->make({.host = "a.example", .tags = {"t"}});
  static const auto partner = find_platform("mastodon")->make({.host = "a.example", .account = account});
  auto body = text_of(data, size);
  hold_to_the_laws(read_twice(*tag, resumed, body));

  measure_once(*tag, one_of(body, {200, 404, 401, 410}), body);
  stream_in_pieces(body);

  auto posts = read_twice(*partner, resumed + "&account=7&looked=9000000000000", body);
  hold_to_the_laws(posts);
  if (posts)
    for (const auto& each : posts->found) law(each.post.author.key == account, "an account's posts are its own");

  auto looked_up = read_twice(*partner, resumed, body);
  if (!looked_up) return 0;
  law(looked_up->more && looked_up->found.empty(), "a look-up is followed by the posts");
  if (position_text(looked_up->cursor.position, "account").empty()) return 0;  // it is looked for elsewhere
  auto job = partner->discover(looked_up->cursor);
  auto next = job->ask(sys_ms(std::chrono::milliseconds(2))).url;
  law(next.find("/statuses?limit=40") != std::string::npos, "an account that was found is not looked up again");
  return 0;
}
