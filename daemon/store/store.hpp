#pragma once
/// Facts in. One Store owns the write connection and lives on the store thread; every method is one transaction, and
/// throws Unwritable when the disk or a lock says no.
#include <functional>
#include <set>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/reading/match.hpp"
#include "daemon/config/layers.hpp"
#include "daemon/store/metrics.hpp"

namespace campaignd::store {

struct AliasKey {
  Digest key;
  std::string why;          ///< uri, alias, canonical url, title …
  bool for_a_week = false;  ///< names a post only beside one at most seven days away: a headline, not an address
};

/// Whose page an article stands on: a registered organisation's, a press-release wire's, or anybody else's. Only the
/// last is media pickup (M-13).
enum class Relation : std::uint8_t { owned, distribution, pickup };
std::string_view name_of(Relation relation);

/// What the configuration says of the page an article stands on.
struct PageOwner {
  std::optional<std::string> partner;
  std::optional<std::string> outlet, country;  ///< registrable domain; country by the table of outlets alone
  Relation relation = Relation::pickup;
  bool operator==(const PageOwner&) const = default;
};

/// What only articles have.
struct ArticleFact {
  DateBasis date_basis = DateBasis::stated;
  bool date_conflict = false;
  std::string place;
  std::optional<std::string> outlet, country;
  Relation relation = Relation::pickup;
  std::optional<std::uint64_t> title_hash, fingerprint;  ///< what copies are found by
};

/// An author behind the privacy gate.
struct AuthorFact {
  Digest pseudonym{};
  std::optional<Digest> handle;              ///< of an account that is known by an id: the name it goes by
  std::optional<std::string> name, partner;  ///< registered organisations and media only
  std::optional<bool> bot;
  std::optional<std::int64_t> followers;
};

/// A post behind the privacy gate: the most the store can ever learn of it.
struct Fact {
  std::string edition;
  std::string platform, network, host;
  Kind kind = Kind::original;
  std::optional<sys_ms> published, edited;
  std::string language;
  int media_count = 0;
  std::string uri, url;
  std::optional<std::string> title, text;  ///< organisations and media only
  std::vector<AliasKey> keys;              ///< its names; the first is its identity
  std::optional<Digest> seen_as;           ///< the name it was seen under, where a bridge's copy was
  std::optional<Digest> text_key;          ///< of the folded text: cross-posts are found by it
  AuthorFact author;
  Counters counters;
  std::string local_id;
  std::string home_id;                 ///< its id at its home server, to be measured there; empty: not known, or here
  std::optional<std::string> partner;  ///< of an article: whose page it stands on
  ArticleFact article;
  std::optional<Match> match;  ///< none: known posts lose theirs, unknown ones are not kept
  bool measurable = false;     ///< its platform lets posts be read again
};

/// The ledger's row of one poll, so far.
struct PollRow {
  std::string source, host;
  sys_ms start, end;
  std::string outcome = "interrupted";
  int requests = 0;
  std::map<std::pair<std::string, std::string>, int> spent;  ///< by (bucket, host)
  std::int64_t found = 0, matched = 0, fresh = 0, refused = 0, opted_out = 0;
  std::optional<sys_ms> covered_from;
  std::int64_t id = 0;  ///< given by the first save
};

/// An account of which a stream told that its posts are shown no more.
struct GoneAccount {
  std::string platform;
  std::vector<Digest> pseudonyms;  ///< one an edition
  bool for_good = false;           ///< else its posts are asked for at once
};

/// One page of a poll or of a measurement, ready to commit.
struct PageFacts {
  std::string platform, observer;  ///< the host that answered
  std::vector<Fact> found;         ///< seen by a source
  std::vector<Fact> measured;      ///< read again by post
  std::vector<std::int64_t> measured_posts;
  std::vector<std::pair<std::int64_t, Counters>> counted;  ///< posts of which the numbers alone were read again
  std::vector<StatedUse> stated;
  std::vector<std::vector<AliasKey>> withdrawn;  ///< names of posts whose authors asked to be left alone
  std::vector<Digest> deleted;                   ///< names of posts of which a stream told that they are gone
  std::vector<GoneAccount> accounts;
  std::optional<Cursor> cursor;  ///< of the source; none for a measurement
  std::string software;
  PollRow poll;
};

struct SourceState {
  Cursor cursor;
  int failures = 0;
  std::string message;  ///< of its last failure, or what could be read in part only
  std::chrono::milliseconds interval{};
  sys_ms next_poll;
  std::optional<sys_ms> covered_until;  ///< what joins the last reading joins this
  bool known = false;                   ///< the store has this source
};

/// A source as it is configured now.
struct SourceEntry {
  std::string id, connector, host;
  Digest digest{};  ///< of the source and the terms
  std::vector<std::string> terms;
};

struct PartnerAccount {
  std::string edition, platform;
  Digest pseudonym{};
  std::string partner, name;
};

/// How posts are attributed again.
struct Attribution {
  sys_ms now;
  std::set<std::string> editions;  ///< those whose accounts are known; empty: all
  bool keeps_links = true;         ///< to private posts (profile standard)
};

/// When a post published then and read now is measured again: 15 min, 1, 3, 8, 24 h, 3, 7, 14, 30 d after it was
/// published; nothing behind the last step.
std::optional<sys_ms> next_measure(sys_ms published, sys_ms read);

struct Spent {
  std::string bucket, host;
  sys_ms at;
  int cost = 0;
};

/// What became of the wish that what was seen under a name be another post.
enum class Unlinked : std::uint8_t { done, unknown, its_own, already };

class Store {
 public:
  /// Opens or creates the file, refuses what is not ours (Unusable), migrates step by step.
  explicit Store(const std::filesystem::path& file);

