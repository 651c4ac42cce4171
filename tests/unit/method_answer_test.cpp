// What the API says of the figures' worth: as the sheet of the method, but nothing is withheld from this machine.
#include <boost/json.hpp>

#include "daemon/report/withheld.hpp"
#include "daemon/serve/method.hpp"
#include "daemon/serve/respond.hpp"
#include "daemon/store/embedded.hpp"
#include "tests/unit/roster.hpp"

using namespace campaignd;
using namespace campaignd::test;
namespace json = boost::json;

namespace {

void add_posts(World& world, const std::string& name, int posts, bool is_bot, std::optional<std::int64_t> followers) {
  for (int i = 0; i < posts; ++i) {
    auto own = name + std::to_string(i);
    auto fact = make_fact(own, own, campaign_morning + i * 1min);
    fact.author.bot = is_bot;
    fact.author.followers = followers;
    world.see({fact}, a_month_later);
  }
}

json::object method_of(const Roster& world, bool is_published = false) {
  store::Database db(world.file, store::Access::read);
  report::Scope scope{db, world.config.campaign, world.edition(), world.whole(), a_month_later};
  scope.is_published = is_published;
  return serve::method(scope);
}

std::int64_t whole(const json::value& value) { return value.to_number<std::int64_t>(); }

}  // namespace

TEST_CASE("the API tells on whom the mentions rest with and without two declared bots", "[method]") {
  Roster world;
  world.read_all();
  add_posts(world, "person", 6, false, 100);
  add_posts(world, "machine", 2, true, 100);
  auto answer = method_of(world);
  const auto& all = answer.at("concentration").at("all");
  CHECK(whole(all.at("posts")) == 8);
  CHECK(whole(all.at("accounts")) == 8);
  CHECK(whole(all.at("posts_of_top_five")) == 5);
  CHECK(all.at("share_of_top_five").as_double() == Approx(0.625));
  CHECK(whole(answer.at("concentration").at("without_bots").at("posts")) == 6);
  CHECK(whole(answer.at("figures").at("M-17").at("value")) == 2);
}

TEST_CASE("every figure of the method has its name, its definition and a reason where it is unknown", "[method]") {
  Roster world;
  world.read_all();
  add_posts(world, "person", 3, false, 100);
  auto answer = method_of(world);
  const auto& figures = answer.at("figures").as_object();
  for (const char* id : {"M-01-opted-out", "M-05", "M-06-youtube", "M-07-gained", "M-07-growth", "M-08", "M-10", "M-11",
                         "M-15", "M-16", "M-17"})
    CHECK(figures.contains(id));
  for (const auto& [id, figure] : figures) {
    INFO(std::string(id));
    CHECK(figure.at("definition") == json::value(id));
    CHECK(figure.at("name") == json::value(store::metric(std::string(id)).name));
    CHECK((figure.at("status") != json::value("unknown") || figure.at("reason").is_string()));
  }
}

TEST_CASE("impressions are a range, without an upper end where a follower figure is missing", "[method]") {
  Roster world;
  world.read_all();
  add_posts(world, "known", 2, false, 500);
  auto told = method_of(world).at("actual_impressions");
  CHECK(told.at("value").is_null());
  CHECK(whole(told.at("low")) == 10);
  CHECK(whole(told.at("high")) == 200);
  add_posts(world, "unknown", 1, false, std::nullopt);
  told = method_of(world).at("actual_impressions");
  CHECK(whole(told.at("low")) == 10);
  CHECK(told.at("high").is_null());
  CHECK(whole(told.at("high_known")) == 200);
}

