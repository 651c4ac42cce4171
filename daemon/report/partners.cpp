#include "daemon/report/partners.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "daemon/store/as_of.hpp"

namespace campaignd::report {

using store::Breakdown;
using store::Query;
using ByPartner = std::map<std::string, Figure>;
using Span = std::pair<sys_ms, sys_ms>;

namespace {

/// What the store knows of a source.
struct Reads {
  std::optional<sys_ms> last_success;
  std::string message;
};

/// Of a moment of the past, when it had been read last.
std::map<std::string, Reads> reads_of(store::Database& db) {
  constexpr auto today = "SELECT id, last_success_utc, coalesce(message, '') FROM source",
                 then = "SELECT source, max(until_utc), '' FROM covered GROUP BY source";
  std::map<std::string, Reads> out;
  for (Query all(db, store::is_of_the_past(db) ? then : today); all.next();)
    out[all.text(0)] = {all.maybe_time(1), all.text(2)};
  return out;
}

/// How many channels are known of a partner, how many of them were read, and why the others were not. The source of an
/// account is called as the account is.
void count_channels(const Campaign& campaign, const Figures& figures, const std::map<std::string, Reads>& reads,
                    PartnerRow& row) {
  std::set<std::string> known(row.partner->accounts.begin(), row.partner->accounts.end());
  std::set<std::string> sources;
  auto say = [&](const std::string& why) { row.trouble += (row.trouble.empty() ? "" : "; ") + why; };
  bool waiting = false;
  for (const auto& source : campaign.sources) {
    if (source.partner != row.partner->id) continue;
    known.insert(source.id);
    sources.insert(source.id);
    auto read = reads.find(source.id);
    if (read != reads.end() && read->second.last_success)
      row.last_read = std::max(row.last_read.value_or(sys_ms()), *read->second.last_success);
    auto covered = figures.coverage_by_source().find(source.id);
    if (covered != figures.coverage_by_source().end() && covered->second.covered.count() > 0)
      ++row.watched;
    else if (read != reads.end() && !read->second.message.empty())
      say(read->second.message);
    else
      waiting = true;
  }
  if (waiting) say("not read so far");
  for (const auto& account : row.partner->accounts) {
    if (sources.contains(account)) continue;
    auto platform = account.substr(0, account.find(':'));
    bool is_off = std::ranges::any_of(campaign.off, [&](const auto& each) { return each.source.id == account; });
    say(is_off ? fmt::format("{} shows it to nobody without a credential", platform)
               : "no connector reads " + platform);
  }
  row.channels = std::ssize(known);
}

/// What is known of a partner only if its channels are read: a zero where they are, unknown where not.
Figure completed(Figure figure, const PartnerRow& row) {
  if (!figure.value && !figure.low) {
    if (row.channels == 0)
      figure.reason = "no channel configured";
    else if (row.watched == 0 && figure.reason != not_yet)
      figure.reason = "channels known but not readable";
  } else if (figure.coverage.value_or(0) <= 0) {
    figure.status = "incomplete";
    figure.reason = "seen elsewhere; none of its own channels is read";
  } else if (row.watched < row.channels && figure.status == "ok") {
    figure.status = "incomplete";
    figure.reason = fmt::format("{} of {} channels are read", row.watched, row.channels);
  }
  return figure;
}

/// A metric's figure for every partner, from one run of its file.
class PerPartner {
 public:
  PerPartner(Figures& figures, std::string_view metric)
      : figures_(figures), metric_(metric), found_(figures.by(metric, Breakdown::partner)) {}
  Figure of(const PartnerRow& row) const {
    auto found = found_.find(row.partner->id);
    return completed(found != found_.end() ? found->second : figures_.empty_of_partner(metric_, row.partner->id), row);
  }

