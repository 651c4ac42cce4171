// What every connector keeps to, over every fixture: tests/fixtures/<platform>/<case>/{answer.json|xml|html,
// expected.json}; source.json there, or a level above, says what asks for it where that is no visitor with a tag, and
// first.json and last.json are what is answered before and after.
#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <set>

#include "connectors/connector.hpp"
#include "connectors/reading/json_out.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms received = utc("2025-06-21T00:00:00Z");

struct Fixture {
  const Platform* platform;
  std::string name, body;
  boost::json::value expected;
  SourceSettings source;
  std::string first, last;  ///< what is answered before and after `body`, where a page takes more than one request
};

/// What a platform's source.json, or a case's, says of the source that asks: where the answer is not one to a visitor
/// who asks a server for a tag.
void specify(SourceSettings& source, const std::filesystem::path& folder) {
  auto file = folder / "source.json";
  if (!std::filesystem::exists(file)) return;
  auto said = boost::json::parse(read_file(file)).as_object();
  auto text = [&](const char* key) {
    auto* value = said.if_contains(key);
    return value == nullptr ? std::string() : std::string(value->as_string());
  };
  for (auto [key, field] : {std::pair("account", &source.account), std::pair("engine", &source.engine),
                            std::pair("url", &source.url), std::pair("host", &source.host)})
    if (said.contains(key)) *field = text(key);
  if (!said.contains("credential")) return;
  source.session = std::make_shared<Session>();
  source.session->credential = text("credential");
  source.session->token = text("token");
  source.session->valid_until = sys_ms::max();
}

SourceSettings settings(const Platform& platform, const std::string& name = {}) {
  SourceSettings out;
  out.host = "social.example";
  out.tags = {"AllIn"};
  out.query = "AllIn";
  out.url = "https://feeds.example/feed.xml";
  if (platform.name == "mediacloud") out.url = "https://search.mediacloud.org/collections/34412234";
  out.floor = utc("2025-01-01T00:00:00Z");
  auto folder = std::filesystem::path(TEST_FIXTURES) / platform.name;
  specify(out, folder);
  if (!name.empty()) specify(out, folder / name);
  return out;
}

std::string file_or_nothing(const std::filesystem::path& file) {
  return std::filesystem::exists(file) ? read_file(file) : std::string{};
}

std::vector<Fixture> fixtures() {
  std::vector<Fixture> out;
  for (const auto& platform : platforms()) {
    auto folder = std::filesystem::path(TEST_FIXTURES) / platform.name;
    if (!std::filesystem::is_directory(folder)) continue;
    for (const auto& each : std::filesystem::directory_iterator(folder))
      for (const char* answer : {"answer.json", "answer.xml", "answer.html"})
        if (std::filesystem::exists(each.path() / answer) && std::filesystem::exists(each.path() / "expected.json"))
          out.push_back({&platform, std::string(platform.name) + "/" + each.path().filename().string(),
                         read_file(each.path() / answer), boost::json::parse(read_file(each.path() / "expected.json")),
                         settings(platform, each.path().filename().string()),
                         file_or_nothing(each.path() / "first.json"), file_or_nothing(each.path() / "last.json")});
  }
  return out;
}

/// The body as the answer to a first poll; a platform that asks what the server runs first hears that nobody knows.
Result<Page> read_body(const Fixture& fixture, const std::string& body) {
  auto source = fixture.source;
  if (source.session) source.session = std::make_shared<Session>(*source.session);  // what is learnt stays in it
  auto job = fixture.platform->make(source)->discover({});
  auto request = job->ask(received);
  if (request.url.ends_with("/.well-known/nodeinfo")) {
    auto unknown = job->read(reply(request, 404, "", received));
    REQUIRE(unknown.has_value());
    request = job->ask(received);
  }
  if (!fixture.first.empty()) {
    auto first = job->read(reply(request, 200, fixture.first, received));
    REQUIRE((first.has_value() && first->more));
    request = job->ask(received);
  }
  auto page = job->read(reply(request, 200, body, received));
  if (!page || !page->more || fixture.last.empty()) return page;
  request = job->ask(received);
  return job->read(reply(request, 200, fixture.last, received));
}

Page page_of(const Fixture& fixture) {
  auto page = read_body(fixture, fixture.body);
  REQUIRE(page.has_value());
  return *page;
}

/// All that is read of a post, what is matched and never stored included.
std::string whole(const Finding& finding) {
  return boost::json::serialize(to_json(finding)) + finding.post.title + "|" + finding.post.text + "|" +
         finding.post.alt_text;
}

}  // namespace

