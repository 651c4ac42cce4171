// What may be kept for a time only goes, and leaves its sum.
#include <algorithm>
#include <catch2/catch.hpp>

#include "daemon/collect/collector.hpp"
#include "daemon/store/lists.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;
using store::Breakdown;

namespace {

const sys_ms morning = utc("2025-06-20T08:00:00Z");

store::Fact fact_on(const std::string& platform, const std::string& name, const std::string& author,
                    sys_ms at = morning) {
  auto fact = make_fact(name, author, at);
  fact.platform = fact.network = platform;
  fact.host = platform + ".example";
  fact.uri = fact.url = "https://" + platform + ".example/posts/" + name;
  fact.counters.likes = 4;
  fact.author.followers = 100;
  return fact;
}

store::Periods periods() {
  auto edition = edition_2025();
  return {{"2025", {{edition.from, edition.until, "edition"}, {edition.day_from, edition.day_until, "day"}}}};
}

void expire(World& world, const store::Overdue& overdue, sys_ms now) {
  for (bool more = world.books.begin_expiry(overdue, periods(), now); more;) more = world.books.go_on_expiring(now);
}

/// As the collector asks: what is older than the platform's contract allows.
void expire(World& world, const std::string& platform, sys_ms now) {
  store::Overdue overdue;
  overdue.confirmed_before[platform] = now - *find_platform(platform)->contract.keep_at_most;
  expire(world, overdue, now);
}

struct Span {
  sys_ms from, until;
};
const Span campaign_day{edition_2025().day_from, edition_2025().day_until};

store::MetricRow row_of(const std::filesystem::path& file, std::string_view metric, Span span = campaign_day,
                        Breakdown breakdown = Breakdown::none, const std::string& key = {}) {
  store::Database db(file, store::Access::read);
  store::MetricRunner runner(db);
  runner.choose("2025", {{span.from, span.until, "span"}}, breakdown);
  auto rows = runner.run(store::metric(metric));
  auto found = rows.find({"span", key});
  return found == rows.end() ? store::MetricRow{} : found->second;
}

std::int64_t posts_of(const World& world, const std::string& platform) {
  return world.ask(("SELECT count(*) FROM post WHERE platform = '" + platform + "'").c_str());
}

}  // namespace

TEST_CASE("P-05 a post of Reddit goes after 48 hours and one of YouTube after 29 days, and figures stay", "[privacy]") {
  struct Case {
    const char* platform;
    std::chrono::minutes kept;
  };
  for (auto [platform, kept] : {Case{"reddit", 48h}, Case{"youtube", 29 * 24h}}) {
    CAPTURE(platform);
    World world;
    world.see({fact_on(platform, "1", "ala"), fact_on(platform, "2", "ola"), fact_on("mastodon", "3", "ela")}, morning);
    auto mentions = row_of(world.file, "M-01").value, authors = row_of(world.file, "M-02").value;
    auto bound = row_of(world.file, "M-04");
    expire(world, platform, morning + kept);
    CHECK(posts_of(world, platform) == 2);
    expire(world, platform, morning + kept + 1min);
    CHECK(posts_of(world, platform) == 0);
    CHECK(posts_of(world, "mastodon") == 1);
    for (const char* table : {"observation", "alias", "sighting", "match", "author", "audience", "reading"}) {
      CAPTURE(table);
      CHECK(world.ask(("SELECT count(*) FROM " + std::string(table)).c_str()) == 1);
    }
    CHECK(world.ask("SELECT count(*) FROM tombstone") == 0);
    bool leaves_a_tally = !find_platform(platform)->contract.no_trace;  // Reddit's rules forbid even that
    CHECK(world.ask("SELECT coalesce(sum(n), 0) FROM removal WHERE why = 'expired'") == (leaves_a_tally ? 2 : 0));
    CHECK(row_of(world.file, "M-01").value == mentions);
    CHECK(row_of(world.file, "M-01").expired);
    CHECK(row_of(world.file, "M-02").value == authors);
    CHECK(row_of(world.file, "M-04").low == bound.low);
    CHECK(row_of(world.file, "M-04").high == bound.high);
    while (world.books.aggregate(100)) {}
    CHECK(row_of(world.file, "M-01").value == mentions);
    CHECK(row_of(world.file, "M-01", campaign_day, Breakdown::platform, platform).value == 2);
    CHECK(row_of(world.file, "M-01", campaign_day, Breakdown::language, "und").value == 3);
    CHECK(row_of(world.file, "M-01", campaign_day, Breakdown::country, "unknown").value == 3);
  }
}

