#pragma once
/// A table of the configuration, taken apart key by key: every value is taken by name and form, and what nobody took
/// is an unknown key. Whatever does not fit becomes a problem with its place and what to write instead.
#include <functional>
#include <set>
#include <span>

#include "daemon/config/setting.hpp"

namespace campaignd {

struct PlacedText {
  std::string text;
  Place place;
};

class Table {
 public:
  /// Keeps a reference to both.
  Table(const Setting& table, Problems& problems) : table_(table), problems_(problems) {}
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  ~Table();  ///< tells of every key nobody took

  bool has(std::string_view key) { return find(key) != nullptr; }
  /// Of the value; of the table where the key is not there.
  Place place_of(std::string_view key);
  void complain(const Place& place, std::string message) { problems_.push_back(problem_at(place, std::move(message))); }
  /// Once for a value: what has the wrong type is not told to have the wrong form as well.
  void complain_at(std::string_view key, std::string message);

  std::string text(std::string_view key, std::string otherwise = {});
  /// Complains when it is missing or empty: `what` says what to write.
  std::string required(std::string_view key, std::string_view what);
  /// One of a few words; with anything else, the first of them.
  std::string choice(std::string_view key, std::span<const std::string_view> words);
  std::vector<PlacedText> placed_texts(std::string_view key);
  std::vector<std::string> texts(std::string_view key);
  std::optional<std::int64_t> whole(std::string_view key, std::int64_t least, std::int64_t most);
  std::vector<int> ports(std::string_view key);
  std::optional<double> number(std::string_view key);
  bool flag(std::string_view key, bool otherwise);
  std::optional<LocalDate> date(std::string_view key);
  std::vector<LocalDate> dates(std::string_view key);
  std::optional<sys_ms> instant(std::string_view key);
  std::optional<std::chrono::milliseconds> duration(std::string_view key);

  /// Each [[key]].
  void tables(std::string_view key, const std::function<void(Table&)>& each);
  /// [key], where it is there.
  void table(std::string_view key, const std::function<void(Table&)>& use);

 private:
  const Setting* find(std::string_view key);
  void complain_of_unknown(const std::string& key, const Place& place);
  const Setting& table_;
  Problems& problems_;
  std::set<std::string> known_;
};

}  // namespace campaignd
