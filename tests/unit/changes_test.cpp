// What was configured when: every difference is a dated row, and nothing else is.
#include <catch2/catch.hpp>

#include "tests/unit/roster.hpp"

using namespace campaignd;
using namespace campaignd::test;
using report::Cell;

namespace {

const std::string one_partner = R"([[partner]]
id = "ngo"
name = "An Organisation"
country = "PL"
accounts = ["mastodon:ngo@social.example"]
)";

/// A store that is told of one configuration after another.
struct History : World {
  void say(const std::string& partners, sys_ms now) {
    books.note_settings(load(dir, roster_head + partners).written, now);
  }
  struct Row {
    std::string at, what, reason;
    std::optional<std::string> old, fresh;
  };
  std::vector<Row> rows() const {
    std::vector<Row> out;
    store::Database db(file, store::Access::read);
    for (store::Query query(db, "SELECT at_utc, what, old, new, reason FROM change ORDER BY id"); query.next();)
      out.push_back({shown(query.time(0)), query.text(1), query.text(4), query.maybe_text(2), query.maybe_text(3)});
    return out;
  }
  /// The rows since the first read, which is checked.
  std::vector<Row> since_first() const {
    auto out = rows();
    REQUIRE_FALSE(out.empty());
    CHECK(out.front().reason == "first read");
    out.erase(out.begin());
    return out;
  }
};

const sys_ms first_day = utc("2025-05-01T08:00:00Z");
const sys_ms second_day = utc("2025-05-02T08:00:00Z");

}  // namespace

TEST_CASE("the first configuration is one row, and the same again none", "[changes]") {
  History world;
  world.say(one_partner, first_day);
  auto rows = world.rows();
  REQUIRE(rows.size() == 1U);
  CHECK(rows[0].what == "configuration");
  CHECK(rows[0].reason == "first read");
  CHECK(rows[0].fresh == "6 entries");  // campaign, edition, two terms, source, partner
  CHECK_FALSE(rows[0].old.has_value());
  CHECK(rows[0].at == shown(first_day));
  world.say(one_partner, second_day);
  CHECK(world.rows().size() == 1U);
  world.say("# with a comment\n" + one_partner + "\n\n", second_day);
  CHECK(world.rows().size() == 1U);
}

TEST_CASE("a changed key is one row with what it was and what it is", "[changes]") {
  History world;
  world.say(one_partner, first_day);
  auto changed = one_partner;
  changed.replace(changed.find("\"PL\""), 4, "\"BG\"");
  world.say(changed, second_day);
  auto rows = world.since_first();
  REQUIRE(rows.size() == 1U);
  CHECK(rows[0].what == "partner ngo: country");
  CHECK(rows[0].old == "\"PL\"");
  CHECK(rows[0].fresh == "\"BG\"");
  CHECK(rows[0].reason == "configuration changed");
  CHECK(rows[0].at == shown(second_day));
}

TEST_CASE("a key that comes and one that goes are a row each, empty on one side", "[changes]") {
  History world;
  world.say(one_partner, first_day);
  auto changed = one_partner + "type = \"NGO\"\n";
  changed.erase(changed.find("country"), std::string("country = \"PL\"\n").size());
  world.say(changed, second_day);
  auto rows = world.since_first();
  REQUIRE(rows.size() == 2U);
  CHECK(rows[0].what == "partner ngo: country");
  CHECK(rows[0].old == "\"PL\"");
  CHECK_FALSE(rows[0].fresh.has_value());
  CHECK(rows[1].what == "partner ngo: type");
  CHECK_FALSE(rows[1].old.has_value());
  CHECK(rows[1].fresh == "\"NGO\"");
}

TEST_CASE("an added and a removed entry are one row each, told whole", "[changes]") {
  History world;
  world.say(one_partner, first_day);
  world.say("[[partner]]\nid = \"other\"\nname = \"Another\"\nsites = [\"https://other.example\"]\n", second_day);
  auto rows = world.since_first();
  REQUIRE(rows.size() == 2U);
  CHECK(rows[0].what == "partner other");
  CHECK_FALSE(rows[0].old.has_value());
  CHECK(rows[0].fresh == "name = \"Another\", sites = [\"https://other.example\"]");
  CHECK(rows[0].reason == "added to the configuration");
  CHECK(rows[1].what == "partner ngo");
  CHECK(rows[1].old == "accounts = [\"mastodon:ngo@social.example\"], country = \"PL\", name = \"An Organisation\"");
  CHECK_FALSE(rows[1].fresh.has_value());
  CHECK(rows[1].reason == "taken out of the configuration");
  world.say(one_partner, second_day + 1h);
  CHECK(world.since_first().size() == 4U);
}

TEST_CASE("there and back are two rows, each against what was before", "[changes]") {
  History world;
  world.say(one_partner, first_day);
  world.say(one_partner + "role = \"lead\"\n", second_day);
  world.say(one_partner, second_day + 1h);
  auto rows = world.since_first();
  REQUIRE(rows.size() == 2U);
  CHECK(rows[0].fresh == "\"lead\"");
  CHECK(rows[1].old == "\"lead\"");
  CHECK_FALSE(rows[1].fresh.has_value());
}

TEST_CASE("the sheet of changes shows them in order of time", "[changes]") {
  Roster world(one_partner);
  world.books.note_settings(world.config.written, first_day);
  world.books.note_settings(load(world.dir, roster_head).written, second_day);
  auto sheet = world.sheet("changes");
  REQUIRE(sheet.rows.size() == 2U);
  CHECK(sheet.rows[0].at(0) == Cell(format_utc(first_day)));
  CHECK(sheet.rows[0].at(2) == Cell());
  CHECK(sheet.rows[1].at(1) == Cell("partner ngo"));
  CHECK(sheet.rows[1].at(3) == Cell());
  CHECK(sheet.rows[1].at(4) == Cell("taken out of the configuration"));
}

TEST_CASE("changes tell nothing of the people whose posts came meanwhile", "[changes]") {
  Roster world(one_partner);
  world.read_all();
  world.books.note_settings(world.config.written, first_day);
  // One post, told under two names by two servers that learn of each other late: its rows are merged.
  auto finding = make_finding("1", "ala@home.example", campaign_morning);
  finding.post.text = "Secret words #AllIn";
  auto other = finding;
  other.post.uri = "https://bridge.example/posts/1";
  auto both = finding;
  both.post.aliases = {other.post.uri};
  for (const auto& each : {finding, other, both})
    world.see(world.gate.admit({each}, mastodon_contract, a_month_later).facts, a_month_later);
  REQUIRE(world.ask("SELECT count(*) FROM change WHERE what = 'merge'") == 1);
  CHECK(world.ask("SELECT count(*) FROM change") == 2);
  auto told = report::to_csv(world.sheet("changes"));
  for (const char* word : {"ala", "home.example", "bridge.example", "Secret", "https://"}) {
    INFO(word);
    CHECK(told.find(word) == std::string::npos);
  }
}