TEST_CASE("P-05 the newest backup holds neither the posts nor their bytes, and says the same figures", "[privacy]") {
  World world;
  world.see({fact_on("reddit", "red1", "ala"), fact_on("youtube", "you1", "ola"), fact_on("mastodon", "mast1", "ela")},
            morning);
  auto copy = world.dir.path() / "copy.db";
  store::back_up(world.file, copy, periods(), morning + 1h);
  CHECK(posts_of(world, "reddit") == 1);
  auto bytes = read_file(copy);
  CHECK(bytes.find("posts/red1") == bytes.npos);
  CHECK(bytes.find("posts/you1") == bytes.npos);
  CHECK(bytes.find("posts/mast1") != bytes.npos);
  for (const char* end : {".part", ".part-wal", "-wal", "-shm"})
    CHECK_FALSE(std::filesystem::exists(copy.string() + end));
  CHECK(row_of(copy, "M-01").value == 3.0);
  CHECK(row_of(copy, "M-02").value == 3.0);
}

TEST_CASE("what was seen again since is kept, and its readings are as old as that", "[privacy]") {
  World world;
  auto fact = fact_on("youtube", "1", "ala");
  world.see({fact}, morning);
  world.see({fact}, morning + std::chrono::days(20));  // the same numbers: no new reading
  auto now = morning + std::chrono::days(30);
  expire(world, "youtube", now);
  CHECK(posts_of(world, "youtube") == 1);
  CHECK(world.ask("SELECT count(*) FROM observation") == 1);
  while (world.books.drop_old_readings("youtube", now - std::chrono::days(29))) {}
  CHECK(world.ask("SELECT count(*) FROM observation") == 1);
  auto confirmed = (morning + std::chrono::days(20)).time_since_epoch().count();
  CHECK(world.ask("SELECT at_utc FROM observation") == confirmed);
  CHECK(world.ask("SELECT at_utc FROM audience") == confirmed);
  CHECK(world.ask("SELECT likes FROM reading") == 4);
}

TEST_CASE("older readings of a post that is kept go", "[privacy]") {
  World world;
  auto fact = fact_on("youtube", "1", "ala");
  world.see({fact}, morning);
  fact.counters.likes = 9;
  world.see({fact}, morning + std::chrono::days(20));
  while (world.books.drop_old_readings("youtube", morning + std::chrono::days(1))) {}
  CHECK(world.ask("SELECT count(*) FROM observation") == 1);
  CHECK(world.ask("SELECT likes FROM reading") == 9);
}

TEST_CASE("a post that turns up again after its hour was settled is not counted twice", "[privacy]") {
  World world;
  world.see({fact_on("reddit", "1", "ala")}, morning);
  expire(world, "reddit", morning + 49h);
  CHECK(world.see({fact_on("reddit", "1", "ala")}, morning + 50h).fresh == 0);
  CHECK(row_of(world.file, "M-01").value == 1.0);
  CHECK(world.see({fact_on("reddit", "2", "ala", morning + 50h)}, morning + 50h).fresh == 1);
}

TEST_CASE("posts of one hour that go at two times add up", "[privacy]") {
  World world;
  world.see({fact_on("reddit", "1", "ala"), fact_on("reddit", "2", "ola")}, morning);
  world.see({fact_on("reddit", "2", "ola")}, morning + 10h);
  expire(world, "reddit", morning + 49h);
  CHECK(posts_of(world, "reddit") == 1);
  CHECK(row_of(world.file, "M-01").value == 2.0);
  expire(world, "reddit", morning + 60h);
  CHECK(posts_of(world, "reddit") == 0);
  CHECK(row_of(world.file, "M-01").value == 2.0);
  CHECK(row_of(world.file, "M-07").value == 8.0);
  CHECK(row_of(world.file, "M-02").value == 2.0);  // settled whole at the first time: nobody was new since
}

TEST_CASE("a number of authors some of whom are gone is unknown once others came, and at least the larger part",
          "[privacy]") {
  World world;
  world.see({fact_on("reddit", "1", "ala"), fact_on("reddit", "2", "ola"), fact_on("mastodon", "3", "ela")}, morning);
  expire(world, "reddit", morning + 49h);
  REQUIRE(row_of(world.file, "M-02").value == 3.0);
  world.see({fact_on("mastodon", "4", "ula", morning + 1h)}, morning + 50h);
  auto row = row_of(world.file, "M-02");
  CHECK_FALSE(row.value.has_value());
  CHECK(row.low == 3.0);
  CHECK(row.expired);
  CHECK(row_of(world.file, "M-01").value == 4.0);
  CHECK(row_of(world.file, "M-02", campaign_day, Breakdown::platform, "mastodon").value == 2.0);
  CHECK(row_of(world.file, "M-02", campaign_day, Breakdown::platform, "reddit").value == 2.0);
}

