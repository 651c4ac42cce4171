#pragma once
/// An account of the fediverse as a source: its names, and what its server said of it when it was last looked up.
#include "connectors/connector.hpp"

namespace campaignd {

/// The account of a source, "@User@Host", "user@host" or "user" at its host, as user@host in lower case.
std::string full_name(const SourceSettings& source);

/// The source, asked at the account's own server where no other is named.
SourceSettings at_home_unless_told(SourceSettings source);

/// An account as a server shows it.
struct FediverseProfile {
  std::string id, user;
  std::string moved;          ///< the account that follows it
  std::string_view withheld;  ///< "limited", "silenced": the server's word for keeping it out of public lists
  bool suspended = false;
};

/// Looked up once a day: that is how a move or a suspension is learned.
class FediverseAccount {
 public:
  FediverseAccount(const SourceSettings& source, const std::string& position);

  const std::string& name() const { return name_; }  ///< user@host in lower case
  const std::string& user() const { return user_; }
  const std::string& home() const { return home_; }  ///< the host in its name
  const std::string& id() const { return id_; }      ///< empty: not looked up yet
  bool is_due(sys_ms now) const;

  enum class Id { as_before, another };  ///< another: the server was made anew, and the old ids of posts say nothing
  /// Takes what `host` showed; a failure where its posts cannot be read.
  Result<Id> read(const FediverseProfile& profile, const std::string& host, sys_ms now);
  void keep(sys_ms now) { looked_up_ = now; }  ///< the look-up was refused: the posts may be open all the same
  Failure unknown(const std::string& host) const;

  /// The last page of a poll says whatever the operator should know of the account.
  void tell(Page& page) const;
  std::string position() const;  ///< the fields of a cursor's position, each after a '&'

 private:
  std::string name_, user_, home_;
  std::string id_, notice_;
  sys_ms looked_up_;
};

}  // namespace campaignd
