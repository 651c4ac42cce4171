#pragma once
/// The keys that stand between people and the database. root.key gives the keys for aliases, suppression and exports by
/// HKDF and is never destroyed; an edition's key makes its pseudonyms and goes with its retention.
#include <openssl/types.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>

#include "daemon/store/database.hpp"

namespace campaignd::collect {

using store::Digest;

/// A key is missing, short or readable by others: exit 78, naming what to restore.
struct KeyProblem : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// HMAC-SHA-256 under one key, ready for the next text: setting it up costs more than the work. One thread at a time.
class Mac {
 public:
  explicit Mac(std::string_view key);
  std::string whole(std::string_view text) const;
  Digest of(std::string_view text) const;  ///< its first 128 bits

 private:
  std::shared_ptr<EVP_MAC_CTX> context_;
};

class Keys {
 public:
  /// Reads the keys of a state directory ($CREDENTIALS_DIRECTORY/root.key first). Without a database they are made,
  /// 0600; with one they must be there. `editions` are those that may receive posts.
  /// The key of one in `with_authors`, of which the database holds pseudonyms, is never made a second time.
  static Keys open(const std::filesystem::path& state, const std::set<std::string>& editions, bool has_database,
                   const std::set<std::string>& with_authors = {});

  /// What an alias is stored as: the same for every edition, so that one post stays one post.
  Digest alias(std::string_view name) const;
  /// Whether the edition has a key: at the end of its retention that is destroyed.
  bool has(const std::string& edition) const { return editions_->contains(edition); }
  /// What an author is stored as: another one in every edition. Only of an edition that has a key.
  Digest pseudonym(const std::string& edition, std::string_view platform, std::string_view author) const;
  /// What an account that asked to be forgotten is known by, and what such a pseudonym is: neither is the pseudonym.
  Digest suppression(std::string_view network, std::string_view account) const;
  Digest suppression(const Digest& pseudonym) const;
  /// What something is called where it leaves the house: no hash of the database's.
  std::string export_id(std::string_view text) const;
  /// For good, in every copy of this: from here on the edition's pseudonyms are nobody's.
  void destroy(const std::string& edition);
  /// What rows of a sealed report are digested with; one of its own for each caller, so for any thread.
  Mac sealing() const { return Mac(seal_key_); }
  /// Keys made just now, for the log.
  const std::vector<std::string>& made() const { return made_; }

 private:
  std::filesystem::path state_;
  std::optional<Mac> alias_, suppression_, export_;
  std::string seal_key_;
  std::shared_ptr<std::map<std::string, Mac>> editions_ = std::make_shared<std::map<std::string, Mac>>();
  std::vector<std::string> made_;
};

/// Where an edition's key lies.
std::filesystem::path key_file(const std::filesystem::path& state, const std::string& edition);
Digest keyed_hash(std::string_view key, std::string_view text);  ///< HMAC-SHA-256, its first 128 bits
std::string random_bytes(std::size_t count);

}  // namespace campaignd::collect