TEST_CASE("a time nobody settled is unknown where posts are gone, and known where none are", "[privacy]") {
  World world;
  world.see({fact_on("reddit", "1", "ala"), fact_on("mastodon", "2", "ela")}, morning);
  world.see({fact_on("mastodon", "3", "ela", morning + 3h)}, morning + 3h);
  expire(world, "reddit", morning + 49h);
  auto row = row_of(world.file, "M-02", {morning, morning + 2h});
  CHECK_FALSE(row.value.has_value());
  CHECK(row.low == 1.0);
  CHECK(row_of(world.file, "M-01", {morning, morning + 2h}).value == 2.0);
  CHECK(row_of(world.file, "M-02", {morning + 2h, morning + 4h}).value == 1.0);
  CHECK_FALSE(row_of(world.file, "M-02", {morning + 2h, morning + 4h}).expired);
  CHECK_FALSE(row_of(world.file, "M-01", {morning + 30min, morning + 2h}).value.has_value());  // half an hour of it
}

TEST_CASE("what was settled under another definition makes a sum unknown", "[privacy]") {
  World world;
  world.see({fact_on("reddit", "1", "ala"), fact_on("mastodon", "2", "ela")}, morning);
  expire(world, "reddit", morning + 49h);
  store::Database(world.file, store::Access::write).run("UPDATE settled SET version = '0'");
  auto row = row_of(world.file, "M-01");
  CHECK_FALSE(row.value.has_value());
  CHECK(row.low == 1.0);
}

TEST_CASE("at the end of its retention an edition loses its private posts and keeps its figures", "[privacy]") {
  World world;
  auto organisation = fact_on("mastodon", "1", "ngo");
  organisation.author.partner = "ngo";
  organisation.author.name = "An Organisation";
  auto outlet = fact_on("feed", "2", "news");
  outlet.author.name = "News";
  world.see({organisation, outlet, fact_on("mastodon", "3", "ala"), fact_on("bluesky", "4", "ola")}, morning);
  auto other = fact_on("mastodon", "5", "ala");
  other.edition = "2026";
  world.see({other}, morning);
  store::Overdue overdue;
  overdue.edition = "2025";
  expire(world, overdue, edition_2025().forget_at());
  CHECK(world.ask("SELECT count(*) FROM post WHERE edition = '2025'") == 2);
  CHECK(world.ask("SELECT count(*) FROM author WHERE edition = '2025' AND name IS NULL") == 0);
  CHECK(world.ask("SELECT count(*) FROM post WHERE edition = '2026'") == 1);
  CHECK(row_of(world.file, "M-01").value == 4.0);
  CHECK(row_of(world.file, "M-02").value == 4.0);
  CHECK(row_of(world.file, "M-02", campaign_day, Breakdown::platform, "mastodon").value == 2.0);
  CHECK(row_of(world.file, "M-01", campaign_day, Breakdown::partner, "ngo").value == 1.0);
  CHECK(row_of(world.file, "M-01", campaign_day, Breakdown::partner, "").value == 3.0);
  CHECK_FALSE(world.books.begin_expiry(overdue, periods(), edition_2025().forget_at() + 1h));
}

namespace {

/// Steps of an expiry until the first that lets posts go: periods are settled before, one each.
int settle_all(World& world, const std::string& platform, sys_ms now) {
  auto held = posts_of(world, platform);
  for (int steps = 0;; ++steps) {
    bool more = world.books.go_on_expiring(now);
    if (posts_of(world, platform) < held) return steps;
    REQUIRE(more);
  }
}

}  // namespace

