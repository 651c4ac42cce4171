#pragma once
/// Keyed digests of the rows a report rests on: whether each is still what it was, told without telling what it is.
#include <array>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "daemon/config/config.hpp"
#include "daemon/store/database.hpp"

namespace campaignd::report {

/// A digest under a key that is in no report and no database.
using Keyed = std::function<store::Digest(std::string_view)>;

/// What of a row is digested apart, so that a difference can say where it lies.
constexpr std::array<std::string_view, 4> digest_groups{"attribution", "class and term", "counters", "followers"};
using GroupDigests = std::array<std::string, digest_groups.size()>;

struct RowDigests {
  std::map<std::string, GroupDigests> posts;  ///< by the post's digest
  std::int64_t short_lived = 0;               ///< counted only: their platform lets nothing of them stay for ever
};

/// Of every reading of an edition. Three things are left out on purpose: when it was read last, for only the latest
/// confirmation is known; which posts carry the same text, for that changes with their removal; and whether a post of
/// others is amplified or earned, for that follows the words of today.
RowDigests row_digests(store::Database& db, const std::string& edition, const Keyed& keyed);

/// The digests of every name of every post of an edition, whether it is counted now or not.
std::set<std::string> known_posts(store::Database& db, const std::string& edition, const Keyed& keyed);

}  // namespace campaignd::report
