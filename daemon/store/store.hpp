#pragma once
/// Facts in. One Store owns the write connection and lives on the store thread; a method that writes is one
/// transaction, and throws Unwritable when the disk or a lock says no.
#include <functional>
#include <set>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/reading/match.hpp"
#include "daemon/config/evidence.hpp"
#include "daemon/config/layers.hpp"
#include "daemon/store/growth.hpp"
#include "daemon/store/metrics.hpp"
#include "daemon/store/seals.hpp"

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
  /// Of private accounts: what each of its names, and its pseudonym, would be among those that asked to be forgotten.
  std::vector<Digest> suppressed_as;
};

/// What stands beside the campaign's tag in a post: another hashtag, a site it links to.
struct Beside {
  std::string kind, text;  ///< tag or link; the text is stored only once three accounts have used it
  Digest name{};
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
  bool amplifies = false;  ///< of no article: carries a page or account of an organisation's or the campaign's further
  std::vector<Beside> beside;
  std::vector<Evidence> evidence;  ///< what this sight says of whose account it is
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

/// A term as a source watches it: another text under the same id is another term, and coverage begins anew.
struct WatchedTerm {
  std::string id, looked_for;
};

/// A source as it is configured now.
struct SourceEntry {
  std::string id, connector, host;
  Digest digest{};  ///< of the source and the terms
  std::vector<WatchedTerm> terms;
};

struct PartnerAccount {
  std::string edition, platform;
  Digest pseudonym{};
  std::string partner, name;
};

/// How posts are attributed again.
struct Attribution {
  sys_ms now;
  std::optional<std::set<std::string>> editions;   ///< those whose accounts are known; nothing: all
  bool keeps_links = true;                         ///< to private posts (profile standard)
  std::map<std::string, std::string> countries{};  ///< of organisations (M-18)
};

/// An account as it is stored, in one edition and on one platform: by its name, or its handle.
struct AccountName {
  std::string edition, platform;
  Digest name{};
};

/// An account that is to be forgotten: as it is configured, as it may be stored, and as it is suppressed.
struct Account {
  std::vector<std::string> written;
  std::vector<AccountName> names;
  std::vector<Digest> hashes;
};

/// What a pseudonym is called among those that asked to be forgotten.
using Suppression = std::function<Digest(const Digest&)>;

/// What was held of an account that is forgotten, in rows.
struct Forgotten {
  std::int64_t accounts = 0, posts = 0, readings = 0, followers = 0, sightings = 0, evidence = 0;
  std::vector<std::string> traces;  ///< what its rows held that names it: hashes and addresses
};

/// Which posts have to go. Those of a platform that were confirmed last before then; and of an edition all that are
/// neither a registered organisation's nor the media's.
struct Overdue {
  std::map<std::string, sys_ms> confirmed_before;  ///< by platform
  std::optional<std::string> edition;
};

/// The periods sheets have of each edition: what is not additive is settled for them.
using Periods = std::map<std::string, std::vector<Bucket>>;

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

  /// What the configuration says of whose the accounts are; what does not hold under it any more goes.
  void note_evidence(const std::vector<Evidence>& configured, const std::function<bool(const Evidence&)>& holds,
                     sys_ms now);
  /// Names of tags and sites that fewer than three accounts use now; how many.
  std::int64_t drop_rare_names();
  /// Looks for posts that have to go; whether there are any. go_on_expiring() first settles, of metrics that are not
  /// additive, the figures they take with them, a period at a time; then they go, some at a time, and leave what
  /// additive ones lose. Whether more is to be done. One expiry after the other.
  bool begin_expiry(const Overdue& overdue, const Periods& periods, sys_ms now);
  bool go_on_expiring(sys_ms now);
  /// Readings and followers of a platform that are older go, of some posts and accounts; true when more are left. The
  /// last word on a post that was confirmed since is as old as that confirmation.
  bool drop_old_readings(const std::string& platform, sys_ms before);
  /// Rows of the ledger that ended in this time, some; true when more are left. What covers stays, for
  /// coverage as of a moment of the past rests on it; so do why a source was not read, what counts posts that were left
  /// out, and what tells that a source with a control tag was not blind.
  bool drop_polls(sys_ms from, sys_ms until);
  /// Profile strict, once an edition is final: private posts are asked for no more, so the ids they had at servers go.
  void drop_ids(const std::string& edition);

