#pragma once
/// The privacy gate: every post passes here once, between reading and storing (profile as decided in the
/// configuration). Nothing below can leak what it never had.
#include <set>

#include "daemon/collect/keys.hpp"
#include "daemon/collect/press.hpp"
#include "daemon/config/config.hpp"
#include "daemon/store/store.hpp"

namespace campaignd::collect {

/// What became of one page's findings.
struct Gated {
  std::vector<store::Fact> facts;
  std::int64_t matched = 0;
  std::vector<std::vector<store::AliasKey>> withdrawn;  ///< names of posts of accounts that asked to be left alone
  std::int64_t opted_out = 0;  ///< matching posts of accounts that asked to be left alone, not counted before
};

class Gate {
 public:
  Gate(const Config& config, Keys keys);
  /// Judges and strips a page's findings. `now` is when they were seen.
  Gated admit(const std::vector<Finding>& found, const Contract& contract, sys_ms now);
  const Press& press() const { return press_; }
  /// What a name, and an account in each edition, are stored as.
  Digest name_of(std::string_view uri) const { return keys_.alias(uri); }
  std::vector<Digest> pseudonyms_of(std::string_view platform, const std::string& author) const;
  /// Whether an edition's accounts can be told apart: at the end of its retention its key goes.
  bool has_key(const std::string& edition) const { return keys_.has(edition); }
  void destroy_key(const std::string& edition) { keys_.destroy(edition); }
  /// The accounts of registered organisations, as they are stored.
  std::vector<store::PartnerAccount> partner_accounts() const;

 private:
  std::optional<store::Fact> admit(const Finding& finding, const Contract& contract, sys_ms now, Gated& gated);
  struct Account {
    std::string network, name;  ///< "fediverse", "user@host"
    std::string written;        ///< as it is configured
    const Partner* partner;
  };
  const Account* account_named(std::string_view platform, const std::string& name) const;
  const Account* registered(const Post& post) const;
  bool carries_ours(const std::string& link) const;
  static std::vector<Evidence> verified(const Author& author, const Account& account);
  std::vector<store::Beside> beside(const Post& post) const;
  std::vector<store::AliasKey> names_of(const Post& post, const Article* article) const;
  Digest stored_as(const std::string& edition, std::string_view platform, std::string_view author) const;
  std::vector<Digest> suppressed_as(const Author& author, const store::AuthorFact& fact,
                                    std::string_view platform) const;
  bool opted_out(const Post& post) const;
  bool first_sight(const Post& post, sys_ms now);

  Campaign campaign_;
  Profile profile_;
  Keys keys_;
  Matcher matcher_;
  Press press_;
  std::set<std::string> own_names_;            ///< of the terms: what stands beside them is another
  std::map<std::string, Account> by_account_;  ///< by network and folded name
  std::string daily_key_;  ///< random, in memory only: opted-out posts are told apart for a day, never recognised
  std::chrono::sys_days daily_key_made_{};
  std::set<Digest> opted_out_seen_;
};

}  // namespace campaignd::collect