  /// Makes the sources those of the configuration: new ones appear, changed ones lose their cursor, `watch` follows,
  /// others go.
  void configure(const std::vector<SourceEntry>& sources, const std::string& edition, sys_ms now);
  /// Every difference to the settings of before becomes a dated `change`. Gives how many that were.
  int note_settings(const Written& written, sys_ms now);
  /// Only sees to it that this source is there: for verbs that work beside a running daemon.
  void ensure(const SourceEntry& source, const std::string& edition, sys_ms now);
  /// Who is a registered organisation under today's configuration. Whoever no longer is loses name, title and text.
  /// `owner_of_page` judges an article's page by its URL and host. Posts that matched nothing and whose account is
  /// registered no more leave every figure at once.
  void attribute(const std::vector<PartnerAccount>& accounts,
                 const std::function<PageOwner(const std::string& url, const std::string& host)>& owner_of_page,
                 const Attribution& how = {});
  /// Deletes those that left a week ago; how many. They leave a row in `removal`.
  std::int64_t forget_strangers(sys_ms now);

  SourceState source(const std::string& id);
  /// What `work` does with this store is one transaction.
  void together(const std::function<void()>& work);
  /// The page, its ledger row and the cursor, or nothing of them. Fills in poll.id and poll.fresh.
  void save(PageFacts& page, sys_ms now);
  /// A poll's end: the row's outcome and covered span, and when the source is asked again.
  void finish(const PollRow& poll, const SourceState& state, const std::string& message);
  /// A measurement's end; it has no source. What was asked and not read waits for its next step, or an hour. Posts in
  /// `missing` were not shown: the second sign, an hour after the first and at their home server, removes them.
  void finish(const PollRow& poll, const std::string& platform, const std::string& observer_host,
              const std::vector<std::int64_t>& asked, const std::vector<std::int64_t>& missing);

  /// Hosts that have posts to measure, and when the first is due.
  struct Due {
    std::string platform, host;
    sys_ms at;
  };
  std::vector<Due> due();
  std::vector<PostRef> due_posts(const std::string& platform, const std::string& host, sys_ms now, std::size_t most);

  /// Aggregates dirty hours again, at most so many; true when more are left.
  bool aggregate(int most_hours);
  /// What was spent of a budget since then, by minute: it survives a restart.
  std::vector<Spent> spent(sys_ms since, const std::string& bucket);
  /// Undoes a link: what was seen under this name becomes a post of its own again, with its sightings and numbers, and
  /// stays one. `address` is the name in clear. Noted as a `change`.
  Unlinked unlink(const Digest& name, const std::string& address, sys_ms now);
  void checkpoint() { db_.checkpoint(); }
  /// From any thread, for good: what waits for a lock fails at once.
  void stop_waiting() { db_.stop_waiting(); }
  /// Writes and takes back: does the disk accept us again?
  void probe();

