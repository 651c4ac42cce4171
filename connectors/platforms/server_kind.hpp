#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

/// What a server of the fediverse runs (NodeInfo), asked once a week. A server without NodeInfo, or with a broken one,
/// is asked as if it ran what the connector is made for.
class ServerKind {
 public:
  ServerKind(std::string host, const std::string& position, std::string bucket);

  bool is_due(sys_ms now) const;  ///< ask this first
  bool is_asking() const;         ///< the next answer is for `read`
  Request ask(sys_ms now);
  Result<void> read(const Answer&);  ///< fails only where the server asks to wait
  const std::string& software() const { return software_; }
  bool runs(std::string_view name) const { return software_.starts_with(name); }
  std::string position() const;  ///< the fields of a cursor's position, each after a '&'

 private:
  enum class Step { idle, links, document };

  std::string host_, bucket_, software_, document_;
  sys_ms asked_, now_{};
  Step step_ = Step::idle;
};

}  // namespace campaignd
