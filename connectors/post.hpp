#pragma once
/// What a post is, for every platform. Plain values: no platform, network, clock or file is known here.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace campaignd {

/// A UTC instant in milliseconds; every stored time is one.
using sys_ms = std::chrono::sys_time<std::chrono::milliseconds>;

enum class Kind : std::uint8_t { original, reply, quote, article, video };
std::string_view name_of(Kind kind);

/// What the platform said of a post. Not said is empty, never zero (M-07).
struct Counters {
  std::optional<std::int64_t> likes, reposts, quotes, replies, views;
  bool operator==(const Counters&) const = default;
};

struct Author {
  std::string key;                ///< lower-case user@host, or a feed's outlet host; the name pseudonyms are made of
  std::string handle;             ///< where the key is an id: the name the account is configured by; may change
  std::string name;               ///< for registered organisations and media only; the privacy gate drops all others
  std::optional<bool> bot;        ///< declared by the account itself (M-17); never guessed
  std::optional<bool> indexable;  ///< the account's word on search indexing; profile `strict` heeds a missing one too
  bool opted_out = false;         ///< noindex, or #nobot / #noindex in the biography
  bool media = false;             ///< an outlet, not a person
  std::optional<std::int64_t> followers;
  std::vector<std::string> verified{};  ///< pages that its server found to link back to the account (rel=me)
};

/// Where an article's date comes from. Lists without dates have none: then it is when the article was first seen.
enum class DateBasis : std::uint8_t { stated, header, prose, first_seen };
std::string_view name_of(DateBasis basis);

struct Post {
  std::string platform, host;        ///< the network's name; the post's home server
  std::string uri, url;              ///< identity across servers; the page a person opens (may be empty)
  std::vector<std::string> aliases;  ///< other names of the same post
  /// The service that carried a copy across networks ("Bridgy Fed"); empty: none. Platform, host, uri and author are
  /// then the original's, and the copy's own addresses are among the aliases.
  std::string bridge;
  std::string copy_uri;  ///< of a bridge's copy: the copy's own identity; its names come last among the aliases,
                         ///< beginning with it
  Author author;
  Kind kind = Kind::original;
  std::optional<sys_ms> published, edited;
  DateBasis date_basis = DateBasis::stated;
  bool date_conflict = false;  ///< the item contradicts its own date; the header's stands
  std::string place;           ///< as an item's header writes it, never looked up
  std::string language;        ///< BCP 47 as the platform says it, empty where it does not
  std::string title, text, alt_text;
  /// What a search says of a text it does not give: it holds one of these. Matching reads them as text, and of several
  /// takes the weakest match.
  std::vector<std::string> vouched{};
  std::optional<std::vector<std::string>> tags;  ///< the platform's own hashtags; empty optional: it gives none
  std::vector<std::string> links;
  int media_count = 0;
};

/// A post as one server showed it.
struct Finding {
  Post post;
  Counters counters;
  std::string local_id;  ///< that server's own id; re-reading needs it
  /// The id under which the post's home server gives it, where that is known and another server was asked: numbers are
  /// best at home (M-07), so it is measured there too. Empty: not known.
  std::string home_id{};
  bool measurable = true;  ///< false: whoever showed it does not let us read it again by its id
};

/// A stored post to be measured again on one host.
struct PostRef {
  std::int64_t post = 0;
  std::string host, local_id, uri;
};

/// A measurement; `now` is the whole post where the answer carried it, so that edits are judged again.
struct Reading {
  PostRef of;
  Counters counters;
  std::optional<Finding> now;
};

/// A post the host no longer shows. One sign is no proof: deletion checks ask twice, an hour apart. A stream that tells
/// of a deletion itself names the post by its uri alone (`of.post` 0), and that is proof.
struct Gone {
  PostRef of;
  std::string why;
};

/// An account of which a stream tells that its posts are not shown any more.
struct AccountGone {
  std::string author;     ///< its key
  bool for_good = false;  ///< deleted or taken down; else it may come back, and its posts are asked for again soon
};

/// An item that could not be read; the rest of its page stands.
struct Refused {
  std::string id, why;
};

/// Where the next poll starts. Opaque to all but its connector; committed with the posts it follows.
struct Cursor {
  std::string position, etag, last_modified;
  bool operator==(const Cursor&) const = default;
};

/// A server's own count of the posts with a hashtag on one day (UTC), of those that reached it: to hold ours against,
/// never a figure. The last day may still go on.
struct StatedUse {
  std::string tag;
  sys_ms day;
  std::int64_t uses = 0;
  std::optional<std::int64_t> accounts;
};

/// What one answer gave.
struct Page {
  std::vector<Finding> found;
  std::vector<Reading> readings;
  std::vector<Gone> gone;
  std::vector<AccountGone> accounts{};
  std::vector<Refused> refused;
  Cursor cursor;
  bool more = false;            ///< ask again at once
  bool joins_last = false;      ///< this poll's pages reach back to the last successful poll (M-14)
  std::optional<sys_ms> since;  ///< otherwise: read completely back to here
  std::string software;         ///< what the server says it runs, where it was asked
  /// Do not ask again before: the wish of the document itself, a hint. What HTTP says of it is no part of a page.
  std::optional<std::chrono::seconds> rest{};
  std::optional<std::chrono::seconds> pause{};  ///< the same for a limit of the platform's: it is never shortened
  std::optional<int> cost{};  ///< what the request came to, where only the answer tells; else what it reserved
  std::vector<StatedUse> stated{};
};

}  // namespace campaignd