 private:
  std::int64_t observer(const std::string& platform, const std::string& host);
  std::int64_t author(const Fact& fact, sys_ms now);
  void declare(std::int64_t author, bool bot, sys_ms now);
  std::optional<std::int64_t> find(const Fact& fact, sys_ms now);
  std::int64_t insert(const Fact& fact, sys_ms now);
  void merge(std::int64_t kept, std::int64_t dropped, sys_ms now);
  /// The post the fact is about, and whether it is new; nothing when it is not kept.
  std::optional<std::int64_t> take(const Fact& fact, sys_ms now, std::int64_t& fresh);
  void judge(std::int64_t post, const Fact& fact, sys_ms now);
  void hold(std::int64_t post, const std::string& edition, const std::optional<Match>& match, sys_ms now);
  void observe(std::int64_t post, const Fact& fact, std::int64_t observer, sys_ms now);
  void note_counters(std::int64_t post, const Counters& counters, std::int64_t observer, sys_ms now);
  void count(std::int64_t post, const Counters& counters, std::int64_t observer, const std::string& observer_host,
             sys_ms now);
  void schedule(std::int64_t post, const Fact& fact, std::int64_t observer, const std::string& observer_host,
                sys_ms read);
  void know_author(std::int64_t post, const Fact& fact, sys_ms now);
  std::int64_t become(std::int64_t post, const Fact& fact, sys_ms now);
  bool is_counted_at(std::int64_t post, const std::string& host);
  void ask_at_home(std::int64_t post, const Fact& fact, const std::string& home, sys_ms now);
  std::vector<std::int64_t> story_of(std::int64_t post);
  void tell_story(std::int64_t post);
  void tell_stories(const std::vector<std::int64_t>& posts);
  std::set<std::int64_t> tell_one_story(std::int64_t post);
  void remove_named(const Digest& name, sys_ms now);
  void account_gone(const GoneAccount& account, sys_ms now);
  void add(const SourceEntry& source, const std::string& edition, sys_ms now);
  void register_accounts(const std::vector<PartnerAccount>& accounts, const std::set<std::string>& editions);
  void attribute_articles(
      const std::function<PageOwner(const std::string& url, const std::string& host)>& owner_of_page);
  // Articles: one page under several links, one text in several papers (articles.cpp).
  std::optional<std::int64_t> post_named(const AliasKey& alias, sys_ms at);
  void note_name(std::int64_t post, const AliasKey& alias, sys_ms now);
  void enrich(std::int64_t post, const Fact& fact);
  void absorb_article(std::int64_t kept, std::int64_t dropped, sys_ms now);
  void absorb_match(std::int64_t kept, std::int64_t dropped, sys_ms now);
  bool note_likeness(std::int64_t post, const ArticleFact& article);
  std::vector<std::int64_t> cluster_of(std::int64_t post);
  std::vector<std::int64_t> copies_of(std::int64_t post);
  void join(std::int64_t post);
  void regroup(const std::vector<std::int64_t>& posts);
  void miss(std::int64_t post, std::int64_t observer, sys_ms now);
  void remove(std::int64_t post, const char* why, sys_ms now);
  void postpone(std::int64_t post, std::int64_t observer, const PollRow& poll);
  sys_ms effective_time(std::int64_t post);
  void refresh(std::int64_t post);
  void mark_dirty(std::int64_t post);
  void write(PollRow& poll);
  void cover(const std::string& source, sys_ms from, sys_ms until);

  Database db_;
  MetricRunner metrics_;
};

/// Whether a file is a database of ours and of a version we know; throws Unusable otherwise.
void check_header(Database& db);
/// The same for a file that may be there: whether it is. Read only, so that what is not ours stays as it is.
bool check_file(const std::filesystem::path& file);

}  // namespace campaignd::store
