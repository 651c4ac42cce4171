// What a reader must know beside the figures: who is behind them, what is not in them, and what would be without some.
#include "daemon/report/method.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "daemon/report/expired.hpp"
#include "daemon/report/kinds.hpp"
#include "daemon/report/overview.hpp"
#include "daemon/report/withheld.hpp"

namespace campaignd::report {

Behind behind_mentions(const Scope& scope) {
  std::vector<Said> all, of_others;
  store::Query query(
      scope.db,
      "SELECT reading.author, reading.at_utc, coalesce(hex(text_key), ''), coalesce(reading.bot, 0) FROM "
      "reading JOIN post ON post.id = reading.post WHERE reading.edition = ? AND reading.at_utc >= ? AND "
      "reading.at_utc < ? AND class = 'hashtag' AND reading.kind <> 'article' ORDER BY reading.at_utc, "
      "reading.post",
      scope.edition.id, scope.window.from, scope.window.until);
  while (query.next()) {
    Said post{query.integer(0), query.time(1), query.text(2)};
    if (query.integer(3) == 0) of_others.push_back(post);
    all.push_back(std::move(post));
  }
  return {concentration_of(all), concentration_of(of_others)};
}

Figure actual_impressions(Figures& figures) {
  auto figure = figures.of("M-05");
  figure.range = "bound";
  figure.unit = "impressions";
  if (!figure.value) return figure;
  bool is_least = figure.low.has_value();
  figure.low = std::floor(*figure.value / 100);
  (is_least ? figure.high_known : figure.high) = std::ceil(*figure.value / 5);
  figure.value.reset();
  if (is_least) {
    figure.status = "incomplete";
    figure.reason = "some accounts' follower figures are not known: no upper bound";
  }
  return figure;
}

namespace {

/// One row: a number, the same without declared bots, and how many mentions are left without what it speaks of.
struct Line {
  std::string item, name, unit, note;
  Cell value, low, high, without_bots, mentions_without;
  std::optional<std::int64_t> n;
  Cell range{};
};

struct Table {
  Sheet sheet{"method",
              {"item", "name", "value", "value_low", "value_high", "range", "value_without_bots", "mentions",
               "mentions_without", "unit", "n", "note"},
              {},
              {{"name", "name"},
               {"value", "value"},
               {"value_low", "low", "-"},
               {"value_high", "high", "-"},
               {"range", "range", "-"},
               {"value_without_bots", "without bots", "-"},
               {"mentions", "mentions", "-"},
               {"mentions_without", "mentions without", "-"},
               {"unit", "unit"},
               {"note", "note", "-"}}};
  Cell mentions;

  void add(const Line& line) {
    sheet.rows.push_back({line.item, line.name, line.value, line.low, line.high, line.range, line.without_bots,
                          line.mentions_without == Cell() ? Cell() : mentions, line.mentions_without, line.unit,
                          cell(line.n), text_or_nothing(line.note)});
  }
  void add(const std::string& item, const std::string& name, const Figure& figure, const std::string& note = {}) {
    add({item, name, figure.unit, figure.reason.empty() ? note : figure.reason, cell(figure.value), cell(figure.low),
         cell(figure.high), Cell(), Cell(), figure.n, range_of(figure)});
  }
};

constexpr const char *bots_name = "Mentions by accounts that declare themselves bots",
                     *top_name = "Share of the five accounts that posted most",
                     *gini_name = "Gini coefficient of posts over accounts", *gini_unit = "0 even, 1 all by one",
                     *bursts_name = "Mentions in bursts of copies";

/// M-17. What one or two private accounts did that say they are bots is not told.
void add_bots(Table& table, const Behind& behind, bool has_few_bots) {
  const auto& [all, others] = behind;
  auto told = [&](std::int64_t n) { return has_few_bots ? Cell(Withheld{true}) : Cell(n); };
  table.add({"bots", bots_name, "posts",
             has_few_bots ? "fewer than three such accounts" : "declared by the accounts, never guessed",
             told(all.posts - others.posts), Cell(), Cell(), Cell(), told(others.posts), all.posts});
}

/// Without declared bots, too; not where those are one or two accounts.
void add_concentration(Table& table, const Behind& behind, bool has_few_bots) {
  const auto& [all, others] = behind;
  auto told = [&](const Cell& value) { return has_few_bots ? Cell(Withheld{}) : value; };
  std::string few = all.accounts < static_cast<std::int64_t>(top_accounts) ? "there are fewer than five accounts" : "";
  table.add({"top_five", top_name, "share", all.posts == 0 ? "no posts to read it from" : few, cell(all.top_share),
             Cell(), Cell(), told(cell(others.top_share)), all.posts - all.by_top, all.posts});
  table.add({"gini", gini_name, gini_unit, all.accounts < 2 ? "fewer than two accounts" : "", cell(all.gini), Cell(),
             Cell(), told(cell(others.gini)), Cell(), all.accounts});
  table.add({"bursts", bursts_name, "posts", "the same words by at least three accounts within an hour",
             all.bursts.posts, Cell(), Cell(), told(others.bursts.posts), all.posts - all.bursts.posts,
             all.bursts.texts});
}

/// Who wrote the posts that went is not known any more.
void add_expired(Table& table) {
  for (auto [item, name, unit] : {std::tuple("bots", bots_name, "posts"), std::tuple("top_five", top_name, "share"),
                                  std::tuple("gini", gini_name, gini_unit), std::tuple("bursts", bursts_name, "posts")})
    table.add({.item = item, .name = name, .unit = unit, .note = std::string(expired)});
}

/// A figure of that definition, where there is one.
void add_known(Table& table, Figures& figures, const std::string& item, std::string_view id) {
  auto found = std::ranges::find(store::metrics(), id, &store::Metric::id);
  if (found != store::metrics().end()) table.add(item, found->name, figures.of(id), found->caveat);
}

}  // namespace

Sheet make_method(const Scope& scope) {
  Table table;
  Figures figures(scope.db, scope.campaign, scope.edition, scope.window, scope.now);
  auto mentions = figures.of("M-01");
  if (settled_of(scope, "M-01") > 0) {
    add_expired(table);
  } else if (mentions.value) {
    auto behind = behind_mentions(scope);
    bool has_few_bots = are_few_bots(scope);
    table.mentions = behind.all.posts;
    add_bots(table, behind, has_few_bots);
    add_concentration(table, behind, has_few_bots);
  } else {
    table.add("mentions", store::metric("M-01").name, mentions);
  }
  table.add("opted_out", "Posts left out, as their authors asked",
            opted_out(scope.db, scope.campaign, scope.window, scope.now, figures.coverage()));
  add_known(table, figures, "unseen", "M-15");
  add_known(table, figures, "growth", "M-07-growth");
  table.add("impressions", std::string(actual_impressions_name), actual_impressions(figures),
            store::metric("M-05").caveat);
  add_known(table, figures, "removed", "M-16");
  return std::move(table.sheet);
}

}  // namespace campaignd::report
