#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "connectors/connector.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/text.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

const std::string channel = "UCallin_integration-0001";
constexpr sys_ms now(std::chrono::milliseconds(1'750'000'000'000));

std::string written(const Result<Page>& page) {
  return page ? boost::json::serialize(to_json(*page)) + page->cursor.position : page.error().message;
}

Result<Page> read_once(const Connector& connector, std::string_view body) {
  auto job = connector.discover({"v=2&marks=a0000000001%20a0000000002", "", ""});
  Answer answer{job->ask(now), 200, {}, std::string(body), now};
  return job->read(answer);
}

Result<Page> read_twice(const Connector& connector, std::string_view body) {
  auto page = read_once(connector, body);
  law(written(page) == written(read_once(connector, body)), "reading twice gives the same");
  return page;
}

bool is_plain(char c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-' || c == '_'; }

void check_feed(const Connector& connector, std::string_view body) {
  auto page = read_twice(connector, body);
  if (!page) return;
  law(!page->more, "a feed is one request");
  law(!page->joins_last || !page->since, "a page joins, or says how far it reaches back");
  for (const auto& each : page->found) {
    law(!each.local_id.empty() && std::ranges::all_of(each.local_id, is_plain), "a video has a plain id");
    law(each.post.author.key == channel, "a channel's videos are its own");
    law(is_valid_utf8(each.post.title) && is_valid_utf8(each.post.text), "text is UTF-8");
    law(each.counters.likes.value_or(1) > 0 && each.counters.views.value_or(0) >= 0, "nothing is counted below zero");
  }
}

void check_page(const Connector& connector, std::string_view body) {
  auto looked_up = read_twice(connector, body);
  if (!looked_up) return;
  law(looked_up->more && looked_up->found.empty(), "a look-up is followed by the feed");
  auto url = connector.discover(looked_up->cursor)->ask(now).url;
  law(url.find("/feeds/videos.xml?channel_id=UC") != std::string::npos,
      "a channel that was found is not looked up again");
}

/// What the server may say beside a body: a status, or another place.
void check_talk(const Connector& connector, std::string_view body) {
  auto job = connector.discover({});
  for (std::size_t requests = 0; !body.empty(); ++requests) {
    law(requests < 8, "a poll comes to its end");
    auto request = job->ask(now);
    law(request.url.starts_with("https://") && request.url.find("youtube.com") != std::string::npos,
        "only YouTube is asked");
    constexpr int statuses[] = {200, 301, 302, 304, 403, 404, 410, 429, 500, 503};
    auto status = statuses[static_cast<unsigned char>(body.front()) % std::size(statuses)];
    Answer answer{std::move(request), status, {{"location", std::string(body.substr(1))}}, std::string(body), now};
    auto page = job->read(answer);
    if (!page || !page->more) return;
  }
}

const std::string key = "AIza-0123456789-secret";

/// A conversation with a key: the input is split at its zero bytes into the answers, in the order of the requests; the
/// last one is given again and again.
struct Heard {
  std::map<std::string, int> videos;  ///< how often each was found
  std::size_t gone = 0, readings = 0;
  std::string all;  ///< everything that was said
};

Heard converse(std::unique_ptr<Job> job, std::string_view body, int status) {
  Heard heard;
  for (int requests = 0;; ++requests) {
    law(requests < 100, "a job comes to its end");
    auto request = job->ask(now);
    law(request.url.starts_with("https://www.googleapis.com/youtube/v3/"), "only the API is asked");
    law(request.url.find(key) == std::string::npos, "the key is in no address");
    law(header(request.headers, "x-goog-api-key") == key && !request.follows_redirects, "the key goes to one host");
    auto end = std::min(body.find('\0'), body.size());
    Answer answer{std::move(request), requests == 0 ? status : 200, {}, std::string(body.substr(0, end)), now};
    if (end < body.size()) body.remove_prefix(end + 1);
    auto page = job->read(answer);
    heard.all += written(page);
    if (!page) {
      law(!page.error().message.empty() && is_valid_utf8(page.error().message), "a failure has a sentence");
      law(page.error().message.find(key) == std::string::npos, "a failure does not tell the key");
      auto most = std::chrono::hours(25);
      law(page.error().retry_after.value_or(most) <= most, "nothing waits longer than for the next midnight");
      return heard;
    }
    for (const auto& each : page->found) {
      law(std::ranges::all_of(each.local_id, is_plain) && !each.local_id.empty(), "a video has a plain id");
      law(each.post.author.key.starts_with("UC") && each.measurable, "a video has a channel, and can be read again");
      law(++heard.videos[each.local_id] == 1, "a poll finds a video once");
      law(is_valid_utf8(each.post.title) && is_valid_utf8(each.post.text), "text is UTF-8");
    }
    law(!page->joins_last || !page->since, "a page joins, or says how far it reaches back");
    heard.gone += page->gone.size();
    heard.readings += page->readings.size();
    if (!page->more) return heard;
  }
}

void check_api(std::string_view body, int status) {
  SourceSettings source;
  source.session = std::make_shared<Session>(Session{.credential = key});
  source.backfill_pages = 20;
  auto account = source;
  source.tags = {"AllIn"};
  source.query = "all in";
  account.account = "@most";
  const auto* platform = find_platform("youtube");
  std::vector<PostRef> posts{{1, "youtube.com", "a0000000001", ""}, {2, "youtube.com", "a0000000002", ""}};
  const auto searching = platform->make(source), uploads = platform->make(account);
  auto jobs = [&] {
    std::vector<std::unique_ptr<Job>> out;
    out.push_back(searching->discover({}));
    out.push_back(uploads->discover({}));
    out.push_back(searching->measure(posts));
    return out;
  };
  auto first = jobs(), second = jobs();
  for (std::size_t i = 0; i < first.size(); ++i) {
    auto heard = converse(std::move(first[i]), body, status);
    law(heard.all == converse(std::move(second[i]), body, status).all, "reading twice gives the same");
    law(heard.gone + heard.readings <= posts.size(), "a post is there, or gone, or neither");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto by_id = find_platform("youtube")->make({.account = channel});
  static const auto by_handle = find_platform("youtube")->make({.account = "@most"});
  auto body = text_of(data, size);
  check_feed(*by_id, body);
  check_page(*by_handle, body);
  check_talk(*by_id, body);
  check_talk(*by_handle, body);
  constexpr int statuses[] = {200, 200, 400, 403, 429};
  check_api(body, statuses[size % std::size(statuses)]);
  return 0;
}
