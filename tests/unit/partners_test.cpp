// What is said of each partner: five states, of which one is a zero.
#include "daemon/report/partners.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/roster.hpp"

using namespace campaignd;
using namespace campaignd::test;
using report::Cell;
using report::Figure;
using report::PartnerRow;
using report::PartnerState;
using store::Breakdown;

namespace {

/// Five partners, their channels read, two posts.
struct FiveStates : Roster {
  FiveStates() {
    read_all();
    post("used@social.example", "Today #AllIn");
    post("without@social.example", "Today", campaign_morning, "mastodon:without@social.example");
  }
};

std::vector<std::pair<const char*, Figure>> figures_of(const PartnerRow& row) {
  return {{"mentions", row.mentions},        {"without_tag", row.without_tag}, {"actions", row.actions},
          {"audience", row.audience},        {"articles", row.articles},       {"on_campaign_day", row.on_campaign_day},
          {"on_local_day", row.on_local_day}};
}

void check_unknown(const Figure& figure, const std::string& reason) {
  CHECK_FALSE(figure.value.has_value());
  CHECK_FALSE(figure.low.has_value());
  CHECK_FALSE(figure.high.has_value());
  CHECK(figure.status == "unknown");
  CHECK(figure.reason == reason);
}

}  // namespace

TEST_CASE("each partner is in one of five states, and words say which", "[partners]") {
  FiveStates world;
  auto words = [&](const char* partner) { return report::words_of(world.row(partner)); };
  CHECK(words("used") == "used the tag");
  CHECK(words("without") == "posted without it");
  CHECK(words("silent") == "nothing seen on 3 watched channels");
  CHECK(words("unread") == "channels known but not readable");
  CHECK(words("unknown") == "no channel configured");
  auto used = world.row("used");
  CHECK(used.mentions.value == 1.0);
  CHECK(used.mentions.status == "ok");
  CHECK(used.without_tag.value == 0.0);
  CHECK(used.actions.value == 3.0);
  CHECK(used.audience.low == 100.0);
  CHECK(shown(used.first_post) == shown(campaign_morning));
  CHECK(shown(used.last_read) == shown(a_month_later));
  auto without = world.row("without");
  CHECK(without.mentions.value == 0.0);
  CHECK(without.without_tag.value == 1.0);
  CHECK(shown(without.last_post) == shown(campaign_morning));
}

TEST_CASE("nothing seen on watched channels is the only zero", "[partners]") {
  FiveStates world;
  auto silent = world.row("silent");
  CHECK(silent.state == PartnerState::nothing_seen);
  CHECK(silent.channels == 3);
  CHECK(silent.watched == 3);
  for (const auto& figure : {silent.mentions, silent.without_tag, silent.articles, silent.on_local_day}) {
    INFO(figure.definition);
    CHECK(figure.value == 0.0);
    CHECK(figure.n == 0);
    CHECK(figure.status == "ok");
  }
  CHECK_FALSE(silent.first_post.has_value());
  for (auto [partner, state, reason] :
       {std::tuple("unread", PartnerState::not_readable, "channels known but not readable"),
        std::tuple("unknown", PartnerState::no_channel, "no channel configured")}) {
    auto row = world.row(partner);
    CHECK(row.state == state);
    CHECK(row.watched == 0);
    CHECK_FALSE(row.last_read.has_value());
    for (const auto& [name, figure] : figures_of(row)) {
      INFO(partner << " " << name);
      check_unknown(figure, reason);
    }
  }
}

