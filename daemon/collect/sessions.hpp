#pragma once
/// The secrets of a running configuration, in memory: one session for each credential, shared by all that use it.
#include <map>
#include <memory>

#include "daemon/config/config.hpp"

namespace campaignd::collect {

class Sessions {
 public:
  /// `config` outlives it.
  explicit Sessions(const Config& config) : config_(config) {}
  /// Null where the source has no credential, or its file went away.
  std::shared_ptr<Session> of(const Source& source);
  /// That of a source which asks this host, or any of its platform where that has one home: what posts are measured
  /// with.
  std::shared_ptr<Session> of(const Platform& platform, const std::string& host);

 private:
  const Config& config_;
  std::map<std::string, std::shared_ptr<Session>> known_;  ///< by the credential's name
};

}  // namespace campaignd::collect
