#pragma once
/// A session of Bluesky: from a handle and an app password to the header that lets a request in.
#include "connectors/connector.hpp"

namespace campaignd {

/// What a credential holds: a handle, a DID or an address of mail, and an app password. Nothing where it is none.
struct BlueskyAccount {
  std::string identifier, password;
};
std::optional<BlueskyAccount> read_bluesky_credential(const std::string& credential);

/// The login of one job; the tokens are in the session, which jobs share. Tokens come for the credential once, are
/// renewed when they have expired, and asked for anew where that is refused.
class BlueskyLogin {
 public:
  /// `host`: where to log in, a PDS; the platform's own where it is empty or only its home. There must be a credential.
  BlueskyLogin(std::shared_ptr<Session> session, const std::string& host);

  bool is_due() const;  ///< the next request is `ask()`, and its answer is for `read`
  Request ask() const;
  Result<void> read(const Answer& answer);

  /// The host that answers this account, once `is_due()` is false: where it really lives.
  const std::string& host() const { return session_->who; }
  void sign(Request& request);
  /// Whether an answer to a signed request says that its token is not valid any more: then a new one is due. Once: a
  /// job that was given a new one and hears it again is not let in.
  bool has_expired(const Answer& answer);

 private:
  Result<void> read_session(const Answer& answer);
  Failure refused(const Answer& answer) const;

  const std::shared_ptr<Session> session_;
  const std::string host_;
  std::string used_;  ///< the token a request was signed with
  bool was_renewed_ = false;
};

}  // namespace campaignd
