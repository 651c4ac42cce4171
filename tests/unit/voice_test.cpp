// Share of voice and spikes: figures that are only given where they can be.
#include "daemon/report/voice.hpp"

#include <catch2/catch.hpp>

#include "daemon/report/spikes.hpp"
#include "tests/unit/roster.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;
using report::share_of_voice;
using report::TermShare;

namespace {

TermShare ours(double mentions, std::optional<double> completeness) { return {"tag", mentions, completeness, true}; }
TermShare other(double mentions, std::optional<double> completeness, const std::string& name = "other") {
  return {name, mentions, completeness, false};
}

void check_refused(const std::vector<TermShare>& terms, const std::string& why) {
  auto figure = share_of_voice(terms);
  CHECK_FALSE(figure.value.has_value());
  CHECK(figure.status == "unknown");
  CHECK(figure.reason == why);
}

}  // namespace

TEST_CASE("T-23 a share of voice with one term covered for 80 % is empty, and says why", "[voice]") {
  check_refused({ours(30, 0.99), other(70, 0.99), other(20, 0.80, "late")},
                "the term 'late' is covered for 80.0 % of its planned time, less than 95 %");
}

TEST_CASE("T-23 a comparison term that was watched for 80 % of the time only leaves the share empty", "[voice]") {
  World world;
  auto campaign = small_campaign();
  campaign.terms = {{"tag", MatchClass::hashtag, "AllIn"}, {"rival", MatchClass::comparison, "WithRefugees"}};
  auto edition = edition_2025();
  auto day = edition.day_from;
  world.books.configure({make_source("one", "v1", {"tag"})}, edition.id, edition.from);
  world.cover(day, day + 2h);
  world.books.configure({make_source("one", "v2", {"tag", "rival"})}, edition.id, day + 2h);
  world.cover(day + 2h, day + 10h);
  for (int i = 0; i < 4; ++i) {
    auto fact = make_fact(std::to_string(i), "somebody", day + 5h);
    fact.match = i == 0 ? Match{"tag", MatchClass::hashtag} : Match{"rival", MatchClass::comparison};
    world.see({fact}, day + 6h);
  }
  store::Database db(world.file, store::Access::read);
  report::Figures figures(db, campaign, edition, {day, day + 10h, ""}, day + 10h);
  auto figure = share_of_voice(figures, campaign, [&](auto& term) { return figures.coverage_of_term(term); });
  CHECK_FALSE(figure.value.has_value());
  CHECK(figure.status == "unknown");
  CHECK(figure.reason == "the term 'rival' is covered for 80.0 % of its planned time, less than 95 %");
}

TEST_CASE("T-23 terms that were covered unlike are not compared", "[voice]") {
  check_refused({ours(30, 0.955), other(70, 0.985)},
                "the terms 'tag' and 'other' differ by 3.0 points of coverage, 2 or more");
  check_refused({ours(30, 0.99), other(70, std::nullopt)}, "how well the term 'other' was covered is not known");
}

TEST_CASE("a share of voice needs a set, and that somebody said something", "[voice]") {
  check_refused({ours(30, 0.99)}, "no set to compare with: the campaign has no term of class comparison");
  check_refused({}, "no set to compare with: the campaign has no term of class comparison");
  check_refused({ours(0, 1), other(0, 1)}, "none of the set was mentioned");
}

TEST_CASE("a share of voice of which some mentions had to go is unknown, not another share", "[voice]") {
  auto gone = other(0, 0.98);
  gone.mentions.reset();
  check_refused({ours(20, 0.99), gone}, std::string(report::expired));
}

TEST_CASE("M-11 is our mentions of those of the set, with both sums", "[voice]") {
  auto figure = share_of_voice({ours(20, 0.99), ours(10, 0.98), other(60, 0.975), other(30, 0.98)});
  CHECK(figure.value == 25.0);
  CHECK(figure.numerator == 30.0);
  CHECK(figure.denominator == 120.0);
  CHECK(figure.n == 120);
  CHECK(figure.coverage == 0.975);
  CHECK(figure.definition == "M-11");
  CHECK(figure.status == "ok");
}

