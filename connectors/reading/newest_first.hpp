#pragma once
/// Lists whose server shows the newest first and pages back by id: how far one has been read, and what comes next.
#include <string>
#include <vector>

#include "connectors/connector.hpp"

namespace campaignd {

/// Reads the newest page, then down to what the last poll knew, then on with reading back to the floor. What was begun
/// is in the position after every page, so a poll that broke off is taken up where it stopped.
class NewestFirst {
 public:
  using Before = bool (*)(const std::string&, const std::string&);  ///< the order of ids

  NewestFirst(const SourceSettings& source, const std::string& position, Before before);

  /// The id below which the next page is to begin; empty: the newest page.
  const std::string& below() const;
  bool is_at_newest() const { return step_ == Step::newest; }
  bool knows_posts() const { return !newest_.empty(); }
  bool is_above_known() const { return step_ == Step::gap; }  ///< known posts lie below the next page

  /// Says of a page what it covers and whether another follows. `ids` are those of all its items, posts or not; `last`:
  /// nothing older lies below it. An empty page that is not the last one proves nothing and covers nothing.
  Page read(Page page, const std::vector<std::string>& ids, bool last);

  /// The fields of a cursor's position, "newest=300&oldest=290…".
  std::string position() const;

 private:
  enum class Step { newest, gap, back, done };
  struct Ends {
    std::string lowest, highest;
  };

  Ends ends_of(const std::vector<std::string>& ids) const;
  Page after_newest(Page page, const Ends& ends, bool last);
  Page after_gap(Page page, const Ends& ends, bool last);
  Page after_back(Page page, const Ends& ends, bool last);
  Page caught_up(Page page);
  Page capped(Page page);
  Page floor_reached(Page page, bool joins);
  Page go_on(Page page, Step step);
  bool lies_below_floor(const Page& page) const;

  sys_ms floor_;
  int most_pages_;
  Before before_;
  std::string newest_;       ///< the highest id seen
  std::string known_, low_;  ///< what lies between them is still to be read; empty: nothing
  std::string oldest_;       ///< what lies below it down to the floor is still to be read; empty: nothing
  int pages_;                ///< read back so far
  int gap_pages_ = 0;
  Step step_ = Step::newest;
};

/// The order of ids that are numbers without leading zeros.
bool number_before(const std::string& a, const std::string& b);
/// The order of the bytes.
bool text_before(const std::string& a, const std::string& b);

}  // namespace campaignd
