#pragma once
/// What the polls of a search and of a channel's uploads share.
#include <set>

#include "connectors/platforms/youtube_details.hpp"
#include "connectors/reading/descent.hpp"

namespace campaignd {

/// Pages of lists that name videos, the newest first; each is followed by the details of its videos, and the reading
/// moves on when they are here. What a poll has read once it does not ask for again.
class ListPoll : public Job {
 public:
  ListPoll(SourceSettings source, const Cursor& cursor, std::size_t lists);
  Request ask(sys_ms now) final;
  Result<Page> read(const Answer& answer) final;

 protected:
  virtual Request ask_list() = 0;
  virtual Result<Page> read_list(const Answer& answer) = 0;
  /// The list goes on, ends or is cut; `names` is the page whose videos have been read.
  virtual void go_on(Page& page, const VideoNames& names) = 0;
  virtual std::string position() const { return {}; }

  Page again() const;  ///< an empty page, and another request
  Result<Page> listed(VideoNames names);
  /// Of an answer other than 200. A token that is not known any more begins its list again, once.
  Result<Page> failed(const Answer& answer);
  std::string page_token() const;  ///< "&pageToken=…", or nothing
  bool lies_below_line(const VideoNames& names) const;
  std::optional<sys_ms> read_to() const { return read_to_; }  ///< the newest date of the last page with any

  const SourceSettings source_;
  Descent descent_;
  VideoDetails details_;

 private:
  Page with_details();

  VideoNames names_;
  std::set<std::string> seen_;
  std::optional<sys_ms> read_to_;
  bool began_again_ = false;
};

}  // namespace campaignd
