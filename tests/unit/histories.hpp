#pragma once
/// A campaign as it may go: a random walk of some fifty events through the real store. The same seed gives the same
/// history on every machine.
#include <fmt/format.h>

#include <random>

#include "connectors/reading/articles/article.hpp"
#include "tests/unit/support.hpp"

namespace campaignd::test {

using namespace std::chrono_literals;

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  /// 0 to n - 1. No distribution of the library: they differ between compilers.
  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(n)); }
  bool one_in(std::int64_t n) { return below(n) == 0; }
  template <class Range>
  auto& of(Range& range) {
    return range[static_cast<std::size_t>(below(std::ssize(range)))];
  }

 private:
  std::mt19937_64 engine_;
};

struct Account {
  std::string platform, host, name, partner;  ///< partner: whose it is where it is registered
  bool registered = false;
  std::optional<std::int64_t> followers;
  std::optional<bool> bot;
};

/// A post or an article in the world outside.
struct Item {
  std::string name;
  std::size_t account = 0;
  std::string outlet;  ///< of an article
  Kind kind = Kind::original;
  std::optional<sys_ms> published, edited;
  std::string language;
  std::int64_t text = 0;
  Counters counters;
  bool is_bridged = false;  ///< a bridge carries a copy of it to Mastodon
};

inline std::string uri_of(const std::string& name) { return "https://world.example/" + name; }
inline std::string copy_of(const std::string& name) { return "https://bridge.example/" + name; }

struct SourceOfWorld {
  std::string id, platform, host;
};

class History {
 public:
  History(std::uint64_t seed, const std::filesystem::path& file);

  /// One event more.
  void step();
  void aggregate() {
    while (books_->aggregate(7)) {}
  }
  /// A connection that stays open whatever happens.
  store::Database& reader() { return reader_; }
  sys_ms now() const { return now_; }
  bool jumps() const { return jumps_; }  ///< its clock is put back now and then
  /// The earliest stamp of the last event.
  sys_ms earliest() const { return earliest_; }
  Chance& chance() { return chance_; }
  /// What happened, a line an event.
  std::string told() const;
  void tell(std::string line) { trace_.push_back(fmt::format("{} {}", shown(now_), std::move(line))); }

 private:
  void pass_time();
  void configure();
  void attribute();
  store::PageOwner owner_of(const std::string& outlet) const;
  std::optional<Match> match_of(std::int64_t text, bool is_ours) const;
  store::Fact post_fact(const Item& item, const SourceOfWorld& source);
  store::Fact article_fact(const Item& item);
  store::Fact fact_of(const Item& item, const SourceOfWorld& source);
  void describe(store::Fact& fact, const Account& account) const;
  Counters seen_counters(const Item& item, bool at_home);
  const SourceOfWorld& some_source(const Item& item);
  store::PageFacts page_of(const SourceOfWorld& source) const;
  std::optional<std::int64_t> post_id(const std::string& name);
  Item& some_item();
  std::string home_of(const Item& item) const;

  // Events.
  void publish();
  void write_article();
  void show();
  void grow();
  void edit();
  void measure();
  void count();
  void declare();
  void remove();
  void miss();
  void poll();
  void regard();  // who is registered
  void rename_terms();
  void unlink();
  void restart();

  Chance chance_;
  std::filesystem::path file_;
  std::optional<store::Store> books_;
  store::Database reader_;
  sys_ms now_ = utc("2025-06-18T00:00:00Z");
  sys_ms earliest_ = now_;
  bool jumps_;
  bool site_registered_ = true, second_term_ = false;
  std::vector<Account> accounts_;
  std::vector<Item> items_;
  std::vector<SourceOfWorld> sources_{{"one", "mastodon", "home.example"},
                                      {"two", "mastodon", "other.example"},
                                      {"sky", "bluesky", "bsky.app"},
                                      {"press", "feed", "press.example"}};
  std::vector<std::string> trace_;
};

}  // namespace campaignd::test
