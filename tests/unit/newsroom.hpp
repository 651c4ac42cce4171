#pragma once
/// A newsroom for tests: articles through the gate into a store, and what the figures and sheets then say.
#include <algorithm>
#include <catch2/catch.hpp>

#include "connectors/platforms/feed.hpp"
#include "daemon/collect/gate.hpp"
#include "daemon/report/overview.hpp"
#include "daemon/report/sheets.hpp"
#include "tests/unit/support.hpp"

namespace campaignd::test {

using namespace std::chrono_literals;

inline const sys_ms morning = utc("2025-06-20T08:00:00Z");
inline const sys_ms later = utc("2025-07-20T12:00:00Z");
inline const std::string headline = "Government presents its plan for integration";
inline const std::string agency_text =
    "The government presented its plan for the integration of refugees on Friday. Municipalities will receive money "
    "for language courses, and employers are to be paid for every apprentice they take on. Organisations that work "
    "with refugees welcomed the plan, but asked why the courses end after a single year. #AllIn";

inline Config make_config() {
  Config config;
  config.campaign = small_campaign();
  config.campaign.sources[0].connector = "feed";
  Term tag;
  tag.id = "tag";
  tag.text = "AllIn";
  config.campaign.terms = {tag};
  Partner partner;
  partner.id = "ngo";
  partner.name = "An Organisation";
  partner.outlets = {"ngo.example"};
  config.campaign.partners = {partner};
  for (const auto& outlet :
       {Outlet{"lemonde.fr", "Le Monde", "FR", false}, Outlet{"onet.pl", "Onet", "PL", false},
        Outlet{"rp.pl", "Rzeczpospolita", "PL", false}, Outlet{"wire.example", "Wire", "US", true}})
    config.campaign.outlets[outlet.domain] = outlet;
  return config;
}

/// An item of an outlet's own feed.
inline Finding article(const std::string& url, const std::string& title, sys_ms published = morning,
                       const std::string& text = "Short, with #AllIn") {
  Finding finding;
  auto& post = finding.post;
  post.platform = "feed";
  post.uri = post.url = finding.local_id = url;
  auto host = url.substr(url.find("://") + 3);
  post.host = host.substr(0, host.find('/'));
  post.author.key = post.author.name = post.host;
  post.author.media = true;
  post.kind = Kind::article;
  post.published = published;
  post.title = title;
  post.text = text;
  return finding;
}

/// The same as a search feed shows it: an opaque link, and the outlet by name and host.
inline Finding search_item(const std::string& token, const std::string& title, sys_ms published = morning) {
  auto finding = article("https://news.google.com/rss/articles/" + token + "?oc=5", title + " - Le Monde", published,
                         title + " - Le Monde #AllIn");
  finding.post.host = finding.post.author.key = "lemonde.fr";
  finding.post.author.name = "Le Monde";
  return finding;
}

struct Newsroom : World {
  Config config = make_config();
  collect::Gate gate{config, collect::Keys::open(dir.path(), {"2025"}, false)};
  Newsroom() {
    books.configure({make_source("one", "v1")}, "2025", edition_2025().from);
    cover(edition_2025().from, later);
  }
  /// A source of posts besides, which has shown none.
  void watch_posts() {
    config.campaign.sources.push_back(config.campaign.sources.front());
    config.campaign.sources.back().id = "two";
    config.campaign.sources.back().connector = "mastodon";
    books.configure({make_source("one", "v1"), make_source("two", "v1")}, "2025", edition_2025().from);
    cover(edition_2025().from, later, "two");
  }
  void read(const Finding& finding, sys_ms now = later) { see(gate.admit({finding}, feed_contract, now).facts, now); }
  double figure(std::string_view metric) const {
    store::Database db(file, store::Access::read);
    auto edition = edition_2025();
    report::Figures figures(db, config.campaign, edition, {edition.from, edition.until, ""}, later);
    return figures.of(metric).value.value_or(-1);
  }
  std::map<std::string, report::Figure> by_country(std::string_view metric) const {
    store::Database db(file, store::Access::read);
    auto edition = edition_2025();
    report::Figures figures(db, config.campaign, edition, {edition.from, edition.until, ""}, later);
    return figures.by(metric, store::Breakdown::outlet_country);
  }
  std::string text(const char* sql) const {
    store::Database db(file, store::Access::read);
    store::Query query(db, sql);
    return query.next() ? query.text(0) : "no row";
  }
  std::string sentence(sys_ms now = later) const {
    store::Database db(file, store::Access::read);
    auto edition = edition_2025();
    return report::sentence(db, config.campaign, edition, {edition.from, edition.until, "Edition 2025"}, now);
  }
  /// One cell of the first row.
  report::Cell cell(std::string_view name, std::string_view column) const {
    auto made = sheet(name);
    auto at = std::ranges::find(made.columns, column) - made.columns.begin();
    return made.rows.at(0).at(static_cast<std::size_t>(at));
  }
  report::Sheet sheet(std::string_view name) const {
    store::Database db(file, store::Access::read);
    auto edition = edition_2025();
    return report::make_sheet(name, db, config.campaign, edition, {edition.from, edition.until, ""}, later).value();
  }
};

inline const std::vector<std::string> outlets{"a.example", "b.example", "c.example", "onet.pl", "rp.pl", "lemonde.fr"};

}  // namespace campaignd::test
