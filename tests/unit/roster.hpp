#pragma once
/// Partners for tests: from a configuration as somebody writes it, through the gate into a store, to what is said of
/// them.
#include <algorithm>
#include <catch2/catch.hpp>

#include "connectors/platforms/feed.hpp"
#include "connectors/platforms/mastodon.hpp"
#include "daemon/collect/collector.hpp"
#include "daemon/report/partners.hpp"
#include "daemon/report/sheets.hpp"
#include "tests/unit/support.hpp"

namespace campaignd::test {

using namespace std::chrono_literals;

inline const sys_ms campaign_morning = utc("2025-06-20T08:00:00Z");
inline const sys_ms a_month_later = utc("2025-07-20T12:00:00Z");

/// The edition of 2025, a tag source, and the tag in two classes.
inline const std::string roster_head = R"([campaign]
id = "c"
name = "C"
zone = "Europe/Warsaw"
[[edition]]
id = "2025"
day = 2025-06-20
from = 2025-01-01
until = 2026-01-01
[[term]]
id = "tag"
class = "hashtag"
text = "AllIn"
[[term]]
id = "word"
class = "plain"
text = "AllIn"
[[source]]
id = "tags"
connector = "mastodon"
host = "social.example"
tags = ["AllIn"]
)";

/// One in each state, once the first two have posted and the third's channels are read.
inline const std::string five_partners = R"([[partner]]
id = "used"
name = "Used It"
country = "PL"
accounts = ["mastodon:used@social.example"]
[[partner]]
id = "without"
name = "Posted Without"
country = "BG"
accounts = ["mastodon:without@social.example"]
[[partner]]
id = "silent"
name = "Silent"
country = "PT"
accounts = ["mastodon:silent@social.example", "mastodon:silent@other.example"]
sites = ["https://silent.example/news"]
[[partner]]
id = "unread"
name = "Not Readable"
accounts = ["tiktok:unread", "linkedin:company/unread"]
[[partner]]
id = "unknown"
name = "Without A Channel"
)";

inline Config load(const TempDir& dir, const std::string& text) {
  auto loaded = load_config(dir.write("campaignd.toml", text));
  if (auto* wrong = std::get_if<Problems>(&loaded))
    for (const auto& each : *wrong) UNSCOPED_INFO(each.text());
  REQUIRE(std::holds_alternative<Config>(loaded));
  return std::get<Config>(std::move(loaded));
}

struct Roster : World {
  Config config;
  collect::Gate gate;
  explicit Roster(const std::string& partners = five_partners)
      : config(load(dir, roster_head + partners)), gate(config, collect::Keys::open(dir.path(), {"2025"}, false)) {
    books.configure(collect::source_entries(config, "2025"), "2025", edition().from);
  }
  const Edition& edition() const { return config.campaign.editions.front(); }
  report::Window whole() const { return {edition().from, edition().until, "Edition 2025"}; }

  /// All sources have been read from the edition's start until then.
  void read_all(sys_ms until = a_month_later) {
    for (const auto& source : config.campaign.sources) cover(edition().from, until, source.id);
  }
  /// A post of that account, as a source showed it.
  void post(const std::string& account, const std::string& text, sys_ms published = campaign_morning,
            const std::string& source = "tags") {
    auto finding = make_finding(std::to_string(++posts_), account, published);
    finding.post.text = text;
    finding.counters.likes = 3;
    finding.post.author.followers = 100;
    see(gate.admit({finding}, mastodon_contract, a_month_later).facts, a_month_later, source);
  }
  void article(const std::string& url, const std::string& text, sys_ms published = campaign_morning) {
    Finding finding;
    auto& post = finding.post;
    post.platform = "feed";
    post.uri = post.url = finding.local_id = url;
    auto host = url.substr(url.find("://") + 3);
    post.host = post.author.key = post.author.name = host.substr(0, host.find('/'));
    post.author.media = true;
    post.kind = Kind::article;
    post.published = published;
    post.title = "A title of " + url;
    post.text = text;
    see(gate.admit({finding}, feed_contract, a_month_later).facts, a_month_later, "feed");
  }

  std::vector<report::PartnerRow> rows(const report::Window& window, sys_ms now = a_month_later) const {
    store::Database db(file, store::Access::read);
    return report::partner_rows(db, config.campaign, edition(), window, now);
  }
  report::PartnerRow row(std::string_view partner, const report::Window& window, sys_ms now = a_month_later) const {
    for (auto& each : rows(window, now))
      if (each.partner->id == partner) return each;
    throw std::invalid_argument("no partner " + std::string(partner));
  }
  report::PartnerRow row(std::string_view partner, sys_ms now = a_month_later) const {
    return row(partner, whole(), now);
  }
  double total(std::string_view metric) const {
    store::Database db(file, store::Access::read);
    return report::Figures(db, config.campaign, edition(), whole(), a_month_later).of(metric).value.value_or(-1);
  }
  std::map<std::string, report::Figure> by(std::string_view metric, store::Breakdown breakdown) const {
    store::Database db(file, store::Access::read);
    return report::Figures(db, config.campaign, edition(), whole(), a_month_later).by(metric, breakdown);
  }
  report::Sheet sheet(std::string_view name, sys_ms now = a_month_later) const {
    store::Database db(file, store::Access::read);
    return report::make_sheet(name, db, config.campaign, edition(), whole(), now).value();
  }

 private:
  int posts_ = 0;
};

/// The cell of a sheet's row whose first cell is `key`.
inline report::Cell cell_of(const report::Sheet& sheet, std::string_view key, std::string_view column) {
  auto at = std::ranges::find(sheet.columns, column) - sheet.columns.begin();
  for (const auto& row : sheet.rows)
    if (row.front() == report::Cell(std::string(key))) return row.at(static_cast<std::size_t>(at));
  throw std::invalid_argument("no row " + std::string(key));
}

}  // namespace campaignd::test
