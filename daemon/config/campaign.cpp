#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "connectors/reading/text.hpp"
#include "daemon/config/codes.hpp"
#include "daemon/config/forms.hpp"
#include "daemon/config/read.hpp"

namespace campaignd {

namespace {

constexpr auto usual_baseline = std::chrono::days(28);

void check_id(Table& table, std::string_view kind, const std::string& id) {
  if (!is_name(id)) table.complain_at("id", fmt::format("the id of a {} is letters, digits, '-' and '_' only", kind));
}

std::optional<sys_ms> read_day(Table& table, std::string_view key, const std::string& zone) {
  auto date = table.date(key);
  return date ? day_start(zone, date->year, date->month, date->day) : std::nullopt;
}

std::optional<sys_ms> required_day(Table& table, std::string_view key, const std::string& zone) {
  if (!table.has(key)) table.complain_at(key, fmt::format("{} is missing: a date such as 2027-06-20", key));
  return read_day(table, key, zone);
}

void read_edition(Table& table, Campaign& campaign) {
  Edition edition;
  edition.id = table.required("id", "a short name such as \"2027\"");
  check_id(table, "edition", edition.id);  // it names files
  auto day = table.date("day");
  if (day) edition.day = fmt::format("{:04}-{:02}-{:02}", day->year, day->month, day->day);
  required_day(table, "day", campaign.zone);
  auto from = required_day(table, "from", campaign.zone);
  auto until = required_day(table, "until", campaign.zone);
  auto baseline = table.duration("baseline").value_or(usual_baseline);
  if (!day || !from || !until) return;
  edition.from = *from;
  edition.until = *until;
  edition.baseline_from = *from - baseline;
  auto [day_from, day_until] = day_in(campaign.zone, edition);
  edition.day_from = day_from;
  edition.day_until = day_until;
  if (*until <= *from) table.complain_at("until", "until lies before from: an edition ends after it begins");
  if (day_from < *from || day_until > *until) table.complain_at("day", "the campaign day lies outside the edition");
  for (const auto& other : campaign.editions) {
    if (edition.id != other.id && edition.from < other.until && other.from < edition.until)
      table.complain_at("from", fmt::format("edition '{}' overlaps edition '{}'", edition.id, other.id));
  }
  campaign.editions.push_back(std::move(edition));
}

void check_hashtag(Table& table, const Term& term) {
  auto body = fold(term.text);
  if (body.starts_with('#')) body.erase(0, 1);
  if (!body.empty() && hashtags_in("#" + body) != std::vector{body})
    table.complain_at("text", fmt::format("'{}' cannot be a hashtag: letters, digits and '_' only", term.text));
}

void read_term(Table& table, Campaign& campaign) {
  constexpr std::array<std::string_view, 5> classes{"hashtag", "variant", "plain", "phrase", "link"};
  Term term;
  term.id = table.required("id", "a short name such as \"tag\"");
  check_id(table, "term", term.id);
  if (!table.has("class")) table.complain_at("class", "class is missing: one of hashtag, variant, plain, phrase, link");
  term.match_class = *match_class_named(table.choice("class", classes));
  term.text = table.required("text", "what to look for");
  term.all = table.texts("all");
  term.any = table.texts("any");
  term.none = table.texts("none");
  term.from = read_day(table, "from", campaign.zone);
  term.until = read_day(table, "until", campaign.zone);
  if (term.from && term.until && *term.until <= *term.from)
    table.complain_at("until", "until lies before from: a term is looked for from the one day until the other");
  if (is_tag(term.match_class)) check_hashtag(table, term);
  campaign.terms.push_back(std::move(term));
}

}  // namespace

void read_campaign(Table& root, Campaign& campaign) {
  root.table("campaign", [&](Table& table) {
    campaign.id = table.required("id", "a short name");
    campaign.name = table.required("name", "the name people know, such as \"#AllInForIntegration\"");
    campaign.zone = table.text("zone", "Europe/Warsaw");
    for (const auto& outlet : table.texts("outlets")) campaign.outlets_owned.push_back(fold(outlet));
    auto wrong = zone_problem(campaign.zone);
    if (wrong.empty()) return;
    table.complain_at("zone", std::move(wrong));
    campaign.zone = "UTC";
  });
  root.tables("edition", [&](Table& table) { read_edition(table, campaign); });
  root.tables("term", [&](Table& table) { read_term(table, campaign); });
  std::ranges::sort(campaign.editions, {}, &Edition::from);
}

}  // namespace campaignd
