// The metric files on the methodology's worked examples: rates, what was gained, what stands apart, what was not seen.
#include "daemon/store/metrics.hpp"

#include <catch2/catch.hpp>

#include "daemon/report/parts.hpp"
#include "daemon/store/as_of.hpp"
#include "tests/unit/measured.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;
using report::Figures;
using report::Window;

namespace {

store::Fact liked(std::int64_t likes) { return post_of("1", {}, {.likes = likes}); }

store::Fact video(const std::string& name) {
  auto fact = post_of(name, 1'000'000, {.likes = 40, .replies = 3, .views = 9000});
  fact.platform = fact.network = "youtube";
  fact.host = "youtube.com";
  fact.kind = Kind::video;
  return fact;
}

/// likes, reposts, quotes, replies and followers of T-05
std::vector<store::Fact> three_rates() {
  return {post_of("1", 100, {10, 2, 0, 1}), post_of("2", 4000, {30, 6, 1, 3}), post_of("3", 900, {0, 0, 0, 0})};
}

/// A post on which M-06 and M-10 rest too.
store::Fact viewed() { return post_of("v", {}, {.likes = 6, .reposts = 3, .quotes = 1, .replies = 0, .views = 200}); }

}  // namespace

TEST_CASE("T-01 potential impressions count an author once a post", "[metrics]") {
  Measured world;
  auto again = make_fact("1 again", "1", morning);
  again.author.followers = 1000;
  world.see({post_of("1", 1000), again, post_of("2", 400), post_of("3", 250)}, morning);
  auto impressions = world.of("M-05");
  CHECK(impressions.value == 2650.0);
  CHECK(impressions.n == 4);
  CHECK_FALSE(impressions.low.has_value());
}

TEST_CASE("T-03 potential impressions with an unknown audience are at least those that are known", "[metrics]") {
  Measured world;
  world.see({post_of("1", 1000), post_of("2", 400), post_of("3", {})}, morning);
  auto impressions = world.of("M-05");
  CHECK(impressions.value == 1400.0);
  CHECK(impressions.low == 1400.0);
  CHECK(impressions.n == 2);
}

TEST_CASE("T-05 rates are ratios of sums, with both sums and the middle post beside them", "[metrics]") {
  Measured world;
  world.see(three_rates(), morning);
  auto actions = world.of("M-07");
  CHECK(actions.value == 13.0 + 40.0 + 0.0);
  for (auto [post, own] : {std::pair(1, 13), std::pair(2, 40), std::pair(3, 0)})
    CHECK(world.ask(fmt::format("SELECT actions FROM reading WHERE post = {}", post).c_str()) == own);
  auto per_post = world.of("M-08");
  CHECK(*per_post.value == Approx(17.67).margin(0.005));
  CHECK(per_post.numerator == 53.0);
  CHECK(per_post.denominator == 3.0);
  auto rate = world.of("M-08-followers");
  CHECK(*rate.value == Approx(1.06).margin(1e-9));
  CHECK(rate.numerator == 53.0);
  CHECK(rate.denominator == 5000.0);
  auto middle = world.of("M-08-median");
  CHECK(*middle.value == Approx(1.0).margin(1e-9));
  CHECK(middle.n == 3);
  CHECK((13.0 / 100 + 40.0 / 4000 + 0.0 / 900) / 3 * 100 == Approx(4.67).margin(0.005));  // which nobody prints
  CHECK(*world.of("M-09-amplification").value == Approx(3.0));
  CHECK(*world.of("M-09-conversation").value == Approx(1.33).margin(0.005));
  CHECK(*world.of("M-09-applause").value == Approx(13.33).margin(0.005));
}

TEST_CASE("T-05 a post that does not say a counter is in neither sum", "[metrics]") {
  Measured world;
  auto facts = three_rates();
  facts.push_back(post_of("4", 5000));
  facts.push_back(post_of("5", {}, {.likes = 7}));
  world.see(facts, morning);
  CHECK(world.of("M-08").denominator == 4.0);
  CHECK(world.of("M-08-followers").denominator == 5000.0);
  CHECK(world.of("M-09-amplification").denominator == 3.0);
  CHECK(world.of("M-09-applause").numerator == 47.0);
  CHECK(world.of("M-09-applause").denominator == 4.0);
}