TEST_CASE("M-11 counts the campaign's hashtags and its terms of class comparison, nothing else", "[voice]") {
  World world;
  auto campaign = small_campaign();
  campaign.terms = {{"tag", MatchClass::hashtag, "AllIn"},
                    {"word", MatchClass::plain, "AllIn"},
                    {"rival", MatchClass::comparison, "WithRefugees"}};
  auto edition = edition_2025();
  auto morning = utc("2025-06-20T08:00:00Z");
  world.books.configure({make_source("one", "v1", {"tag", "word", "rival"})}, edition.id, edition.from);
  world.cover(edition.from, morning + 24h);
  auto said = [&](const std::string& name, const std::string& term, MatchClass match_class) {
    auto fact = make_fact(name, name, morning);
    fact.match = Match{term, match_class};
    world.see({fact}, morning);
  };
  said("1", "tag", MatchClass::hashtag);
  for (const char* name : {"2", "3", "4"}) said(name, "rival", MatchClass::comparison);
  said("5", "word", MatchClass::plain);
  store::Database db(world.file, store::Access::read);
  report::Figures figures(db, campaign, edition, {edition.from, edition.until, ""}, morning + 24h);
  auto alike = [](const std::string&) { return std::optional(0.97); };
  auto figure = share_of_voice(figures, campaign, alike);
  CHECK(figure.value == 25.0);
  CHECK(figure.as_of == morning + 24h);
  CHECK(figures.of("M-01").value == 1.0);
  CHECK(figures.of("M-11-set").value == 4.0);
  auto unlike = [](const std::string& term) { return std::optional(term == "rival" ? 0.8 : 1.0); };
  CHECK_FALSE(share_of_voice(figures, campaign, unlike).value.has_value());
}

TEST_CASE("M-12 a spike is five posts or more that chance would not make in a thousand hours", "[spikes]") {
  struct Case {
    double lambda;
    std::int64_t mentions;
    bool is;
    double p, margin;
  };
  for (auto [lambda, mentions, is, p, margin] :
       {Case{0.5, 5, true, 0.00017, 0.000005}, Case{0.5, 4, false, 0.00175, 0.000005},
        Case{2, 9, true, 0.00024, 0.000005}, Case{2, 8, false, 0.0011, 0.00005}}) {
    INFO(lambda << " " << mentions);
    auto spike = report::spike_of(mentions, lambda);
    CHECK(spike.is == is);
    CHECK(spike.p == Approx(p).margin(margin));
  }
  CHECK(report::spike_of(5, 0).p == report::spike_of(5, 0.5).p);  // half a mention an hour is the least
  CHECK_FALSE(report::spike_of(0, 0).is);
}

TEST_CASE("M-12 an hour is held against the fourteen days before it", "[spikes]") {
  std::vector<std::optional<std::int64_t>> hours;
  for (int i = 0; i < 14 * 24; ++i) hours.push_back(i % 2 == 0 ? 4 : 0);  // two an hour
  hours.push_back(8);
  hours.push_back(9);
  hours.push_back(std::nullopt);
  auto spikes = report::spikes_of(hours);
  REQUIRE(spikes.size() == hours.size());
  CHECK_FALSE(spikes[14 * 24]->is);
  CHECK(spikes[14 * 24]->p == Approx(0.0011).margin(0.00005));
  CHECK(spikes[14 * 24 + 1]->p == Approx(0.00024).margin(0.00002));
  CHECK_FALSE(spikes.back().has_value());
}

TEST_CASE("M-12 hours that nobody watched are in no mean, and what is long ago is forgotten", "[spikes]") {
  std::vector<std::optional<std::int64_t>> hours(14 * 24, std::nullopt);
  hours[10] = 20;
  hours.push_back(9);  // the one known hour before it had 20
  CHECK_FALSE(report::spikes_of(hours).back()->is);
  for (int i = 0; i < 14 * 24; ++i) hours.push_back(0);
  hours.push_back(5);
  CHECK(report::spikes_of(hours).back()->is);
}
