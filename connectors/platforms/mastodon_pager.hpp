#pragma once
/// What the polls of a tag and of an account share: how far a list of statuses has been read.
#include <utility>

#include "connectors/platforms/mastodon_status.hpp"

namespace campaignd {

bool wants_login(int status);

/// A page of a list; malformed where nothing of it could be read.
Result<Timeline> read_list(const Answer& answer, const std::string& host);

/// Reads a list that the server sorts by id: forward from the newest id known until there is no more, once an hour the
/// newest pages again, then on with reading back to the floor.
class Pager {
 public:
  /// `session`: that of the server the list is on, or null. `list`: its name in the cursor, where a source reads
  /// several.
  Pager(const SourceSettings& source, Cursor cursor, std::shared_ptr<Session> session, std::string list = {});

  /// The next page; `list` is the URL of the list, with a query.
  Request ask(const std::string& list, sys_ms now);
  Page read(Timeline timeline, const Answer& answer);  ///< of a 200
  Page read_unchanged(const Answer& answer);           ///< of a 304
  /// Once it has no more: from the newest id on, as the next poll would.
  void begin_again();
  bool has_begun() const { return !newest_.empty(); }
  std::string position() const;  ///< its fields of a cursor's position
  /// Where the next poll starts; `others` are the fields of those who share the position, each after a '&'.
  Cursor cursor(const std::string& others) const;

 private:
  using Ends = std::pair<std::string, std::string>;  ///< lowest and highest id of a page, empty for an empty one
  enum class Step { start, newest, forward, rescan, back, done };

  static Ends ends_of(const std::vector<std::string>& ids);
  Step after_catching_up() const;
  Page go_on(Page page, Step step);
  Page after_newest(Page page, const Ends& ends);
  Page after_forward(Page page, const Ends& ends, const Answer& answer);
  Page after_back(Page page, const Ends& ends);
  Page floor_reached(Page page);
  Page after_rescan(Page page, const Ends& ends);
  static bool lies_below(const Page& page, sys_ms line);

  std::shared_ptr<Session> session_;
  std::string list_;
  sys_ms floor_;
  int most_pages_;
  Cursor cursor_;
  std::string newest_, oldest_;  ///< all between them and the floor is read, but for what lies below `oldest_`
  int pages_;                    ///< read back so far
  sys_ms rescanned_, now_{};     ///< the last look at the newest pages
  std::string rescan_below_;     ///< id from which that goes on
  int rescan_pages_ = 0;
  Step step_ = Step::start;
};

}  // namespace campaignd