TEST_CASE("an even number of posts has its median between the two in the middle", "[metrics]") {
  Measured world;
  world.see({post_of("1", 100, {.likes = 1}), post_of("2", 100, {.likes = 2}), post_of("3", 100, {.likes = 4}),
             post_of("4", 100, {.likes = 50}), post_of("5", 0, {.likes = 9})},
            morning);
  CHECK(*world.of("M-08-median").value == Approx(3.0));
  CHECK(world.of("M-08-median").n == 4);
}

TEST_CASE("rates over views rest on posts that have views", "[metrics]") {
  Measured world;
  auto facts = three_rates();
  facts.push_back(viewed());
  world.see(facts, morning);
  CHECK(*world.of("M-10").value == Approx(2.0));
  CHECK(*world.of("M-08-views").value == Approx(5.0));
  CHECK(world.of("M-10").n == 1);
}

TEST_CASE("T-20 a rate without what it divides by is empty, with a reason", "[metrics]") {
  Measured world;
  world.see({post_of("1", 0, {.likes = 3}), post_of("2", {})}, morning);
  for (const char* metric : {"M-08-followers", "M-08-median", "M-08-views", "M-09-conversation", "M-10", "M-15"}) {
    INFO(metric);
    auto figure = world.of(metric);
    CHECK_FALSE(figure.value.has_value());
    CHECK(figure.status == "unknown");
    CHECK_FALSE(figure.reason.empty());
  }
}

TEST_CASE("T-06 what was gained in a time is the last reading in it less the last before it", "[metrics]") {
  Measured world;
  world.see({liked(5)}, morning + 2h);
  world.see({liked(9)}, morning + 3h);
  world.see({liked(7)}, morning + 4h);
  auto gained = world.of("M-07-gained", {morning + 2h + 30min, morning + 4h + 30min, ""});
  CHECK(gained.value == 2.0);
  CHECK(gained.n == 1);
  CHECK(world.of("M-07-gained", {morning + 3h + 30min, morning + 4h + 30min, ""}).value == -2.0);
  CHECK(world.of("M-07-gained", {morning - 1h, morning + 3h, ""}).value == 9.0);  // its own time begins at 0
}

TEST_CASE("T-06 what was not read before a time, or not within it, gained nobody knows what", "[metrics]") {
  Measured world;
  world.see({liked(5)}, morning + 2h);
  for (auto [from, until] : {std::pair(1h, 3h), std::pair(2h, 4h)}) {
    auto gained = world.of("M-07-gained", {morning + from, morning + until, ""});
    CHECK_FALSE(gained.value.has_value());
    CHECK(gained.reason == "no post was read both before and within this time");
  }
  world.see({liked(5)}, morning + 3h);  // no new reading, and a confirmation
  CHECK(world.of("M-07-gained", {morning + 2h, morning + 4h, ""}).value == 0.0);
}

TEST_CASE("what one server shows is never taken from what another showed", "[metrics]") {
  Measured world;
  world.see({liked(5)}, morning + 1h, "one", "a.example");
  world.see({liked(50)}, morning + 3h, "two", "home.example");
  Window window{morning + 2h, morning + 4h, ""};
  CHECK_FALSE(world.of("M-07-gained", window).value.has_value());
  world.see({liked(8)}, morning + 3h, "one", "a.example");
  CHECK(world.of("M-07-gained", window).value == 3.0);
}

TEST_CASE("T-06 a time is told as it was known at a moment of the past", "[metrics]") {
  Measured world;
  world.see({liked(5)}, morning + 2h);
  world.see({liked(9)}, morning + 3h);
  world.see({liked(7)}, morning + 4h);
  store::Database db(world.file, store::Access::read);
  store::Snapshot snapshot(db);
  Window window{morning + 2h + 30min, morning + 4h + 30min, ""};
  auto gained = [&] { return Figures(db, world.campaign, world.edition, window, later).of("M-07-gained").value; };
  CHECK(gained() == 2.0);
  {
    store::AsOf past(db, world.edition.id, morning + 3h + 30min);
    CHECK(gained() == 4.0);
  }
  CHECK(gained() == 2.0);
}

