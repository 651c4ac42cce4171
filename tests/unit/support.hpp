#pragma once
/// Small builders for the unit tests: instants, findings, facts, a folder that goes away, a store in it.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/reading/dates/time.hpp"
#include "daemon/collect/keys.hpp"
#include "daemon/config/config.hpp"
#include "daemon/store/store.hpp"

namespace campaignd::test {

inline sys_ms utc(std::string_view text) {
  auto time = read_rfc3339(text);
  if (!time) throw std::invalid_argument("no instant: " + std::string(text));
  return *time;
}
inline std::string shown(const std::optional<sys_ms>& time) { return time ? format_utc(*time) : std::string("none"); }

inline std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return std::string((std::istreambuf_iterator<char>(in)), {});
}

class TempDir {
 public:
  explicit TempDir(const std::filesystem::path& parent = std::filesystem::temp_directory_path()) {
    auto pattern = (parent / "campaignd-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, std::string_view text) const {
    std::ofstream out(path_ / name, std::ios::binary);
    out << text;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

/// An answer of a server to a request.
inline Answer reply(Request asked, int status, std::string body, sys_ms received, Headers headers = {}) {
  return Answer{std::move(asked), status, std::move(headers), std::move(body), received};
}

/// A post of mastodon, home.example, as a server showed it.
inline Finding make_finding(const std::string& name, const std::string& author, sys_ms published) {
  Finding out;
  out.local_id = name;
  out.post.platform = "mastodon";
  out.post.host = "home.example";
  out.post.uri = "https://home.example/posts/" + name;
  out.post.url = out.post.uri;
  out.post.author.key = author;
  out.post.published = published;
  return out;
}

inline store::Digest digest(std::string_view text) { return collect::keyed_hash("tests", text); }

/// A post with the tag, of mastodon, home.example, edition 2025.
inline store::Fact make_fact(const std::string& name, const std::string& author, sys_ms published) {
  store::Fact out;
  out.edition = "2025";
  out.platform = "mastodon";
  out.network = "fediverse";
  out.host = "home.example";
  out.published = published;
  out.uri = "https://home.example/posts/" + name;
  out.url = out.uri;
  out.keys.push_back({digest(name), "uri"});
  out.author.pseudonym = digest("author " + author);
  out.local_id = name;
  out.match = Match{"tag", MatchClass::hashtag};
  return out;
}

inline store::PageFacts make_page(std::vector<store::Fact> facts, sys_ms now, const std::string& source = "one",
                                  const std::string& observer = "home.example") {
  store::PageFacts out;
  out.platform = "mastodon";
  out.observer = observer;
  out.found = std::move(facts);
  out.poll.source = source;
  out.poll.host = observer;
  out.poll.start = now;
  out.poll.end = now;
  out.poll.requests = 1;
  out.poll.spent[{"mastodon", observer}] = 1;
  return out;
}

inline store::SourceEntry make_source(const std::string& id, const std::string& version,
                                      const std::vector<std::string>& terms = {"tag"}) {
  store::SourceEntry out;
  out.id = id;
  out.connector = "mastodon";
  out.host = "home.example";
  out.digest = digest(version);
  for (const auto& each : terms) out.terms.push_back({each, "text"});
  return out;
}

/// The edition of 2025, days of Warsaw.
inline Edition edition_2025() {
  Edition out;
  out.id = "2025";
  out.day = "2025-06-20";
  out.from = utc("2024-12-31T23:00:00Z");
  out.until = utc("2025-12-31T23:00:00Z");
  out.day_from = utc("2025-06-19T22:00:00Z");
  out.day_until = utc("2025-06-20T22:00:00Z");
  out.baseline_from = utc("2024-12-03T23:00:00Z");
  out.preliminary_at = utc("2025-06-21T06:00:00Z");
  out.final_at = utc("2025-07-03T22:00:00Z");
  return out;
}

/// A campaign whose one source, "one", is on Mastodon.
inline const Campaign& small_campaign() {
  static const Campaign campaign = [] {
    Campaign out;
    out.id = "small";
    Source source;
    source.id = "one";
    source.connector = "mastodon";
    out.sources.push_back(source);
    out.editions.push_back(edition_2025());
    return out;
  }();
  return campaign;
}

/// A store in a folder of its own.
struct World {
  TempDir dir;
  std::filesystem::path file = dir.path() / "campaign.db";
  store::Store books{file};

  /// Saves a page of a poll; gives its ledger row back.
  store::PollRow see(std::vector<store::Fact> facts, sys_ms now, const std::string& source = "one",
                     const std::string& observer = "home.example") {
    auto page = make_page(std::move(facts), now, source, observer);
    books.save(page, now);
    return page.poll;
  }
  /// Ends a successful poll of a source that covers [from, until).
  void cover(sys_ms from, sys_ms until, const std::string& source = "one") {
    auto page = make_page({}, until, source);
    page.poll.outcome = "ok";
    page.poll.covered_from = from;
    books.finish(page.poll, store::SourceState{}, "");
  }
  /// Changes rows behind the back of the store.
  void run(const char* sql) const { store::Database(file, store::Access::write).run(sql); }
  /// The first column of the first row, read over a connection of its own.
  std::int64_t ask(const char* sql) const {
    store::Database db(file, store::Access::read);
    store::Query query(db, sql);
    if (!query.next()) throw std::runtime_error("no row");
    return query.integer(0);
  }
};

}  // namespace campaignd::test