TEST_CASE("more posts than fit into one transaction go one batch after the other, and all are counted", "[privacy]") {
  World world;
  std::vector<store::Fact> facts;
  for (int i = 0; i < 1100; ++i)
    facts.push_back(fact_on("reddit", "n" + std::to_string(i), "author" + std::to_string(i % 9)));
  world.see(facts, morning);
  store::Overdue overdue;
  overdue.confirmed_before["reddit"] = morning + 1h;
  REQUIRE(world.books.begin_expiry(overdue, periods(), morning + 49h));
  CHECK(row_of(world.file, "M-02").value == 9.0);
  CHECK(settle_all(world, "reddit", morning + 49h) == 2);  // the edition and its day
  CHECK(posts_of(world, "reddit") == 600);
  CHECK(row_of(world.file, "M-01").value == 1100.0);
  CHECK(row_of(world.file, "M-02").value == 9.0);
  CHECK(world.books.go_on_expiring(morning + 49h));
  CHECK_FALSE(world.books.go_on_expiring(morning + 49h));
  CHECK(posts_of(world, "reddit") == 0);
  CHECK(row_of(world.file, "M-01").value == 1100.0);
  CHECK(row_of(world.file, "M-02").value == 9.0);
}

TEST_CASE("what is confirmed between two steps of an expiry stays", "[privacy]") {
  World world;
  world.see({fact_on("reddit", "1", "ala"), fact_on("reddit", "2", "ola")}, morning);
  store::Overdue overdue;
  overdue.confirmed_before["reddit"] = morning + 1h;
  REQUIRE(world.books.begin_expiry(overdue, periods(), morning + 49h));
  world.see({fact_on("reddit", "1", "ala")}, morning + 49h);
  settle_all(world, "reddit", morning + 49h);
  CHECK_FALSE(world.books.go_on_expiring(morning + 49h));
  CHECK(posts_of(world, "reddit") == 1);
  CHECK(row_of(world.file, "M-01").value == 2.0);
}

TEST_CASE("a rate that was settled stands until a post that is left is read otherwise", "[privacy]") {
  World world;
  auto gone = fact_on("reddit", "1", "ala"), left = fact_on("mastodon", "2", "ela");
  gone.counters.likes = 10;
  world.see({gone, left}, morning);
  expire(world, "reddit", morning + 49h);
  CHECK(row_of(world.file, "M-08").value == 7.0);
  CHECK(row_of(world.file, "M-08").expired);
  left.counters.likes = 2;
  world.see({left}, morning + 50h);
  CHECK_FALSE(row_of(world.file, "M-08").value.has_value());
  CHECK(row_of(world.file, "M-08").expired);
}

TEST_CASE("what was gained is settled, and unknown in a time into which a post was followed that is gone",
          "[privacy]") {
  World world;
  world.see({fact_on("reddit", "1", "ala"), fact_on("mastodon", "2", "ela")}, morning);
  expire(world, "reddit", morning + 49h);
  CHECK(row_of(world.file, "M-07-gained").value == 8.0);
  CHECK(row_of(world.file, "M-07-gained").expired);
  auto later = row_of(world.file, "M-07-gained", {morning + 2h, morning + 4h});
  CHECK_FALSE(later.value.has_value());
  CHECK(later.expired);
  CHECK_FALSE(row_of(world.file, "M-07-gained", {morning + 60h, morning + 62h}).expired);
}

TEST_CASE("a post that matched nothing any more and is deleted is told at once", "[privacy]") {
  World world;
  world.see({fact_on("mastodon", "1", "ala")}, morning);
  auto without = fact_on("mastodon", "1", "ala");
  without.match.reset();
  world.see({without}, morning + 1h);
  store::Database db(world.file, store::Access::read);
  store::MetricRunner runner(db);
  runner.choose("2025", {{campaign_day.from, campaign_day.until, "day"}}, Breakdown::none);
  CHECK(runner.run(store::metric("M-16")).empty());
  auto page = make_page({}, morning + 2h);
  page.deleted.push_back(digest("1"));
  world.books.save(page, morning + 2h);
  CHECK(runner.run(store::metric("M-16")).at({"day", ""}).value == 1.0);
}

TEST_CASE("what tells that a source with a control tag was not blind stays in the ledger", "[privacy]") {
  World world;
  world.see({fact_on("mastodon", "1", "ala")}, morning);
  store::PollRow row{
      .source = "control:one", .host = "home.example", .start = morning, .end = morning, .outcome = "ok"};
  world.books.note_control(row, "one", 0, {});
  world.see({}, morning + 1h);
  CHECK_FALSE(world.books.drop_polls(edition_2025().baseline_from, edition_2025().until));
  CHECK(world.ask("SELECT count(*) FROM poll") == 1);
  CHECK(world.ask("SELECT fresh FROM poll") == 1);
}

