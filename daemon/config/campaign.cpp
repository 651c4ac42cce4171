#include <date/date.h>
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
constexpr auto morning = std::chrono::hours(8);
constexpr int final_after_days = 14;

std::string read_id(Table& table, std::string_view what) {
  auto id = table.required("id", what);
  if (auto wrong = id_problem(id); !wrong.empty()) table.complain_at("id", std::move(wrong));
  return id;
}

std::optional<sys_ms> start_of(const std::optional<LocalDate>& date, const std::string& zone) {
  return date ? day_start(zone, date->year, date->month, date->day) : std::nullopt;
}

std::optional<LocalDate> required_date(Table& table, std::string_view key) {
  if (!table.has(key)) table.complain_at(key, fmt::format("{0} is missing: write {0} = 2027-06-20", key));
  return table.date(key);
}

LocalDate days_after(const LocalDate& day, int days) {
  date::year_month_day after(date::sys_days(date::year(day.year) / date::month(day.month) / date::day(day.day)) +
                             date::days(days));
  return {int(after.year()), unsigned(after.month()), unsigned(after.day())};
}

/// When the edition's figures are preliminary and when final, unless it is written: the morning after the campaign day,
/// and two weeks after it.
struct Milestones {
  std::optional<LocalDate> preliminary, final_day;
};

void set_milestones(Table& table, const Milestones& written, const std::string& zone, const LocalDate& day,
                    Edition& edition) {
  auto preliminary = written.preliminary.value_or(days_after(day, 1));
  auto preliminary_at = day_start(zone, preliminary.year, preliminary.month, preliminary.day, morning);
  auto final_at = start_of(written.final_day.value_or(days_after(day, final_after_days)), zone);
  if (!preliminary_at || !final_at) return;
  edition.preliminary_at = *preliminary_at;
  edition.final_at = *final_at;
  if (edition.preliminary_at < edition.day_until)
    table.complain_at("preliminary", "preliminary does not lie after the campaign day: that has to be over");
  if (edition.final_at < edition.preliminary_at)
    table.complain_at("final", "final does not lie after preliminary: figures are preliminary before they are final");
}

/// Days besides the campaign day that will be as busy.
void set_peaks(Table& table, const std::vector<LocalDate>& written, const std::string& zone, Edition& edition) {
  for (const auto& each : written) {
    auto next = days_after(each, 1);
    auto from = day_start(zone, each.year, each.month, each.day),
         until = day_start(zone, next.year, next.month, next.day);
    if (!from || !until || *from == edition.day_from) continue;
    if (*from < edition.from || *until > edition.until)
      table.complain_at("peaks",
                        fmt::format("{:04}-{:02}-{:02} lies outside the edition", each.year, each.month, each.day));
    edition.peaks.push_back({*from, *until});
  }
  std::ranges::sort(edition.peaks, {}, &Day::from);
  auto again = std::ranges::unique(edition.peaks, {}, &Day::from);
  edition.peaks.erase(again.begin(), again.end());
}

void read_edition(Table& table, Campaign& campaign) {
  Edition edition;
  edition.id = read_id(table, "a short name such as \"2027\"");  // it names files
  auto day = required_date(table, "day");
  if (day) edition.day = fmt::format("{:04}-{:02}-{:02}", day->year, day->month, day->day);
  auto from = start_of(required_date(table, "from"), campaign.zone);
  auto until = start_of(required_date(table, "until"), campaign.zone);
  auto baseline = table.duration("baseline").value_or(usual_baseline);
  Milestones milestones{table.date("preliminary"), table.date("final")};
  auto peaks = table.dates("peaks");
  edition.retention = table.duration("retention").value_or(edition.retention);
  if (!day || !from || !until) return;
  edition.from = *from;
  edition.until = *until;
  edition.baseline_from = *from - baseline;
  auto [day_from, day_until] = day_in(campaign.zone, edition);
  edition.day_from = day_from;
  edition.day_until = day_until;
  set_milestones(table, milestones, campaign.zone, *day, edition);
  set_peaks(table, peaks, campaign.zone, edition);
  if (*until <= *from)
    table.complain_at("until", "until does not lie after from: an edition ends after it begins");
  else if (day_from < *from || day_until > *until)
    table.complain_at("day",
                      "the campaign day lies outside the edition, which begins with the day `from` and ends before the "
                      "day `until`");
  for (const auto& other : campaign.editions) {
    if (edition.id != other.id && edition.from < other.until && other.from < edition.until)
      table.complain_at(
          "from", fmt::format("edition '{}' overlaps edition '{}': one may begin on the day the other ends", edition.id,
                              other.id));
  }
  campaign.editions.push_back(std::move(edition));
}

void check_hashtag(Table& table, const std::string& text) {
  if (text.empty()) return;
  if (auto wrong = hashtag_problem(text); !wrong.empty()) table.complain_at("text", std::move(wrong));
}

bool has_word(const std::string& text) {
  return std::ranges::any_of(text, [](unsigned char c) {
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c >= 0x80;
  });
}

void check_link(Table& table, const std::string& text) {
  if (text.empty()) return;
  if (auto wrong = domain_problem(text); !wrong.empty()) table.complain_at("text", std::move(wrong));
}

void read_term(Table& table, Campaign& campaign) {
  constexpr std::array<std::string_view, 6> classes{"hashtag", "variant", "plain", "phrase", "link", "comparison"};
  Term term;
  term.id = read_id(table, "a short name such as \"tag\"");
  if (!table.has("class"))
    table.complain_at("class",
                      "class is missing: write class = \"hashtag\", or variant, plain, phrase, link or comparison");
  term.match_class = *match_class_named(table.choice("class", classes));
  term.text = table.required("text", "what to look for");
  term.all = table.texts("all");
  term.any = table.texts("any");
  term.none = table.texts("none");
  term.from = start_of(table.date("from"), campaign.zone);
  term.until = start_of(table.date("until"), campaign.zone);
  if (term.from && term.until && *term.until <= *term.from)
    table.complain_at("until", "until does not lie after from: a term is looked for from the one day until the other");
  if (is_tag(term.match_class))
    check_hashtag(table, term.text);
  else if (term.match_class == MatchClass::link)
    check_link(table, term.text);
  else if (!term.text.empty() && !has_word(term.text))
    table.complain_at("text", fmt::format("'{}' holds no word: write letters or digits", term.text));
  campaign.terms.push_back(std::move(term));
}

}  // namespace

void read_campaign(Table& root, Campaign& campaign) {
  root.table("campaign", [&](Table& table) {
    campaign.id = read_id(table, "a short name such as \"allinforintegration\"");
    campaign.name = table.required("name", "the name people know, such as \"#AllInForIntegration\"");
    campaign.zone = table.text("zone", "Europe/Warsaw");
    for (auto& [outlet, place] : table.placed_texts("outlets")) {
      if (auto wrong = domain_problem(outlet); !wrong.empty())
        table.complain(place, std::move(wrong));
      else if (auto path = outlet.find('/'); path != outlet.npos)
        table.complain(
            place, fmt::format("the campaign's own outlets are whole domains: write \"{}\"", outlet.substr(0, path)));
      campaign.outlets_owned.push_back(without_www(fold(outlet)));
    }
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
