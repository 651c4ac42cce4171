#pragma once
/// How far a list of X's has been read, and what is asked for next.
#include "connectors/platforms/x_list.hpp"
#include "connectors/reading/descent.hpp"

namespace campaignd {

/// How a list may be asked.
struct XListRules {
  std::string_view mark;                       ///< what the mark of a page is called
  std::optional<std::chrono::hours> memory{};  ///< how far back it goes; none: to its beginning
  std::optional<int> most_posts{};             ///< and no further than so many
};

/// Reads a list from its newest post down to the newest one known. That one is named by its id where the list goes back
/// so far, else by a time: for a hashtag nobody has used in a week the id would be refused, as too old.
class XPages {
 public:
  XPages(const SourceSettings& source, const std::string& position, XListRules rules);

  /// The parameters of the next request, each after a '&'. What is begun is asked for with the same bound to its end,
  /// as long as the list goes back so far.
  std::string ask(sys_ms now);
  /// What it says and covers; the pages hold so many posts at the most.
  Page read(XList list, int page_size);
  /// Forgets what only a cursor knows, once: an id or a mark that is not accepted. False: there is nothing of it.
  bool starts_afresh();

  std::string position() const;  ///< the fields of a cursor's position

 private:
  std::string bound(sys_ms now) const;
  bool is_forgotten(sys_ms now) const;
  std::optional<sys_ms> bound_time() const;
  bool is_cut() const;

  XListRules rules_;
  Descent descent_;
  std::string newest_;  ///< the highest id down from which all has been read
  std::string top_;     ///< the highest id of the reading that is under way
  std::string bound_;   ///< how far down it goes: an id, or a time
  bool started_afresh_ = false;
};

}  // namespace campaignd
