#pragma once
/// Lists that show the newest first and are paged by number or by a mark of the server's: how far they have been read.
#include <chrono>
#include <optional>
#include <string>

#include "connectors/connector.hpp"

namespace campaignd {

/// Reads one list after another from its top down to a line: at first the floor, later a while before the last reading
/// began, because posts that federate late have their old dates. A reading that broke off goes on at its page in the
/// next poll, and is followed by one more from the top. What it could not read down to its end is remembered till then.
class Descent {
 public:
  Descent(const SourceSettings& source, const std::string& position, std::size_t lists, std::chrono::hours overlap);

  void begin(sys_ms now);  ///< before every request
  std::size_t list() const { return list_; }
  int page() const { return page_; }                     ///< from 1
  const std::string& mark() const { return mark_; }      ///< the server's name of the page; empty: the first
  sys_ms line() const;                                   ///< what was published before it is of no interest
  bool is_first() const { return known_ == sys_ms(); }   ///< nothing has been read to its end yet
  bool is_full() const { return page_ >= most_pages_; }  ///< no further page of this list is to be read

  /// One of these follows every page that was read; they say what it covers and whether another follows.
  void go_down(Page& page, std::string mark = {});  ///< there is more of this list above the line
  /// The same for a list that is asked for by time: below the oldest item, whose second is asked for again, for it may
  /// not have been shown to its end. The mark is that second, after 1970. Where there is no way down, the list is cut.
  void go_down_by_time(Page& page, std::optional<sys_ms> oldest);
  void end_list(Page& page);                                 ///< the list is read to its end, or below the line
  void cut_list(Page& page, std::optional<sys_ms> read_to);  ///< it is not, and will not be; read down to `read_to`

  void start_list_again();  ///< its mark is not known any more
  void distrust();          ///< what is read now is no reading of the lists: the next poll begins anew

  /// "known=…&begun=…", the fields of a cursor's position. Of a reading that is not told of yet also what is to be
  /// told: first, that it goes down to the floor; cut, how far the lists were read at least, 0 for not known; doubt.
  std::string position() const;

 private:
  void next_list(Page& page);
  void finish(Page& page);

  sys_ms floor_;
  int most_pages_;
  std::size_t lists_;
  std::chrono::hours overlap_;
  sys_ms known_, begun_;  ///< when the last whole reading began; when this one did
  std::size_t list_;
  int page_;
  std::string mark_;
  bool resumed_, was_first_, whole_, trusted_;
  std::optional<sys_ms> since_;  ///< of the lists that were cut
};

}  // namespace campaignd
