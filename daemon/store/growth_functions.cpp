#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>

#include "daemon/store/growth_store.hpp"

namespace campaignd::store {

namespace {

sys_ms time_of(const Value& value) { return sys_ms(milliseconds(static_cast<std::int64_t>(*value.number))); }

/// What was learnt by the moment a statement asks of; it asks of one, of post after post.
class Book {
 public:
  explicit Book(Database& db) : db_(db) {}

  const Growth& of(std::string_view platform, sys_ms now) {
    if (now != now_) known_.clear();
    now_ = now;
    auto found = known_.find(platform);
    if (found == known_.end()) found = known_.emplace(platform, known_growth(db_, std::string(platform), now)).first;
    return found->second;
  }

 private:
  Database& db_;
  sys_ms now_;
  std::map<std::string, Growth, std::less<>> known_;
};

/// (platform, now, at, before, count_before, read, count), as in growth_store.hpp.
std::optional<Expected> expected_of(Book& book, std::span<const Value> of) {
  for (std::size_t i : {1U, 2U, 5U, 6U})
    if (!of[i].number) return std::nullopt;
  auto now = time_of(of[1]), at = time_of(of[2]), read = time_of(of[5]);
  const auto& growth = book.of(of[0].text, now);
  Told before, last{read - at, *of[6].number};
  if (of[3].number && of[4].number) before = {time_of(of[3]) - at, *of[4].number};
  return expected_growth(growth, level_of(growth, before, last), last.age, std::max(now, read) - at);
}

/// Mean and variance of a post are asked for one after the other.
class Last {
 public:
  std::optional<Expected> of(Book& book, std::span<const Value> question) {
    std::array<std::optional<double>, 7> numbers;
    std::ranges::transform(question, numbers.begin(), &Value::number);
    if (numbers != numbers_ || question[0].text != platform_) {
      answer_ = expected_of(book, question);
      numbers_ = numbers;
      platform_ = question[0].text;
    }
    return answer_;
  }

 private:
  std::string platform_;
  std::array<std::optional<double>, 7> numbers_;
  std::optional<Expected> answer_;
};

std::optional<Interval> interval(std::span<const Value> of) {
  if (!of[0].number || !of[1].number) return std::nullopt;
  return interval90({*of[0].number, *of[1].number});
}

}  // namespace

void register_growth_functions(Database& db) {
  auto book = std::make_shared<Book>(db);
  auto last = std::make_shared<Last>();
  db.define("growth_mean", 7, [book, last](std::span<const Value> of) -> std::optional<double> {
    auto growth = last->of(*book, of);
    return growth ? std::optional(growth->mean) : std::nullopt;
  });
  db.define("growth_variance", 7, [book, last](std::span<const Value> of) -> std::optional<double> {
    auto growth = last->of(*book, of);
    return growth ? std::optional(growth->variance) : std::nullopt;
  });
  db.define("growth_bias", 2, [book](std::span<const Value> of) -> std::optional<double> {
    if (!of[1].number) return std::nullopt;
    return book->of(of[0].text, time_of(of[1])).bias;
  });
  db.define("growth_low", 2, [](std::span<const Value> of) -> std::optional<double> {
    auto growth = interval(of);
    return growth ? std::optional(std::floor(growth->low)) : std::nullopt;
  });
  db.define("growth_high", 2, [](std::span<const Value> of) -> std::optional<double> {
    auto growth = interval(of);
    return growth ? std::optional(std::ceil(growth->high)) : std::nullopt;
  });
}

}  // namespace campaignd::store