TEST_CASE("the partners' sheet has a row for each, and an empty cell for what is not known", "[partners]") {
  FiveStates world;
  auto sheet = world.sheet("partners");
  REQUIRE(sheet.rows.size() == 5U);
  for (const char* column : {"posts", "posts_without_tag", "articles", "posts_campaign_day", "posts_local_day"}) {
    INFO(column);
    CHECK(cell_of(sheet, "silent", column) == Cell(std::int64_t{0}));
    CHECK(cell_of(sheet, "unread", column) == Cell());
    CHECK(cell_of(sheet, "unknown", column) == Cell());
  }
  CHECK(cell_of(sheet, "silent", "state") == Cell("nothing seen on 3 watched channels"));
  CHECK(cell_of(sheet, "silent", "completeness_pct") == Cell(100.0));
  CHECK(cell_of(sheet, "unread", "channels_known") == Cell(std::int64_t{2}));
  CHECK(cell_of(sheet, "unread", "channels_watched") == Cell(std::int64_t{0}));
  CHECK(cell_of(sheet, "unread", "completeness_pct") == Cell());
  CHECK(cell_of(sheet, "unread", "status") == Cell("unknown"));
  CHECK(cell_of(sheet, "unknown", "note") == Cell());  // the state says it
  CHECK(cell_of(sheet, "used", "posts") == Cell(std::int64_t{1}));
}

TEST_CASE("a zero says when a channel lags, and when one cannot be read", "[partners]") {
  Roster lagging;
  for (const char* channel : {"mastodon:silent@social.example", "mastodon:silent@other.example"})
    lagging.cover(lagging.edition().from, a_month_later, channel);
  lagging.cover(a_month_later - 24h, a_month_later, "silent.example/news");
  auto late = lagging.row("silent");
  CHECK(late.watched == 3);
  CHECK(late.mentions.value == 0.0);
  CHECK(late.mentions.status == "ok");  // its accounts are read; the site shows no posts
  CHECK(late.articles.value == 0.0);
  CHECK(late.articles.status == "incomplete");
  CHECK(late.articles.reason.find("1 of 1 sources cover less than 95 %") != std::string::npos);

  Roster partly(R"([[partner]]
id = "ngo"
name = "N"
accounts = ["mastodon:ngo@social.example", "tiktok:ngo"]
)");
  partly.read_all();
  auto row = partly.row("ngo");
  CHECK(row.state == PartnerState::nothing_seen);
  CHECK(report::words_of(row) == "nothing seen on 1 watched channel");
  CHECK(row.mentions.value == 0.0);
  CHECK(row.mentions.status == "incomplete");
  CHECK(row.mentions.reason == "1 of 2 channels are read");
}

TEST_CASE("a channel that has not been read yet is known, not watched", "[partners]") {
  Roster world;
  auto row = world.row("silent");
  CHECK(row.state == PartnerState::not_readable);
  CHECK(row.channels == 3);
  CHECK(row.watched == 0);
  check_unknown(row.mentions, "channels known but not readable");
}

TEST_CASE("a channel read only before the window is not watched in it", "[partners]") {
  Roster world;
  world.read_all(utc("2025-07-01T00:00:00Z"));
  report::Window july{utc("2025-07-02T00:00:00Z"), a_month_later, "July"};
  auto row = world.row("silent", july);
  CHECK(row.state == PartnerState::not_readable);
  CHECK(row.watched == 0);
  CHECK_FALSE(row.mentions.value.has_value());
  // The campaign day lies before that window, and was read.
  CHECK(row.on_campaign_day.value == 0.0);
  CHECK(row.on_campaign_day.reason.find("elsewhere") == std::string::npos);
  CHECK(world.row("silent").state == PartnerState::nothing_seen);
}

TEST_CASE("a partner seen elsewhere while its own channels are unread used the tag, at least so often", "[partners]") {
  Roster world(R"([[partner]]
id = "away"
name = "Away"
accounts = ["mastodon:Away@mk.example", "tiktok:away"]
[[partner]]
id = "press"
name = "Press"
outlets = ["press.example"]
)");
  world.cover(world.edition().from, a_month_later, "tags");
  world.post("away@mk.example", "Seen through another server #AllIn");
  auto row = world.row("away");
  CHECK(row.state == PartnerState::used_tag);
  CHECK(row.watched == 0);
  CHECK(row.mentions.value == 1.0);
  CHECK(row.mentions.status == "incomplete");
  CHECK(row.mentions.reason == "seen elsewhere; none of its own channels is read");
  CHECK(row.audience.low == 100.0);
  const auto why = "channels known but not readable";
  check_unknown(row.without_tag, why);
  check_unknown(row.articles, why);

  world.article("https://press.example/1", "About #AllIn");
  auto press = world.row("press");
  CHECK(press.state == PartnerState::used_tag);
  CHECK(press.articles.value == 1.0);
  CHECK(press.articles.status == "incomplete");
  check_unknown(press.mentions, "no channel configured");
}

