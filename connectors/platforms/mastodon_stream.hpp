#pragma once
#include <map>

#include "connectors/connector.hpp"
#include "connectors/reading/event_stream.hpp"

namespace campaignd {

/// The live stream of a source's first tag, for callers with a token (GET /api/v1/streaming/hashtag, as server-sent
/// events). It tells of posts as they come and vouches for nothing: what it misses, and the other tags, are read from
/// the timeline beside it. A server on which it does not last is left alone for an hour.
class TagStream {
 public:
  TagStream(const SourceSettings& source, const std::string& position);

  bool is_wanted(sys_ms now) const;
  bool is_asking() const { return step_ != Step::idle; }  ///< the next answer is for `read`
  bool is_open() const { return is_open_; }
  /// Where the server's streams are, then the stream, and on with it. `local`: of the server's own posts alone.
  Request ask(sys_ms now, bool local);
  /// `more` as long as it goes on; a stream the server declines is no failure, and a notice where the token is why.
  Result<Page> read(const Answer& answer);
  void has_lasted() { begun_ = {}; }
  /// What the timeline showed: only of posts that are known, a deletion says which one it was.
  void know(const Finding& finding);
  std::string position() const;  ///< the field of a cursor's position, after a '&'

 private:
  enum class Step { idle, place, events };

  void read_event(const EventStream::Event& event, Page& page);
  void forget(const std::string& id, Page& page);
  Page decline(const Answer& answer);

  const std::string host_, tag_;
  const std::shared_ptr<Session> session_;
  std::string place_;                         ///< scheme and host of the server's streams
  std::map<std::string, std::string> known_;  ///< uri by id, of the server's own posts
  EventStream events_;
  sys_ms begun_;  ///< when a stream was last tried that has not lasted; zero: it has
  Step step_ = Step::idle;
  bool is_open_ = false;
};

}  // namespace campaignd