TEST_CASE("T-16 the parts of the reactions are named by platform", "[metrics]") {
  Measured world;
  world.see({post_of("1", {}, {.likes = 10, .reposts = 2, .replies = 1}), post_of("2", {})}, morning);
  store::Database db(world.file, store::Access::read);
  auto parts = report::parts_by_platform(db, world.edition, world.whole());
  CHECK(parts == std::map<std::string, std::string>{{"mastodon", "l,r,c"}});
  CHECK(cell_of(world.sheet("by_platform"), "mastodon", "parts") == report::Cell("l,r,c"));
}

TEST_CASE("P-12 YouTube is in no sum, rate or bound, and stands by itself", "[metrics]") {
  Measured world;
  world.see({post_of("1", 100, {.likes = 5}), viewed()}, morning);
  auto before = world.of("M-08").value;
  world.see({video("film")}, morning, "one", "youtube.com");
  while (world.books.aggregate(100)) {}
  CHECK(world.of("M-01").value == 3.0);
  CHECK(world.of("M-07").value == 15.0);
  CHECK(world.of("M-08").value == before);
  CHECK(world.of("M-06").value == 200.0);
  CHECK(world.of("M-05").value == 100.0);
  CHECK(world.of("M-04").low == 100.0);
  CHECK(world.of("M-06-youtube").value == 9000.0);
  CHECK(world.of("M-07-youtube-likes").value == 40.0);
  CHECK(world.of("M-07-youtube-comments").value == 3.0);
  auto of_youtube = world.by("M-07", store::Breakdown::platform).at("youtube");
  CHECK_FALSE(of_youtube.value.has_value());
  CHECK_THAT(of_youtube.reason, Catch::Contains("stand apart"));
}

TEST_CASE("P-12 once its amendment is accepted YouTube enters the sums, hours of before too", "[metrics]") {
  Measured world;
  world.see({post_of("1", 100, {.likes = 5})}, morning);
  world.see({video("film")}, morning, "one", "youtube.com");
  while (world.books.aggregate(100)) {}
  CHECK(world.of("M-07").value == 5.0);
  world.books.note_settings({{"youtube", {{"derived_metrics_accepted", "true"}}}}, later);
  CHECK(world.of("M-07").value == 48.0);
  CHECK(world.of("M-06").value == 9000.0);
  CHECK(world.of("M-04").high == 1'000'100.0);
  CHECK(world.of("M-06-youtube").value == 9000.0);
}

TEST_CASE("M-16 what was deleted is in no figure and leaves a tally", "[metrics]") {
  Measured world;
  world.see({post_of("1", {}), post_of("2", {})}, morning);
  CHECK(world.of("M-16").value == 0.0);
  auto page = make_page({}, morning + 1h);
  page.deleted = {digest("1")};
  world.books.save(page, morning + 1h);
  CHECK(world.of("M-01").value == 1.0);
  CHECK(world.of("M-16").value == 1.0);
  auto elsewhere = post_of("3", {});
  elsewhere.platform = "bluesky";
  world.see({elsewhere}, morning);
  page.deleted = {digest("3")};
  world.books.save(page, morning + 1h);
  CHECK(world.of("M-16").value == 2.0);
  CHECK(world.by("M-16", store::Breakdown::platform).at("mastodon").value == 1.0);
  CHECK(world.by("M-16", store::Breakdown::platform).at("bluesky").value == 1.0);
  auto of_before = world.rows("M-16", {{world.edition.from, morning - 1h, ""}});
  CHECK(of_before.empty());
}

TEST_CASE("M-17 who says it is a bot is a row of its own, and among the mentions", "[metrics]") {
  Measured world;
  auto robot = post_of("1", {}), person = post_of("2", {}), silent = post_of("3", {});
  robot.author.bot = true;
  person.author.bot = false;
  world.see({robot, person, silent}, morning);
  CHECK(world.of("M-01").value == 3.0);
  CHECK(world.of("M-17").value == 1.0);
  auto rows = world.by("M-01", store::Breakdown::bot);
  CHECK(rows.at("bot").value == 1.0);
  CHECK(rows.at("other").value == 2.0);
}