TEST_CASE("every platform has at least three fixtures", "[laws]") {
  auto all = fixtures();
  for (const auto& platform : platforms()) {
    INFO(platform.name);
    CHECK(std::ranges::count(all, &platform, &Fixture::platform) >= 3);
  }
}

TEST_CASE("a recorded answer is read as the page it stands for", "[laws]") {
  for (const auto& fixture : fixtures()) {
    boost::json::value page = to_json(page_of(fixture));
    INFO(fixture.name << ": " << boost::json::serialize(page));
    bool as_expected = page == fixture.expected;
    CHECK(as_expected);
  }
}

TEST_CASE("ids are there, and no two posts of a page share one", "[laws]") {
  for (const auto& fixture : fixtures()) {
    INFO(fixture.name);
    auto page = page_of(fixture);
    std::set<std::string> local, uris;
    for (const auto& each : page.found) {
      CHECK_FALSE(each.local_id.empty());
      CHECK_FALSE(each.post.uri.empty());
      CHECK_FALSE(each.post.host.empty());
      CHECK_FALSE(each.post.author.key.empty());
      // A copy that a bridge carried is its original, of another platform.
      CHECK((each.post.platform == fixture.platform->name || !each.post.bridge.empty()));
      local.insert(each.local_id);
      uris.insert(each.post.uri);
    }
    CHECK(local.size() == page.found.size());
    CHECK(uris.size() == page.found.size());
  }
}

TEST_CASE("times lie between the first website and the answer", "[laws]") {
  for (const auto& fixture : fixtures()) {
    INFO(fixture.name);
    for (const auto& each : page_of(fixture).found) {
      auto published = each.post.published.value_or(received);
      bool plausible = published > utc("1991-08-06T00:00:00Z") && published <= received;
      CHECK(plausible);
    }
  }
}

TEST_CASE("a platform gives no counter its contract does not name", "[laws]") {
  for (const auto& fixture : fixtures()) {
    INFO(fixture.name);
    auto gives = [&](std::string_view name) {
      return fixture.platform->contract.counters.find(name) != std::string_view::npos;
    };
    for (const auto& each : page_of(fixture).found) {
      CHECK((gives("likes") || !each.counters.likes));
      CHECK((gives("reposts") || !each.counters.reposts));
      CHECK((gives("quotes") || !each.counters.quotes));
      CHECK((gives("replies") || !each.counters.replies));
      CHECK((gives("views") || !each.counters.views));
    }
  }
}

TEST_CASE("reading an answer twice gives the same", "[laws]") {
  for (const auto& fixture : fixtures()) {
    INFO(fixture.name);
    auto first = page_of(fixture);
    auto second = page_of(fixture);
    REQUIRE(first.found.size() == second.found.size());
    for (std::size_t i = 0; i < first.found.size(); ++i) CHECK(whole(first.found[i]) == whole(second.found[i]));
    CHECK(first.cursor == second.cursor);
    CHECK(first.more == second.more);
  }
}

TEST_CASE("a body that broke off anywhere is malformed, or its posts are among the whole one's", "[laws]") {
  for (const auto& fixture : fixtures()) {
    std::set<std::string> known;
    for (const auto& each : page_of(fixture).found) known.insert(whole(each));
    std::size_t broken_at = std::string::npos;
    std::string broken;
    for (std::size_t size = 0; size < fixture.body.size() && broken_at == std::string::npos; ++size) {
      auto page = read_body(fixture, fixture.body.substr(0, size));
      if (!page) {
        if (page.error().code != Failure::malformed) broken_at = size;
        continue;
      }
      for (const auto& each : page->found)
        if (!known.contains(whole(each))) broken_at = size, broken = whole(each);
    }
    INFO(fixture.name << " cut at " << broken_at << ": " << broken);
    CHECK(broken_at == std::string::npos);
  }
}

TEST_CASE("a platform is found by its name, and an unknown name is no platform", "[laws]") {
  for (const auto& platform : platforms()) {
    CHECK(find_platform(platform.name) == &platform);
    CHECK(platform.contract.name == platform.name);
    CHECK_FALSE(platform.contract.budgets.empty());
    CHECK_FALSE(platform.contract.blind.empty());
  }
  CHECK(find_platform("myspace") == nullptr);
}

TEST_CASE("every request spends a budget its contract has", "[laws]") {
  for (const auto& platform : platforms()) {
    INFO(platform.name);
    auto request = platform.make(settings(platform))->discover({})->ask(received);
    auto bucket_is_known = [&](const Budget& budget) { return budget.bucket == request.bucket; };
    CHECK(std::ranges::any_of(platform.contract.budgets, bucket_is_known));
    CHECK(request.cost >= 1);
    CHECK(request.url.starts_with("https://"));
  }
}