TEST_CASE("the ledger of an edition goes but for what covers, and what counts posts that were left out", "[privacy]") {
  World world;
  world.cover(morning - 1h, morning);
  world.see({}, morning);
  auto page = make_page({}, morning + 1h);
  page.poll.opted_out = 2;
  world.books.save(page, morning + 1h);
  world.see({}, edition_2025().until + 1h);
  CHECK_FALSE(world.books.drop_polls(edition_2025().baseline_from, edition_2025().until));
  CHECK(world.ask("SELECT count(*) FROM poll") == 3);
  CHECK(world.ask("SELECT count(*) FROM poll WHERE covered_from_utc IS NOT NULL") == 1);
  CHECK(world.ask("SELECT sum(opted_out) FROM poll") == 2);
}

TEST_CASE("in the profile strict a final edition's private posts lose the ids they had at servers", "[privacy]") {
  World world;
  auto fact = fact_on("mastodon", "1", "ala");
  fact.measurable = true;
  auto organisation = fact_on("mastodon", "2", "ngo");
  organisation.author.partner = organisation.author.name = "ngo";
  organisation.measurable = true;
  world.see({fact, organisation}, morning);
  world.books.drop_ids("2025");
  CHECK(world.ask("SELECT count(*) FROM sighting WHERE local_id = ''") == 1);
  CHECK(world.ask("SELECT count(*) FROM recheck") == 1);
  CHECK(world.ask("SELECT count(*) FROM post") == 2);
}

TEST_CASE("P-04 what a stream tells to be deleted is gone at once, and no later poll brings it back", "[privacy]") {
  World world;
  world.see({make_fact("1", "ala", morning)}, morning);
  auto page = make_page({}, morning + 30s);
  page.deleted.push_back(digest("1"));
  world.books.save(page, morning + 30s);
  CHECK(world.ask("SELECT count(*) FROM post") == 0);
  CHECK(world.see({make_fact("1", "ala", morning)}, morning + 1h).fresh == 0);
  CHECK(store::read_list(world.dir.path() / store::removed_list).size() == 1U);
}

TEST_CASE("P-04 of what was removed from Reddit no hash is left, from YouTube none outside the database", "[privacy]") {
  World world;
  world.see({fact_on("reddit", "1", "ala"), fact_on("youtube", "2", "ola")}, morning);
  auto page = make_page({}, morning + 1h);
  page.deleted = {digest("1"), digest("2")};
  world.books.save(page, morning + 1h);
  CHECK(world.ask("SELECT count(*) FROM post") == 0);
  CHECK(world.ask("SELECT count(*) FROM tombstone") == 1);
  CHECK(world.ask("SELECT count(*) FROM removal WHERE platform = 'reddit'") == 0);
  CHECK(store::read_list(world.dir.path() / store::removed_list).empty());
}

TEST_CASE("P-12 YouTube's numbers are in no sum unless its amendment is accepted", "[privacy]") {
  World world;
  auto video = fact_on("youtube", "1", "ala");
  video.kind = Kind::video;
  video.counters.likes = 100;
  world.see({video, fact_on("mastodon", "2", "ola")}, morning);
  while (world.books.aggregate(100)) {}
  CHECK(row_of(world.file, "M-07").value == 4.0);
  world.books.note_settings({{"youtube", {{"derived_metrics_accepted", "true"}}}}, morning + 1h);
  CHECK(world.ask("SELECT count(*) FROM dirty") == 1);
  CHECK(row_of(world.file, "M-07").value == 104.0);
  while (world.books.aggregate(100)) {}
  CHECK(row_of(world.file, "M-07").value == 104.0);
  world.books.note_settings({{"youtube", {{"derived_metrics_accepted", "false"}}}}, morning + 2h);
  CHECK(row_of(world.file, "M-07").value == 4.0);
}

TEST_CASE("the periods that are settled are the edition, its campaign day, and its local days so far", "[privacy]") {
  Campaign campaign;
  campaign.editions = {edition_2025()};
  auto all = collect::periods_of(campaign, edition_2025().from + std::chrono::days(2)).at("2025");
  REQUIRE(all.size() == 4U);
  CHECK(all[0].end == edition_2025().until);
  CHECK(all[1].start == edition_2025().day_from);
  CHECK(shown(all[2].start) == "2024-12-31T23:00:00.000Z");
  CHECK(shown(all[3].end) == "2025-01-02T23:00:00.000Z");
  CHECK(collect::periods_of(campaign, edition_2025().until + 1h).at("2025").size() == 2U + 365U);
}
