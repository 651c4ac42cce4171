#include "daemon/report/wanted.hpp"

#include <algorithm>
#include <set>

namespace campaignd::report {

namespace {

bool is_of_class(const Term& term, std::string_view match_class) {
  constexpr MatchClass any[] = {MatchClass::hashtag, MatchClass::plain, MatchClass::phrase, MatchClass::link};
  if (match_class == "any") return std::ranges::find(any, term.match_class) != std::end(any);
  return name_of(term.match_class) == match_class;
}

}  // namespace

std::vector<std::string> wanted_terms(store::Database& db, const Campaign& campaign, const Edition& edition,
                                      const Window& window, std::string_view match_class) {
  std::set<std::string> watched;
  for (store::Query query(db, "SELECT DISTINCT term FROM watch WHERE edition = ?", edition.id); query.next();)
    watched.insert(query.text(0));
  std::vector<std::string> out;
  for (const auto& term : campaign.terms) {
    bool in_time = term.from.value_or(window.from) < window.until && term.until.value_or(window.until) > window.from;
    if (in_time && is_of_class(term, match_class) && watched.contains(term.id)) out.push_back(term.id);
  }
  return out;
}

}  // namespace campaignd::report
