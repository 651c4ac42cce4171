#include "daemon/report/voice.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace campaignd::report {

namespace {

constexpr double most_apart = 0.02;

/// Why these terms cannot be compared; empty: they can.
std::string unlike(const std::vector<TermShare>& terms) {
  bool any_ours = std::ranges::any_of(terms, &TermShare::ours);
  if (!any_ours || std::ranges::all_of(terms, &TermShare::ours))
    return "no set to compare with: the campaign has no term of class comparison";
  if (!std::ranges::all_of(terms, [](const TermShare& each) { return each.mentions.has_value(); }))
    return std::string(expired);
  for (const auto& each : terms)
    if (!each.completeness) return fmt::format("how well the term '{}' was covered is not known", each.term);
  for (const auto& each : terms)
    if (*each.completeness < complete_from)
      return fmt::format("the term '{}' is covered for {:.1f} % of its planned time, less than 95 %", each.term,
                         *each.completeness * 100);
  auto [worst, best] = std::ranges::minmax_element(terms, {}, &TermShare::completeness);
  if (*best->completeness - *worst->completeness >= most_apart)
    return fmt::format("the terms '{}' and '{}' differ by {:.1f} points of coverage, 2 or more", worst->term,
                       best->term, (*best->completeness - *worst->completeness) * 100);
  return {};
}

}  // namespace

Figure share_of_voice(const std::vector<TermShare>& terms) {
  Figure figure;
  figure.unit = store::metric("M-11").unit;
  figure.definition = "M-11";
  double ours = 0, all = 0;
  for (const auto& each : terms) {
    all += each.mentions.value_or(0);
    if (each.ours) ours += each.mentions.value_or(0);
    if (each.completeness) figure.coverage = std::min(figure.coverage.value_or(1), *each.completeness);
  }
  figure.n = static_cast<std::int64_t>(all);
  figure.numerator = ours;
  figure.denominator = all;
  figure.reason = unlike(terms);
  if (figure.reason.empty() && all <= 0) figure.reason = "none of the set was mentioned";
  if (figure.reason.empty())
    figure.value = 100 * ours / all;
  else
    figure.status = "unknown";
  return figure;
}

Figure share_of_voice(Figures& figures, const Campaign& campaign, const Completeness& of_term) {
  auto found = figures.by("M-11-set", store::Breakdown::term);
  std::vector<TermShare> terms;
  for (const auto& term : campaign.terms) {
    bool ours = term.match_class == MatchClass::hashtag;
    if (!ours && term.match_class != MatchClass::comparison) continue;
    auto figure = found.find(term.id);
    std::optional<double> mentions = figure == found.end() ? 0 : figure->second.value;
    terms.push_back({term.id, mentions, of_term(term.id), ours});
  }
  auto figure = share_of_voice(terms);
  figure.as_of = figures.coverage().as_of;
  return figure;
}

}  // namespace campaignd::report