  /// Deletes what is held of an account and remembers it among those that are never kept again, in the database and
  /// in the list beside it.
  Forgotten forget(const Account& account, const Suppression& suppression, sys_ms now);
  /// Whether none of these bytes is in the file and its log any more: false when a reader was in the way, try again.
  bool erase(const std::vector<std::string>& traces);
  /// What the lists beside the database say and it does not know, because it was restored: how many posts that took.
  std::int64_t replay(const Suppression& suppression, sys_ms now);

  SourceState source(const std::string& id);
  /// What `work` does with this store is one transaction.
  void together(const std::function<void()>& work);
  /// The page, its ledger row and the cursor, or nothing of them. Fills in poll.id and poll.fresh.
  void save(PageFacts& page, sys_ms now);
  /// A poll's end: the row's outcome and covered span, and when the source is asked again.
  void finish(const PollRow& poll, const SourceState& state, const std::string& message);
  /// What a source's control tag showed: how many posts, and when the newest was published. It says nothing where the
  /// poll failed.
  void note_control(const PollRow& poll, const std::string& source, std::int64_t found,
                    const std::optional<sys_ms>& newest);
  /// A measurement's end; it has no source. What was asked and not read waits an hour, or longer. Posts in
  /// `missing` were not shown: the second sign, an hour after the first and at their home server, removes them. Not
  /// where that server misses at least three, and more than a fifth of what it was asked for since: then it is in
  /// trouble, as nobody deletes that many at once (P-06). How many were held back by that; it is asked for them day by
  /// day, and what it has said for two weeks is believed.
  std::int64_t finish(const PollRow& poll, const std::string& platform, const std::string& observer_host,
                      const std::vector<std::int64_t>& asked, const std::vector<std::int64_t>& missing);

  /// Hosts that have posts to measure, and when the first is due.
  struct Due {
    std::string platform, host;
    sys_ms at;
  };
  std::vector<Due> due();
  /// Those that are due, where a reading takes away most of what is not known first; of the 5,000 that have been due
  /// longest, so that a host that was away for long does not stop the store. `fill`: where fewer than `most` are due,
  /// with those that are next, if at least half of their wait is over.
  std::vector<PostRef> due_posts(const std::string& platform, const std::string& host, sys_ms now, std::size_t most,
                                 bool fill = false);
  /// Learns how posts grow from those that are measured no more; how many platforms learnt something.
  int learn(sys_ms now);
  std::optional<sys_ms> last_lesson();

