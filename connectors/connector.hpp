#pragma once
/// The three things a platform is: a Contract (what it promises), a Connector (what can be asked), and a Job
/// (one poll or one measurement). Connectors do no I/O: what to ask and what the answer says, nothing else.
#include <memory>
#include <span>

#include "connectors/http.hpp"

namespace campaignd {

/// When what was spent is given back: bit by bit as the window moves on, at midnight in California (Google), or with
/// the month (UTC).
enum class Reset : std::uint8_t { window, pacific_midnight, utc_month };

/// A budget of requests to one host: at most `requests` in any window of `per` (or between two resets), and `gap`
/// between two.
struct Budget {
  std::string_view bucket;
  int requests;
  std::chrono::seconds per;
  std::chrono::milliseconds gap;
  Reset reset = Reset::window;
  std::string_view unit = "requests";  ///< what is counted: requests, searches, US cents …
};

enum class Access : std::uint8_t { open, key, paid, review };
std::string_view name_of(Access access);

/// A key a source of the platform may or must have in the configuration; its name is that of SourceSettings.
struct SourceKey {
  std::string_view name;
  bool required = false;
};

/// The secret a platform asks for. It lies in a file of its own, named after the connector or as the source's
/// `credential` says, never in the configuration.
struct Credential {
  std::string_view form;  ///< what the file holds, in a phrase: "the bearer token of an app"; empty: none is taken
  bool required = false;  ///< the connector is off until there is one
  bool of_host = false;   ///< each server has its own, in a file named after both: "mastodon-social.example"
};

/// What is known in secret for one credential, shared by all jobs that use it. In memory only: never printed, logged or
/// stored.
struct Session {
  std::string credential;            ///< as the operator gave it, trimmed
  std::string token, refresh_token;  ///< what was got for it; empty: to be asked for
  sys_ms valid_until{};              ///< of the token, as far as it is known
  std::string who;                   ///< the platform's word for whose it is: an id, a host
};

/// What a platform gives, asks and forbids: data, printed by `campaignd sources --contracts`.
struct Contract {
  std::string_view name;
  std::string_view network;   ///< followers are shared within one network (M-04): the fediverse is one
  std::string_view counters;  ///< which it can ever give
  Access access = Access::open;
  std::span<const Budget> budgets;
  std::size_t batch = 0;  ///< posts in one measurement; 0: cannot measure
  std::chrono::minutes every{30};
  std::optional<std::chrono::days> keep_at_most{};  ///< since its author's server was last seen to show a post
  bool no_trace = false;                            ///< of what was removed nothing may be kept, not even a hash
  /// Its terms want a post to be looked for so soon after it was last shown, whether it is still there; else every
  /// week.
  std::optional<std::chrono::hours> recheck_within{};
  bool accounts = false;  ///< one account's posts can be read: partners' channels become sources
  /// The one place where all its posts live and are counted ("bsky.app"); empty: each post at its home server.
  std::string_view home{};
  std::span<const SourceKey> keys{};
  std::span<const std::string_view> engines{};  ///< what its key `engine` may say; the first where it is left out
  Credential credential{};
  std::string_view blind;  ///< what it cannot see, in a sentence
};

/// One poll, one measurement: made for it, dies with it.
class Job {
 public:
  virtual ~Job() = default;
  virtual Request ask(sys_ms now) = 0;           ///< the next request
  virtual Result<Page> read(const Answer&) = 0;  ///< every answer that arrived, whatever its status
};

class Connector {
 public:
  virtual ~Connector() = default;
  virtual const Contract& contract() const noexcept = 0;
  virtual std::unique_ptr<Job> discover(Cursor cursor) const = 0;
  virtual std::unique_ptr<Job> measure(std::vector<PostRef> posts) const = 0;  ///< one host, one batch
};

/// How a page without a feed is cut into items; each is a CSS-like selector, or XPath where it begins with '/', './'
/// or '('.
struct ListSelectors {
  std::string list;   ///< the part of the page that holds the list; empty: all of it
  std::string item;   ///< one item; empty: an item ends with its link
  std::string link;   ///< the link of an item
  std::string title;  ///< of an `item`; empty: its first line
  std::string date;   ///< of an `item`; empty: its header, then its prose
};

/// A source as the configuration gives it to its connector.
struct SourceSettings {
  std::string host;                  ///< platforms with servers
  std::vector<std::string> tags;     ///< hashtags to ask for, without '#'
  std::string query;                 ///< words to search for, where the platform has no tags
  std::string account;               ///< "user@host": the posts of this account instead of those with the tags
  std::string url;                   ///< feeds and pages; of a home page the feed is looked for
  ListSelectors selectors;           ///< pages
  std::string language;              ///< of a feed that does not say its own; the edition of a news search ("de-AT")
  std::string engine;                ///< of a news search: which one is asked
  std::vector<std::string> words;    ///< the texts of all the campaign's terms, for streams that show everybody's posts
  std::optional<int> spend_monthly;  ///< paid platforms: US cents a month, at most
  std::shared_ptr<Session> session;  ///< never null where the contract requires a credential; null: there is none
  sys_ms floor{};                    ///< page back to here: the edition's start
  int backfill_pages = 200;          ///< and no further than this many pages
};

/// Hints for reading a file outside a poll (`campaignd parse`).
struct ParseHints {
  std::string content_type, url, language;
};

struct Platform {
  std::string_view name;
  const Contract& contract;
  std::unique_ptr<Connector> (*make)(SourceSettings);
  Result<std::string> (*parse)(const std::string& body, const ParseHints&);  ///< bytes to normalised JSON
};

std::span<const Platform> platforms();
const Platform* find_platform(std::string_view name);

}  // namespace campaignd
