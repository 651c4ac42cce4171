#include "daemon/report/parts.hpp"

namespace campaignd::report {

std::map<std::string, std::string> parts_by_platform(store::Database& db, const Edition& edition,
                                                     const Window& window) {
  constexpr std::string_view letters = "lrqc";
  std::map<std::string, std::string> out;
  store::Query query(db,
                     "SELECT platform, count(likes), count(reposts), count(quotes), count(replies) FROM reading WHERE "
                     "edition = ? AND at_utc >= ? AND at_utc < ? AND class = 'hashtag' AND kind <> 'article' GROUP BY "
                     "platform",
                     edition.id, window.from, window.until);
  while (query.next())
    for (int part = 0; part < std::ssize(letters); ++part) {
      if (query.integer(part + 1) == 0) continue;
      auto& parts = out[query.text(0)];
      if (!parts.empty()) parts += ',';
      parts += letters[static_cast<std::size_t>(part)];
    }
  return out;
}

}  // namespace campaignd::report
