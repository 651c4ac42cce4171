// What a reader must know beside the figures: who is behind them, what is not in them, and what would be without some.
#include <algorithm>

#include "daemon/report/concentration.hpp"
#include "daemon/report/kinds.hpp"
#include "daemon/report/overview.hpp"
#include "daemon/report/withheld.hpp"

namespace campaignd::report {

namespace {

constexpr std::size_t top_accounts = 5;

/// The posts of M-01, and those of declared bots among them.
struct Posts {
  std::vector<Said> all, of_others;
  std::int64_t bots = 0;      ///< posts by declared bots
  bool has_few_bots = false;  ///< one or two private accounts are behind them: not told
};

Posts posts_in(const Scope& scope) {
  Posts out;
  out.has_few_bots = are_few_bots(scope);
  store::Query query(
      scope.db,
      "SELECT reading.author, reading.at_utc, coalesce(hex(text_key), ''), coalesce(reading.bot, 0) FROM "
      "reading JOIN post ON post.id = reading.post WHERE reading.edition = ? AND reading.at_utc >= ? AND "
      "reading.at_utc < ? AND class = 'hashtag' AND reading.kind <> 'article' ORDER BY reading.at_utc, "
      "reading.post",
      scope.edition.id, scope.window.from, scope.window.until);
  while (query.next()) {
    Said post{query.integer(0), query.time(1), query.text(2)};
    if (query.integer(3) != 0)
      ++out.bots;
    else
      out.of_others.push_back(post);
    out.all.push_back(std::move(post));
  }
  return out;
}

/// One row: a number, the same without declared bots, and how many mentions are left without what it speaks of.
struct Line {
  std::string item, name, unit, note;
  Cell value, low, high, without_bots, mentions_without;
  std::optional<std::int64_t> n;
};

struct Table {
  Sheet sheet{"method",
              {"item", "name", "value", "value_low", "value_high", "value_without_bots", "mentions", "mentions_without",
               "unit", "n", "note"},
              {},
              {{"name", "name"},
               {"value", "value"},
               {"value_low", "at least", "-"},
               {"value_high", "at most", "-"},
               {"value_without_bots", "without bots", "-"},
               {"mentions", "mentions", "-"},
               {"mentions_without", "mentions without", "-"},
               {"unit", "unit"},
               {"note", "note", "-"}}};
  Cell mentions;

  void add(const Line& line) {
    sheet.rows.push_back({line.item, line.name, line.value, line.low, line.high, line.without_bots,
                          line.mentions_without == Cell() ? Cell() : mentions, line.mentions_without, line.unit,
                          cell(line.n), text_or_nothing(line.note)});
  }
  void add(const std::string& item, const std::string& name, const Figure& figure, const std::string& note = {}) {
    add({item, name, figure.unit, figure.reason.empty() ? note : figure.reason, cell(figure.value), cell(figure.low),
         cell(figure.high), Cell(), Cell(), figure.n});
  }
};

std::optional<double> share(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

/// M-17. What one or two private accounts did that say they are bots is not told.
void add_bots(Table& table, const Posts& posts) {
  auto told = [&](std::int64_t n) { return posts.has_few_bots ? Cell(Withheld{true}) : Cell(n); };
  table.add({"bots", "Mentions by accounts that declare themselves bots", "posts",
             posts.has_few_bots ? "fewer than three such accounts" : "declared by the accounts, never guessed",
             told(posts.bots), Cell(), Cell(), Cell(), told(std::ssize(posts.of_others)), std::ssize(posts.all)});
}

/// Without declared bots; not told where those are one or two accounts.
template <class Function>
Cell without_bots(const Posts& posts, Function function) {
  return posts.has_few_bots ? Cell(Withheld{}) : function(posts.of_others);
}

void add_concentration(Table& table, const Posts& posts) {
  auto top_share = [](const std::vector<Said>& of) {
    return cell(share(of_the_top(posts_by_author(of), top_accounts), std::ssize(of)));
  };
  auto counts = posts_by_author(posts.all);
  std::string few = counts.size() < top_accounts ? "there are fewer than five accounts" : "";
  auto all = std::ssize(posts.all);
  table.add({"top_five", "Share of the five accounts that posted most", "share",
             all == 0 ? "no posts to read it from" : few, top_share(posts.all), Cell(), Cell(),
             without_bots(posts, top_share), all - of_the_top(counts, top_accounts), all});
  auto evenness = [](const std::vector<Said>& of) { return cell(gini(posts_by_author(of))); };
  table.add({"gini", "Gini coefficient of posts over accounts", "0 even, 1 all by one",
             counts.size() < 2 ? "fewer than two accounts" : "", evenness(posts.all), Cell(), Cell(),
             without_bots(posts, evenness), Cell(), std::ssize(counts)});
  auto copies = [](const std::vector<Said>& of) { return Cell(bursts_of(of).posts); };
  auto bursts = bursts_of(posts.all);
  table.add({"bursts", "Mentions in bursts of copies", "posts",
             "the same words by at least three accounts within an hour", bursts.posts, Cell(), Cell(),
             without_bots(posts, copies), all - bursts.posts, bursts.texts});
}

/// A figure of that definition, where there is one.
void add_known(Table& table, Figures& figures, const std::string& item, std::string_view id) {
  auto found = std::ranges::find(store::metrics(), id, &store::Metric::id);
  if (found != store::metrics().end()) table.add(item, found->name, figures.of(id), found->caveat);
}

/// M-05: never one number; one vendor found between 1 % and 20 % of it actual.
void add_impressions(Table& table, Figures& figures) {
  auto found = std::ranges::find(store::metrics(), "M-05", &store::Metric::id);
  if (found == store::metrics().end()) return;
  auto figure = figures.of("M-05");
  constexpr double least = 0.01, most = 0.2;
  if (figure.value) {
    figure.low = *figure.value * least;
    figure.high = *figure.value * most;
    figure.value.reset();
  }
  table.add("impressions", "Impressions, between 1 % and 20 % of the potential ones", figure, found->caveat);
}

}  // namespace

Sheet make_method(const Scope& scope) {
  Table table;
  Figures figures(scope.db, scope.campaign, scope.edition, scope.window, scope.now);
  auto mentions = figures.of("M-01");
  if (mentions.value) {
    auto posts = posts_in(scope);
    table.mentions = std::ssize(posts.all);
    add_bots(table, posts);
    add_concentration(table, posts);
  } else {
    table.add("mentions", store::metric("M-01").name, mentions);
  }
  table.add("opted_out", "Posts left out, as their authors asked",
            opted_out(scope.db, scope.window, scope.now, figures.coverage()));
  add_known(table, figures, "unseen", "M-15");
  add_known(table, figures, "growth", "M-07-growth");
  add_impressions(table, figures);
  add_known(table, figures, "removed", "M-16");
  return std::move(table.sheet);
}

}  // namespace campaignd::report