TEST_CASE("the method of what nobody has read has no concentration, and as of the past only what was there",
          "[method]") {
  Roster world;
  CHECK(method_of(world).at("concentration").is_null());
  world.read_all();
  add_posts(world, "person", 3, false, 100);
  store::Database db(world.file, store::Access::read);
  serve::Facts facts;
  facts.config = std::make_shared<const Config>(world.config);
  facts.now = a_month_later + 24h;
  auto mentions = [&](const std::string& parameters) {
    serve::Query query;
    query.path = "/api/v1/method";
    query.target = query.path + parameters;
    auto response = serve::respond(query, db, facts);
    REQUIRE(response.status == 200);
    return json::parse(response.body).at("mentions").at("value");
  };
  CHECK(mentions("?edition=2025&scope=edition") == json::value(3));
  CHECK(mentions("?edition=2025&scope=edition&as_of=2025-07-01") != json::value(3));
}

TEST_CASE("openapi.yaml lists every path of the port, but the page's own", "[serve]") {
  auto listed = embedded("openapi.yaml");
  for (const auto& route : serve::routes()) {
    auto path = std::string(route.path);
    if (path == "/" || path == "/web/" || path == "/openapi.yaml") continue;
    INFO(path);
    CHECK(listed.find(path == "/report/" ? "\n  /report/{sheet}.csv:" : "\n  " + path + ":") != listed.npos);
  }
}

namespace {

/// What the port answers, on this machine or to others.
std::string body_of(const Roster& world, const std::string& path, bool local) {
  store::Database db(world.file, store::Access::read);
  serve::Facts facts;
  facts.config = std::make_shared<const Config>(world.config);
  facts.now = a_month_later;
  facts.local = local;
  auto response = serve::respond({path, path + "?scope=edition", {}}, db, facts);
  REQUIRE(response.status == 200);
  return response.body;
}

json::object answer_of(const Roster& world, const std::string& path, bool local) {
  return json::parse(body_of(world, path, local)).as_object();
}

}  // namespace

TEST_CASE("P-08 what others than this machine read tells no figure behind which one or two people stand", "[method]") {
  Roster world;
  world.read_all();
  add_posts(world, "person", 6, false, 100);
  add_posts(world, "machine", 2, true, 100);
  for (const char* name : {"sky1", "sky2"}) {
    auto fact = make_fact(name, name, campaign_morning);
    fact.platform = fact.network = "bluesky";
    world.see({fact}, a_month_later);
  }
  world.post("used@social.example", "#AllIn");
  auto published = method_of(world, true);
  CHECK(published.at("concentration").at("without_bots").is_null());
  CHECK(published.at("figures").at("M-17").at("value").is_null());
  CHECK(published.at("figures").at("M-17").at("reason") == json::value(report::withheld_reason));
  auto mentions = [&](bool local) {
    std::map<std::string, bool> known;
    auto summary = answer_of(world, "/api/v1/summary", local);
    for (const auto& each : summary.at("platforms").as_array())
      known[std::string(each.at("platform").as_string())] = !each.at("mentions").at("value").is_null();
    return known;
  };
  CHECK(mentions(true).at("bluesky"));
  CHECK_FALSE(mentions(false).at("bluesky"));
  CHECK_FALSE(mentions(false).at("mastodon"));  // or it follows from the total
  auto drawn = [&](bool local) {
    std::int64_t sum = 0;
    auto timeline = answer_of(world, "/api/v1/timeline", local);
    for (const auto& series : timeline.at("series").as_array())
      for (const auto& value : series.at("mentions").as_array())
        if (value.is_int64()) sum += value.as_int64();
    return sum;
  };
  CHECK(drawn(true) == 11);
  CHECK(drawn(false) == 0);
  CHECK(body_of(world, "/api/v1/timeline", false).find(R"("withheld")") != std::string::npos);
  CHECK(body_of(world, "/api/v1/timeline", true).find(R"("withheld")") == std::string::npos);
  CHECK(body_of(world, "/metrics", true).find("platform=\"bluesky\"") != std::string::npos);
  CHECK(body_of(world, "/metrics", false).find("platform=\"bluesky\"") == std::string::npos);
  auto posts = [&](bool local) { return answer_of(world, "/api/v1/posts", local).at("posts").as_array().size(); };
  CHECK(posts(true) == 11U);
  CHECK(posts(false) == 1U);  // the organisation's
}
