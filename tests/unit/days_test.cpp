// M-00: one campaign day in the campaign's zone, and each country's own 20 June.
#include <catch2/catch.hpp>

#include "daemon/config/codes.hpp"
#include "tests/unit/roster.hpp"

using namespace campaignd;
using namespace campaignd::test;
using report::Cell;

namespace {

const std::string four_countries = R"([[partner]]
id = "lisbon"
name = "L"
country = "PT"
accounts = ["mastodon:lisbon@social.example"]
[[partner]]
id = "sofia"
name = "S"
country = "BG"
accounts = ["mastodon:sofia@social.example"]
[[partner]]
id = "warsaw"
name = "W"
country = "PL"
accounts = ["mastodon:warsaw@social.example"]
[[partner]]
id = "anywhere"
name = "A"
accounts = ["mastodon:anywhere@social.example"]
)";

const std::vector<std::string> all_four{"lisbon", "sofia", "warsaw", "anywhere"};

/// Every one of the four posts at that instant.
struct FourCountries : Roster {
  explicit FourCountries(sys_ms published) : Roster(four_countries) {
    read_all();
    for (const auto& each : all_four) post(each + "@social.example", "#AllIn", published);
  }
  /// Posts of the campaign day and of the partner's own day, as the sheet has them.
  std::pair<Cell, Cell> days_of(const std::string& partner) const {
    auto partners = sheet("partners");
    return {cell_of(partners, partner, "posts_campaign_day"), cell_of(partners, partner, "posts_local_day")};
  }
};

std::pair<Cell, Cell> cells(std::int64_t campaign_day, std::int64_t local_day) { return {campaign_day, local_day}; }

Day day_of_country(std::string_view country) { return day_in(std::string(zone_of_country(country)), edition_2025()); }

}  // namespace

TEST_CASE("M-00 the 20 June of the 15 countries is 26 hours long, in three offsets", "[days]") {
  std::map<std::string, std::vector<std::string>> by_start;
  auto first = sys_ms::max(), last = sys_ms::min();
  for (const char* country :
       {"BG", "GR", "LV", "LT", "RO", "PL", "CZ", "FR", "HU", "SI", "ES", "IT", "NL", "SE", "PT"}) {
    INFO(country);
    auto day = day_of_country(country);
    CHECK((day.until - day.from) / 1h == 24);
    by_start[shown(day.from)].push_back(country);
    first = std::min(first, day.from);
    last = std::max(last, day.until);
  }
  REQUIRE(by_start.size() == 3U);
  CHECK(by_start["2025-06-19T21:00:00.000Z"] == std::vector<std::string>{"BG", "GR", "LV", "LT", "RO"});
  CHECK(by_start["2025-06-19T22:00:00.000Z"].size() == 9U);
  CHECK(by_start["2025-06-19T23:00:00.000Z"] == std::vector<std::string>{"PT"});
  CHECK(shown(first) == "2025-06-19T21:00:00.000Z");
  CHECK(shown(last) == "2025-06-20T23:00:00.000Z");
  CHECK((last - first) / 1h == 26);
}

TEST_CASE("a partner's day is that of its country, without one the campaign's", "[days]") {
  Roster world(four_countries);
  std::map<std::string, std::string> zones;
  for (const auto& partner : world.config.campaign.partners) zones[partner.id] = partner.zone;
  CHECK(zones["lisbon"] == "Europe/Lisbon");
  CHECK(zones["sofia"] == "Europe/Sofia");
  CHECK(zones["warsaw"] == "Europe/Warsaw");
  CHECK(zones["anywhere"] == "Europe/Warsaw");
}

TEST_CASE("T-07 a post of 19 June 22:30 UTC is of the campaign day, of 19 June in Portugal", "[days]") {
  FourCountries world(utc("2025-06-19T22:30:00Z"));
  CHECK(world.days_of("warsaw") == cells(1, 1));
  CHECK(world.days_of("anywhere") == cells(1, 1));
  CHECK(world.days_of("sofia") == cells(1, 1));
  CHECK(world.days_of("lisbon") == cells(1, 0));
}

TEST_CASE("T-08 a post of 20 June 22:00 UTC is of 21 June in Warsaw, and of 20 June in Portugal", "[days]") {
  FourCountries world(utc("2025-06-20T22:00:00.000Z"));
  CHECK(world.days_of("warsaw") == cells(0, 0));
  CHECK(world.days_of("anywhere") == cells(0, 0));
  CHECK(world.days_of("sofia") == cells(0, 0));
  CHECK(world.days_of("lisbon") == cells(0, 1));
}

TEST_CASE("a post that is 20 June only east of Warsaw is of the day there alone", "[days]") {
  FourCountries world(utc("2025-06-19T21:00:00Z"));
  CHECK(world.days_of("sofia") == cells(0, 1));
  CHECK(world.days_of("warsaw") == cells(0, 0));
  CHECK(world.days_of("lisbon") == cells(0, 0));
}

TEST_CASE("a local day that has not begun is unknown, not zero", "[days]") {
  auto now = utc("2025-06-19T22:30:00Z");
  Roster world(four_countries);
  world.read_all(now);
  auto day_of = [&](const char* partner) { return world.row(partner, now).on_local_day; };
  CHECK(day_of("sofia").value == 0.0);
  CHECK(day_of("warsaw").value == 0.0);
  CHECK_FALSE(day_of("lisbon").value.has_value());
  CHECK(day_of("lisbon").status == "unknown");
  CHECK(day_of("lisbon").reason == "this time has not come yet");
  CHECK(world.row("lisbon", now).on_campaign_day.value == 0.0);
}

TEST_CASE("a local day nobody read is unknown, though the channel is watched otherwise", "[days]") {
  Roster world(four_countries);
  for (const auto& source : world.config.campaign.sources)
    world.cover(utc("2025-06-21T00:00:00Z"), a_month_later, source.id);
  auto row = world.row("sofia");
  CHECK(row.mentions.value == 0.0);
  CHECK(row.mentions.status == "incomplete");
  CHECK_FALSE(row.on_local_day.value.has_value());
  CHECK(row.on_local_day.reason == "no source has been read in this time");
}

TEST_CASE("the days' sheet cuts at the campaign's midnight and adds up to the total", "[days]") {
  Roster world(four_countries);
  world.read_all();
  for (const char* at : {"2025-06-19T21:59:59.999Z", "2025-06-19T22:00:00Z", "2025-06-20T21:59:59.999Z",
                         "2025-06-20T22:00:00Z", "2025-03-30T00:59:00Z", "2025-03-30T01:01:00Z"})
    world.post("warsaw@social.example", "#AllIn", utc(at));
  auto days = world.sheet("by_day");
  std::map<std::string, std::int64_t> by_day;
  std::int64_t sum = 0;
  for (const auto& row : days.rows) {
    const auto* mentions = std::get_if<std::int64_t>(&row.at(2));
    if (mentions == nullptr || *mentions == 0) continue;
    by_day[std::get<std::string>(row.at(0))] += *mentions;
    sum += *mentions;
  }
  CHECK(by_day == std::map<std::string, std::int64_t>{
                      {"2025-03-30", 2}, {"2025-06-19", 1}, {"2025-06-20", 2}, {"2025-06-21", 1}});
  CHECK(static_cast<double>(sum) == world.total("M-01"));
}