// Counted among neither the mentions nor the posts without a match, they once made a partner look silent.
TEST_CASE("a post with the word alone is a post without the tag", "[partners]") {
  Roster world;
  world.read_all();
  world.post("silent@social.example", "We are AllIn for it");
  auto row = world.row("silent");
  CHECK(row.state == PartnerState::posted_without);
  CHECK(row.mentions.value == 0.0);
  CHECK(row.without_tag.value == 0.0);
  CHECK(world.total("M-01-plain") == 1.0);
}

TEST_CASE("an article on a partner's pages counts for it, with the campaign and without", "[partners]") {
  Roster world;
  world.read_all();
  world.article("https://silent.example/news/1", "Nothing of the campaign");
  auto row = world.row("silent");
  CHECK(row.state == PartnerState::posted_without);
  CHECK(row.articles_without_tag.value == 1.0);
  CHECK(row.without_tag.value == 0.0);
  CHECK(row.articles.value == 0.0);
  world.article("https://silent.example/news/2", "All about #AllIn");
  row = world.row("silent");
  CHECK(row.state == PartnerState::used_tag);
  CHECK(row.articles.value == 1.0);
  CHECK(row.mentions.value == 0.0);
}

TEST_CASE("what a partner posted outside the window does not change its state in it", "[partners]") {
  Roster world;
  world.read_all();
  world.post("used@social.example", "In June #AllIn");
  report::Window july{utc("2025-07-01T00:00:00Z"), a_month_later, "July"};
  CHECK(world.row("used", july).state == PartnerState::nothing_seen);
  CHECK(world.row("used").state == PartnerState::used_tag);
}

TEST_CASE("a channel is counted once, whatever source stands in for it", "[partners]") {
  Roster world(R"([[partner]]
id = "ngo"
name = "N"
accounts = ["mastodon:ngo@social.example"]
sites = ["https://ngo.example/", "https://www.ngo.example"]
[[source]]
id = "mastodon:ngo@social.example"
connector = "feed"
url = "https://social.example/@ngo.rss"
[[source]]
id = "ngo-news"
connector = "page"
url = "https://ngo.example"
)");
  world.read_all();
  auto row = world.row("ngo");
  CHECK(row.channels == 2);
  CHECK(row.watched == 2);
  CHECK(row.articles.status == "ok");
  check_unknown(row.mentions, "no source here shows posts");
}

TEST_CASE("M-19 partners' rows and everybody else's add up to the total", "[partners]") {
  FiveStates world;
  world.post("silent@social.example", "One account #AllIn");
  world.post("silent@other.example", "And the other #AllIn");
  world.post("unread@elsewhere.example", "No partner's account #AllIn");
  world.post("ala@home.example", "Anybody #AllIn");
  world.article("https://silent.example/news/2", "#AllIn");
  world.article("https://onet.example/2", "#AllIn");
  auto sum_of_rows = [&](Figure PartnerRow::*figure) {
    double sum = 0;
    for (const auto& row : world.rows(world.whole())) sum += (row.*figure).value.value_or(0);
    return sum;
  };
  auto of_others = [&](const char* metric) {
    auto rows = world.by(metric, Breakdown::partner);
    return rows.contains("") ? rows.at("").value.value_or(0) : 0;
  };
  for (auto [metric, figure, partners, others] :
       {std::tuple("M-01", &PartnerRow::mentions, 3.0, 2.0), std::tuple("M-07", &PartnerRow::actions, 9.0, 6.0),
        std::tuple("M-13-owned", &PartnerRow::articles, 1.0, 0.0),
        std::tuple("M-01-owned", &PartnerRow::without_tag, 1.0, 0.0)}) {
    INFO(metric);
    CHECK(sum_of_rows(figure) == partners);
    CHECK(of_others(metric) == others);
    CHECK(world.total(metric) == partners + others);
  }
  CHECK(world.row("silent").mentions.value == 2.0);
  CHECK(world.total("M-13") == 1.0);
}
