// The partners' sheet: the figures of each, whose its accounts are, how its posts do beside its own earlier ones, and
// whether it posts more than the others.
#include <fmt/format.h>

#include "daemon/report/evidence.hpp"
#include "daemon/report/exact.hpp"
#include "daemon/report/kinds.hpp"
#include "daemon/report/partners.hpp"
#include "daemon/report/scores.hpp"

namespace campaignd::report {

namespace {

struct PartnerNotes {
  std::string evidence;              ///< "mastodon:ipa@social.example: verified link (https://ipa.example/)"
  Score score;                       ///< beside its own earlier posts
  std::string_view beside_others{};  ///< "more", "fewer", "not distinguishable"; empty: it cannot be said
};

/// Posts with the tag, and for how much of the time the partner's accounts were read.
struct Posted {
  double posts = 0, read = 0;
};

Posted posted(const PartnerRow& row) {
  double read = row.mentions.coverage.value_or(0);
  if (!row.mentions.value || read <= 0) return {};
  return {*row.mentions.value, read};
}

std::string_view beside_others(const PartnerRow& row, const Posted& all) {
  auto own = posted(row);
  Posted others{all.posts - own.posts, all.read - own.read};
  if (own.read <= 0 || others.read <= 0) return {};
  return beside(own.posts, own.read, others.posts, others.read);
}

std::string evidence_in_words(const std::vector<Proof>& proofs) {
  std::string out;
  for (const auto& each : proofs)
    out += fmt::format("{}{}: {}{}", out.empty() ? "" : "; ", each.account, each.why,
                       each.detail.empty() ? "" : " (" + each.detail + ")");
  return out;
}

/// In the order of the rows. No partner has a place among the others: chance alone would give most of them another.
std::vector<PartnerNotes> partner_notes(const Scope& scope, const std::vector<PartnerRow>& rows) {
  auto evidence = evidence_by_partner(scope.db, scope.now);
  auto scores = partner_scores(scope.db, scope.edition, scope.window, scope.now);
  Posted all;
  for (const auto& row : rows) all.posts += posted(row).posts, all.read += posted(row).read;
  std::vector<PartnerNotes> out;
  for (const auto& row : rows) {
    const auto& id = row.partner->id;
    out.push_back({evidence_in_words(evidence[id]), scores[id], beside_others(row, all)});
  }
  return out;
}

/// Why a partner's figures are less than they might be: what its state does not say already.
std::string note_of(const PartnerRow& row) {
  auto reason = row.mentions.reason == words_of(row) ? std::string{} : row.mentions.reason;
  return reason + (reason.empty() || row.trouble.empty() ? "" : ": ") + row.trouble;
}

}  // namespace

/// A row for every partner, zeros and unknowns included.
Sheet make_partners(const Scope& scope) {
  Sheet sheet{"partners",
              {"partner_id",
               "name",
               "country",
               "type",
               "role",
               "state",
               "channels_known",
               "channels_watched",
               "posts",
               "posts_without_tag",
               "actions",
               "actions_low",
               "actions_high",
               "audience_lower",
               "audience_upper",
               "articles",
               "articles_without_tag",
               "posts_campaign_day",
               "local_zone",
               "posts_local_day",
               "first_post_utc",
               "last_post_utc",
               "last_read_utc",
               "evidence",
               "score",
               "score_n",
               "score_note",
               "posts_beside_others",
               "completeness_pct",
               "status",
               "note"},
              {}};
  sheet.brief = {{"partner_id", "partner", "-"},
                 {"country", "country", "-"},
                 {"state", "state"},
                 {"posts", "posts"},
                 {"posts_without_tag", "without the tag"},
                 {"articles", "articles"},
                 {"actions", "reactions"},
                 {"posts_beside_others", "than others", "-"},
                 {"last_post_utc", "last post", "-"},
                 {"completeness_pct", "covered"},
                 {"note", "note", "-"}};
  auto rows = partner_rows(scope.db, scope.campaign, scope.edition, scope.window, scope.now);
  auto notes = partner_notes(scope, rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& each = rows[i];
    const auto& note = notes[i];
    const Partner& partner = *each.partner;
    sheet.rows.push_back({partner.id,
                          partner.name,
                          text_or_nothing(partner.country),
                          text_or_nothing(partner.type),
                          text_or_nothing(partner.role),
                          words_of(each),
                          each.channels,
                          each.watched,
                          cell(each.mentions.value),
                          cell(each.without_tag.value),
                          cell(each.actions.value),
                          cell(each.actions.low),
                          cell(each.actions.high),
                          cell(each.audience.low),
                          cell(each.audience.high),
                          cell(each.articles.value),
                          cell(each.articles_without_tag.value),
                          cell(each.on_campaign_day.value),
                          partner.zone,
                          cell(each.on_local_day.value),
                          cell(each.first_post),
                          cell(each.last_post),
                          cell(each.last_read),
                          text_or_nothing(note.evidence),
                          cell(note.score.value),
                          note.score.n,
                          text_or_nothing(note.score.reason),
                          text_or_nothing(std::string(note.beside_others)),
                          percent(each.mentions.coverage),
                          each.mentions.status,
                          text_or_nothing(note_of(each))});
  }
  return sheet;
}

}  // namespace campaignd::report