TEST_CASE("T-22 posts and articles by country, unknown among them, add up to the total", "[metrics]") {
  Roster world(five_partners + "[[outlet]]\ndomain = \"onet.pl\"\nname = \"Onet\"\ncountry = \"PL\"\n");
  world.read_all();
  for (const char* author : {"used@social.example", "used@social.example", "without@social.example",
                             "silent@other.example", "ala@home.example"})
    world.post(author, "#AllIn");
  world.article("https://onet.pl/1", "#AllIn");
  world.article("https://nobody.example/1", "#AllIn");
  store::Attribution how{a_month_later, std::set<std::string>{"2025"}};
  for (const auto& each : world.config.campaign.partners)
    if (!each.country.empty()) how.countries.emplace(each.id, each.country);
  world.books.attribute(
      world.gate.partner_accounts(),
      [&](const std::string& url, const std::string& host) { return world.gate.press().owner_of_page(url, host); },
      how);
  auto countries = world.by("M-01", store::Breakdown::country);
  CHECK(countries.at("PL").value == 2.0);
  CHECK(countries.at("BG").value == 1.0);
  CHECK(countries.at("PT").value == 1.0);
  CHECK(countries.at("unknown").value == 1.0);
  for (auto [metric, total] : {std::pair("M-01", 5.0), std::pair("M-07", 15.0), std::pair("M-13", 2.0)}) {
    INFO(metric);
    double sum = 0;
    for (const auto& [country, figure] : world.by(metric, store::Breakdown::country)) sum += figure.value.value_or(0);
    CHECK(sum == total);
    CHECK(world.total(metric) == total);
  }
  CHECK(world.by("M-13", store::Breakdown::country).at("PL").value == 1.0);
}

TEST_CASE("every metric file runs by every breakdown", "[metrics]") {
  Measured world;
  world.see(three_rates(), morning);
  store::Database db(world.file, store::Access::read);
  store::MetricRunner runner(db);
  using enum store::Breakdown;
  for (auto breakdown : {none, platform, partner, outlet_country, country, language, relation, bot, term}) {
    runner.choose(world.edition.id, {{world.edition.from, world.edition.until, ""}}, breakdown);
    for (const auto& metric : store::metrics()) {
      if (metric.id == "M-14") continue;  // it speaks of sources
      INFO(metric.id << " by " << store::name_of(breakdown));
      CHECK_NOTHROW(runner.compute(metric));
    }
  }
}

TEST_CASE("a rate of a day from its hours is that of its posts", "[metrics]") {
  Measured world;
  auto facts = three_rates();
  facts.push_back(viewed());
  for (std::size_t i = 0; i < facts.size(); ++i) {
    facts[i].published = morning + std::chrono::minutes(50 * static_cast<int>(i));
    world.see({facts[i]}, later);
  }
  world.books.aggregate(1000);
  store::Database db(world.file, store::Access::read);
  store::MetricRunner runner(db);
  runner.choose(world.edition.id, {{morning, morning + 6h, ""}}, store::Breakdown::platform);
  for (const auto& metric : store::metrics()) {
    if (!metric.is_ratio) continue;
    INFO(metric.id);
    auto kept = runner.run(metric), made = runner.compute(metric);
    REQUIRE(kept.size() == made.size());
    REQUIRE(kept.size() == 1);
    CHECK(kept.begin()->second.value == made.begin()->second.value);
    CHECK(kept.begin()->second.n == made.begin()->second.n);
    CHECK(kept.begin()->second.numerator == made.begin()->second.numerator);
    CHECK(kept.begin()->second.denominator == made.begin()->second.denominator);
  }
}

TEST_CASE("hours of what is additive add up to their day", "[metrics]") {
  Measured world;
  for (int i = 0; i < 12; ++i) {
    auto fact =
        post_of(std::to_string(i), i % 4 == 0 ? std::optional<std::int64_t>() : 10 * i, {.likes = i, .views = 2 * i});
    fact.published = morning + std::chrono::minutes(25 * i);
    fact.author.bot = i % 3 == 0;
    world.see({fact}, later);
  }
  std::vector<store::Bucket> hours;
  for (auto hour = morning; hour < morning + 6h; hour += 1h) hours.push_back({hour, hour + 1h, format_utc(hour)});
  for (const auto& metric : store::metrics()) {
    if (!metric.additive) continue;
    INFO(metric.id);
    double sum = 0;
    for (const auto& [key, row] : world.rows(metric.id, hours)) sum += row.value.value_or(0);
    auto day = world.rows(metric.id, {{morning, morning + 6h, ""}});
    CHECK(sum == (day.empty() ? 0 : day.begin()->second.value.value_or(0)));
  }
}
