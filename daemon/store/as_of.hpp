#pragma once
/// What was known at a moment of the past, under today's identity links and minus what was erased since: facts are
/// append-only, and figures are computed again.
#include "daemon/store/database.hpp"

namespace campaignd::store {

/// How much is known: posts first seen until then, read until then. A bridge takes the steps between two reports one by
/// one.
struct Known {
  sys_ms posts, readings;
  bool refilled = true;  ///< false: without posts that only the refilling of a gap has shown after `refilled_before`
  sys_ms refilled_before{};           ///< with `refilled` false: gaps refilled until then count
  std::optional<sys_ms> settled{};    ///< what was settled until then is there; nothing: until `readings`
  bool by_facts_alone = false;        ///< nothing that was derived from them before is taken: to verify
  std::vector<std::string> beside{};  ///< editions that are compared with the one that is asked for
  static Known from_facts(sys_ms at) { return {.posts = at, .readings = at, .by_facts_alone = true}; }
};

/// Until it goes, this connection answers of that edition, and of those beside it, as at that moment: TEMP tables
/// `reading`, `settled`, `covered`, `refilled`, `control`, `watch` and, unless by facts alone, `dirty`, and views
/// `observation`, `sighting` and `removal`, hide the live ones, so metric files run unchanged. What has not changed
/// since is taken as it is now, readings and slices alike; the rest is made from facts. One at a time on a connection;
/// the caller holds a Snapshot.
class AsOf {
 public:
  AsOf(Database& db, const std::string& edition, sys_ms at) : AsOf(db, edition, Known{at, at}) {}
  AsOf(Database& db, const std::string& edition, const Known& known);
  AsOf(const AsOf&) = delete;
  AsOf& operator=(const AsOf&) = delete;
  ~AsOf();

 private:
  explicit AsOf(Database& db) : db_(db) {}
  void name_editions(const std::string& edition, const Known& known);
  void tell_articles(const Known& known);
  void take_unchanged(const Known& known);
  void make_others(const Known& known);
  void tell_changed_hours();
  void hide_others(const Known& known);
  void cover(sys_ms known);
  Database& db_;
};

/// Whether this connection answers of the past just now.
bool is_of_the_past(Database& db);
/// Of today any edition is known, of the past those that were asked for.
bool knows(Database& db, const std::string& edition);
/// Of the past too: but for the hours in `dirty`.
bool slices_are_valid(Database& db);

/// How many posts of an edition were removed or expired behind that moment: what an answer of the past lacks.
std::int64_t erased_since(Database& db, const std::string& edition, sys_ms at);

/// The columns of `reading`, as reading.sql gives them.
constexpr const char* reading_columns =
    "post, edition, at_utc, platform, network, host, author, partner, bot, kind, class, term, language, followers, "
    "followers_late, likes, reposts, quotes, replies, views, lower_bound, read_utc, outlet, outlet_country, relation, "
    "cluster, story, half_utc, half, actions";
constexpr std::int64_t for_ever = std::numeric_limits<std::int64_t>::max();

}  // namespace campaignd::store