 private:
  Figures& figures_;
  const std::string_view metric_;
  const ByPartner found_;
};

/// Mentions of each partner on the campaign day of its own zone.
class LocalDays {
 public:
  LocalDays(store::Database& db, const Campaign& campaign, const Edition& edition, sys_ms now) {
    for (const auto& partner : campaign.partners) {
      auto [from, until] = day_in(partner.zone, edition);
      auto& day = days_[{from, until}];
      if (day) continue;
      Window window{from, until, edition.day};
      day = std::make_unique<Figures>(db, campaign, edition, window, now);
      mentions_.emplace(Span(from, until), PerPartner(*day, "M-01"));
    }
  }
  Figure of(const PartnerRow& row, Day day) const { return mentions_.at({day.from, day.until}).of(row); }

 private:
  std::map<Span, std::unique_ptr<Figures>> days_;
  std::map<Span, PerPartner> mentions_;
};

/// What is there of a partner: first and last post, and whether any carries the tag.
struct Posts {
  sys_ms first, last;
  bool tagged = false;
};

std::map<std::string, Posts> posts_of_partners(store::Database& db, const Edition& edition, const Window& window) {
  std::map<std::string, Posts> out;
  Query query(db,
              "SELECT partner, min(at_utc), max(at_utc), max(class = 'hashtag') FROM reading WHERE edition = ? AND "
              "partner IS NOT NULL AND "
              "at_utc >= ? AND at_utc < ? GROUP BY partner",
              edition.id, window.from, window.until);
  while (query.next()) out[query.text(0)] = {query.time(1), query.time(2), query.integer(3) != 0};
  return out;
}

PartnerState state_of(const PartnerRow& row, bool tagged) {
  if (tagged) return PartnerState::used_tag;
  if (row.first_post) return PartnerState::posted_without;  // also with the word, the slogan or a misspelt tag
  if (row.watched > 0) return PartnerState::nothing_seen;
  return row.channels > 0 ? PartnerState::not_readable : PartnerState::no_channel;
}

}  // namespace

std::string_view name_of(PartnerState state) {
  constexpr std::string_view names[] = {"used_tag", "posted_without", "nothing_seen", "not_readable", "no_channel"};
  return names[static_cast<std::size_t>(state)];
}

std::string words_of(const PartnerRow& row) {
  switch (row.state) {
    case PartnerState::used_tag: return "used the tag";
    case PartnerState::posted_without: return "posted without it";
    case PartnerState::nothing_seen:
      return fmt::format("nothing seen on {} watched {}", row.watched, row.watched == 1 ? "channel" : "channels");
    case PartnerState::not_readable: return "channels known but not readable";
    default: return "no channel configured";
  }
}

std::vector<PartnerRow> partner_rows(store::Database& db, const Campaign& campaign, const Edition& edition,
                                     Window window, sys_ms now) {
  auto spans = posts_of_partners(db, edition, window);
  auto reads = reads_of(db);
  Figures figures(db, campaign, edition, window, now);
  Figures day(db, campaign, edition, {edition.day_from, edition.day_until, edition.day}, now);
  PerPartner mentions(figures, "M-01"), without_tag(figures, "M-01-owned"), actions(figures, "M-07"),
      audience(figures, "M-04"), articles(figures, "M-13-owned"), articles_without_tag(figures, "M-13-untagged"),
      campaign_day(day, "M-01");
  LocalDays local_days(db, campaign, edition, now);
  std::vector<PartnerRow> out;
  for (const auto& partner : campaign.partners) {
    PartnerRow row;
    row.partner = &partner;
    count_channels(campaign, figures, reads, row);
    row.mentions = mentions.of(row);
    row.without_tag = without_tag.of(row);
    row.actions = actions.of(row);
    row.audience = audience.of(row);
    row.articles = articles.of(row);
    row.articles_without_tag = articles_without_tag.of(row);
    row.on_campaign_day = campaign_day.of(row);
    row.on_local_day = local_days.of(row, day_in(partner.zone, edition));
    bool tagged = false;
    if (auto span = spans.find(partner.id); span != spans.end()) {
      row.first_post = span->second.first;
      row.last_post = span->second.last;
      tagged = span->second.tagged;
    }
    row.state = state_of(row, tagged);
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace campaignd::report
