#pragma once
/// What one account may be stored as: for the verbs by which a person asks what is held, and has it deleted.
#include "daemon/collect/keys.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/store/store.hpp"

namespace campaignd::commands {

struct Held {
  std::string network;     ///< an account of the fediverse is one on all its platforms
  std::string name;        ///< as it is compared
  store::Account account;  ///< what it is written, stored and suppressed as
};

/// Nothing, and why on stderr, where it is no account of the platform.
std::optional<Held> held_as(const AccountOptions& options, const Config& config, const collect::Keys& keys);

/// The organisation the account is registered for; null: it is private.
const Partner* owner_of(const Held& held, const Config& config);

/// Says on stderr of which editions the database holds private accounts under pseudonyms that no key makes any more, so
/// that nobody can be looked up there; whether there are any.
bool complain_of_unreadable(const Common& common, const collect::Keys& keys);

/// There is a database of ours, or that there is none on stderr.
bool has_database(const Common& common);

}  // namespace campaignd::commands