  /// Aggregates dirty hours again, at most so many; true when more are left.
  bool aggregate(int most_hours);
  /// What was spent of a budget since then, by minute: it survives a restart.
  std::vector<Spent> spent(sys_ms since, const std::string& bucket);
  /// Undoes a link: what was seen under this name becomes a post of its own again, with its sightings and numbers, and
  /// stays one. `address` is the name in clear. Noted as a `change`.
  Unlinked unlink(const Digest& name, const std::string& address, sys_ms now);
  void keep_seal(const KeptSeal& seal);
  /// Whether the write-ahead log is empty now: false when a reader was in the way.
  bool checkpoint() { return db_.checkpoint(); }
  std::int64_t posts_held();
  /// Of a copy: one file without free pages, whole. Throws Unusable where it is not.
  void leave_one_file();
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
  void note(const Evidence& evidence, sys_ms now);
  void note_beside(std::int64_t post, const Fact& fact);
  void call_by_name(std::int64_t post, const Beside& beside);
  void tell_story(std::int64_t post);
  void tell_stories(const std::vector<std::int64_t>& posts);
  std::set<std::int64_t> tell_one_story(std::int64_t post);
  void remove_named(const Digest& name, sys_ms now);
  void account_gone(const GoneAccount& account, sys_ms now);
  void add(const SourceEntry& source, const std::string& edition, sys_ms now);
  void watch(const std::string& source, const std::string& edition, const WatchedTerm& term, sys_ms now);
  void register_accounts(const std::vector<PartnerAccount>& accounts,
                         const std::optional<std::set<std::string>>& editions);
  void register_countries(const std::map<std::string, std::string>& countries);
  void attribute_articles(
      const std::function<PageOwner(const std::string& url, const std::string& host)>& owner_of_page);
  // Articles: one page under several links, one text in several papers (articles.cpp).
  std::optional<std::int64_t> post_named(const AliasKey& alias, sys_ms at);
  void note_name(std::int64_t post, const AliasKey& alias, sys_ms now);
  void enrich(std::int64_t post, const Fact& fact, sys_ms now);
  void absorb_article(std::int64_t kept, std::int64_t dropped, sys_ms now);
  void absorb_match(std::int64_t kept, std::int64_t dropped, sys_ms now);
  bool note_likeness(std::int64_t post, const ArticleFact& article);
  std::vector<std::int64_t> cluster_of(std::int64_t post);
  std::vector<std::int64_t> copies_of(std::int64_t post);
  void join(std::int64_t post);
  void regroup(const std::vector<std::int64_t>& posts);
  // Whether posts that a server does not show are gone (removal.cpp).
  std::int64_t judge_missing(const std::vector<std::int64_t>& posts, std::int64_t observer, const PollRow& poll);
  void miss(std::int64_t post, std::int64_t observer, sys_ms now);
  bool is_in_trouble(std::int64_t observer, sys_ms since, sys_ms now);
  void call_witnesses(std::int64_t observer, const PollRow& poll);
  void remove(const std::vector<std::int64_t>& posts, const char* why, sys_ms now);
  // Measuring again (planning.cpp).
  struct Plan {
    Level level;
    sys_ms due;
  };
  Plan plan(std::int64_t post, std::int64_t observer, sys_ms read);
  Told told(std::int64_t post, std::int64_t observer, sys_ms born, sys_ms until);
  const Growth& growth(const std::string& platform);
  void drop(const std::vector<std::int64_t>& posts, const char* why, sys_ms now);
  void tally(std::int64_t post, const char* why, sys_ms now);
  void bury(const std::vector<std::int64_t>& posts, sys_ms now);
  std::vector<std::pair<std::string, Bucket>> periods_losing_posts(const Periods& periods);
  void settle_period(const std::string& edition, const Bucket& period, sys_ms now);
  void settle_hours(sys_ms now);
  bool is_settled(const Fact& fact, sys_ms now);
  bool is_suppressed(const AuthorFact& author, sys_ms now);
  void suppress(const std::vector<Digest>& hashes, sys_ms now);
  std::int64_t forget_author(std::int64_t author, sys_ms now);
  std::int64_t replay_suppressions(const Suppression& suppression, sys_ms now);
  std::int64_t replay_removals(sys_ms now);
  void postpone(std::int64_t post, std::int64_t observer, const PollRow& poll);
  sys_ms effective_time(std::int64_t post);
  void refresh(std::int64_t post);
  void mark_dirty(std::int64_t post);
  void make_again();
  void make_readings_again();
  void void_kept_figures();
  void write(PollRow& poll);
  void slice(const std::string& edition, const Metric& metric, Breakdown breakdown, const std::vector<Bucket>& hours);
  // What polls covered (covering.cpp).
  void cover(const PollRow& poll);
  void note_refilled(const PollRow& poll);

  std::filesystem::path file_, folder_;  ///< the database; where the lists are
  Database db_;
  MetricRunner metrics_;
  std::map<std::string, Growth> growth_;                  ///< by platform, as far as it was learnt
  std::vector<std::pair<std::string, Bucket>> settling_;  ///< editions' periods to be settled before posts expire
};

/// Of which editions a file of ours holds private authors.
std::set<std::string> editions_with_authors(const std::filesystem::path& file);
/// Writes a copy of the database to a file that is not there yet, without what may not be kept for long (each
/// platform's contract) and without anything that was deleted. What it counted stays, settled.
void back_up(const std::filesystem::path& database, const std::filesystem::path& to, const Periods& periods,
             sys_ms now);
/// Makes the file anew, on disk: in memory it would need as much again.
void vacuum(const std::filesystem::path& file);
/// What is wrong with a database inside; empty: nothing.
std::string damage_in(Database& db);

/// Whether a file is a database of ours and of a version we know; throws Unusable otherwise.
void check_header(Database& db);
/// What keeps this program from reading a database that is sound: another program made it, and none has brought it up
/// to date; empty: nothing.
std::string behind(Database& db);
/// As check_header, for a file that may be there: whether it is. Read only, so that what is not ours stays as it is.
bool check_file(const std::filesystem::path& file);

}  // namespace campaignd::store
