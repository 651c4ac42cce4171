#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

/// How often a Mastodon server itself saw each tag in the last days (GET /api/v1/tags/:tag), asked once a day. It
/// counts public posts when they arrive, edits and later removals left aside; of accounts it has not silenced.
class TagHistory {
 public:
  TagHistory(const SourceSettings& source, const std::string& position);

  bool is_due(sys_ms now) const;
  bool is_asking() const { return at_ > 0; }
  Request ask(sys_ms now);
  /// What an answer states; a server that has no such list states nothing.
  std::vector<StatedUse> read(const Answer& answer);
  std::string position() const;  ///< the field of a cursor's position, after a '&'

 private:
  std::string host_;
  std::vector<std::string> tags_;
  std::shared_ptr<Session> session_;
  sys_ms asked_, now_{};
  std::size_t at_ = 0;  ///< the tag asked for, from 1; 0: none
};

}  // namespace campaignd
