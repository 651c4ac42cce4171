// How far the figures of an edition have come, and the days that say so.
#include "daemon/report/standing.hpp"

#include <catch2/catch.hpp>

#include "daemon/serve/respond.hpp"
#include "tests/unit/roster.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;
using report::standing_of;

namespace {

std::string edition_of_2027(const std::string& more) {
  return R"([campaign]
id = "c"
name = "C"
zone = "Europe/Warsaw"
[[term]]
id = "tag"
class = "hashtag"
text = "AllIn"
[[edition]]
id = "2027"
day = 2027-06-20
from = 2027-01-01
until = 2028-01-01
)" + more;
}

struct Loaded {
  TempDir dir;
  Config config;
  explicit Loaded(const std::string& more = "") : config(load(dir, edition_of_2027(more))) {}
  const Edition& edition() const { return config.campaign.editions.front(); }
  report::Standing at(const char* now, std::optional<store::SealTimes> sealed = {}, const std::string& why = "") const {
    return standing_of(config.campaign, edition(), utc(now), sealed, why);
  }
};

}  // namespace

TEST_CASE("figures are preliminary on the morning after, and final two weeks behind the day", "[standing]") {
  Loaded usual;
  CHECK(shown(usual.edition().preliminary_at) == "2027-06-21T06:00:00.000Z");
  CHECK(shown(usual.edition().final_at) == "2027-07-03T22:00:00.000Z");
  Loaded own("preliminary = 2027-06-23\nfinal = 2027-07-11\n");
  CHECK(shown(own.edition().preliminary_at) == "2027-06-23T06:00:00.000Z");
  CHECK(shown(own.edition().final_at) == "2027-07-10T22:00:00.000Z");
}

TEST_CASE("eight in the morning is that on the clock, whatever the clocks do that night", "[standing]") {
  auto before = day_start("Europe/Warsaw", 2027, 10, 31, 8h), after = day_start("Europe/Warsaw", 2027, 3, 28, 8h);
  CHECK(shown(before) == "2027-10-31T07:00:00.000Z");
  CHECK(shown(after) == "2027-03-28T06:00:00.000Z");
}

TEST_CASE("each standing has its word and its sentence", "[standing]") {
  Loaded world;
  auto running = world.at("2027-06-21T05:59:59Z");
  CHECK(running.word == "running");
  CHECK(running.sentence == "running; preliminary on 21 June 2027, final on 4 July 2027");
  auto preliminary = world.at("2027-06-21T06:00:00Z");
  CHECK(preliminary.word == "preliminary");
  CHECK(preliminary.sentence == "preliminary, figures still rise; final on 4 July 2027");
  store::SealTimes sealed{utc("2027-07-04T07:00:00Z"), utc("2027-07-03T22:00:00Z")};
  auto final_one = world.at("2027-07-05T00:00:00Z", sealed);
  CHECK(final_one.word == "final");
  CHECK(final_one.sentence == "final: sealed on 4 July 2027, as of 2027-07-03T22:00:00.000Z");
}

TEST_CASE("what was to be final and is not sealed stays preliminary and says why", "[standing]") {
  Loaded world;
  auto late = world.at("2027-07-05T00:00:00Z", {}, "nothing is covered: no source was read");
  CHECK(late.word == "preliminary");
  CHECK(late.sentence ==
        "preliminary, was to be final on 4 July 2027; not sealed yet: nothing is covered: no source was read");
  store::SealTimes early{utc("2027-07-01T07:00:00Z"), utc("2027-07-01T07:00:00Z")};
  CHECK(world.at("2027-07-05T00:00:00Z", early).word == "preliminary");
}

TEST_CASE("a sheet's table says the standing once, under its rows", "[standing]") {
  Roster world;
  world.read_all();
  auto sheet = world.sheet("summary");
  CHECK(sheet.standing.starts_with("preliminary, was to be final on 4 July 2025; not sealed yet"));
  auto table = report::to_table(sheet, report::Cells::whole);
  CHECK(table.find("Standing: " + sheet.standing + ".") != std::string::npos);
}

TEST_CASE("an answer says what the daemon found to object, and looks for nothing itself", "[standing]") {
  Roster world;
  world.read_all();
  store::Database db(world.file, store::Access::read);
  serve::Facts facts;
  facts.config = std::make_shared<const Config>(world.config);
  facts.now = a_month_later;
  auto sentence = [&] {
    serve::Query query;
    query.path = "/api/v1/summary";
    query.target = "/api/v1/summary?edition=2025";
    return serve::respond(query, db, facts).body;
  };
  CHECK(sentence().find("not sealed yet\"") != std::string::npos);
  facts.objections["2025"] = "nothing is covered";
  CHECK(sentence().find("not sealed yet: nothing is covered\"") != std::string::npos);
}
