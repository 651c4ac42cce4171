#include "daemon/report/verify.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/reading/hmac.hpp"
#include "daemon/report/comparison.hpp"
#include "daemon/store/as_of.hpp"
#include "daemon/store/definitions.hpp"
#include "daemon/store/embedded.hpp"

namespace campaignd::report {

namespace {

/// Nobody can say what these were. Of an unchanged post the latest confirmation alone is known, and with it goes how
/// far it may have grown since it was read; evidence, the words of a post, whether they amplify, and which carry the
/// same text, are known as they are today.
struct OfToday {
  std::string_view sheet, row, column;  ///< empty: any
};
constexpr std::array of_today{OfToday{"", "", "oldest_reading_utc"},
                              OfToday{"", "", "last_read_utc"},
                              OfToday{"", "", "note"},
                              OfToday{"", "", "status"},
                              OfToday{"summary", "\"M-07\"", "value_low"},
                              OfToday{"summary", "\"M-07\"", "value_high"},
                              OfToday{"summary", "\"M-07\"", "range"},
                              OfToday{"summary", "\"M-07-gained\"", ""},
                              OfToday{"", "", "actions_low"},
                              OfToday{"", "", "actions_high"},
                              OfToday{"method", "\"growth\"", ""},
                              OfToday{"method", "\"bursts\"", ""},
                              OfToday{"partners", "", "score"},
                              OfToday{"partners", "", "score_n"},
                              OfToday{"partners", "", "score_note"},
                              OfToday{"partners", "", "evidence"},
                              OfToday{"attribution", "\"amplified\"", ""},
                              OfToday{"attribution", "\"earned\"", ""},
                              OfToday{"attribution", "\"withheld\"", ""},
                              OfToday{"posts", "", "relation"},
                              OfToday{"summary", "\"M-01-stories\"", ""},
                              OfToday{"summary", "\"M-13-syndicated\"", ""},
                              OfToday{"media_countries", "", "syndicated"},
                              OfToday{"media", "", "syndication_group"}};
constexpr std::string_view coverage_column = "completeness_pct", first_of_every_sheet = "from_utc";
constexpr std::size_t most_named = 20;

/// Rows of a sheet by what tells them apart: the fewest leading cells that no two share.
using Rows = std::map<std::string, std::vector<std::string>>;

std::string key_of(const std::vector<std::string>& cells, std::size_t columns) {
  return fmt::format("{}", fmt::join(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(columns), ", "));
}

std::size_t key_columns(const SealedSheet& sheet) {
  for (std::size_t columns = 1; columns < sheet.columns.size(); ++columns) {
    std::set<std::string> keys;
    for (const auto& row : sheet.rows) keys.insert(key_of(cells_of(row), columns));
    if (keys.size() == sheet.rows.size()) return columns;
  }
  return sheet.columns.size();
}

Rows rows_of(const SealedSheet& sheet, std::size_t columns) {
  Rows out;
  for (const auto& row : sheet.rows) {
    auto cells = cells_of(row);
    auto key = key_of(cells, std::min(columns, cells.size()));
    out.emplace(std::move(key), std::move(cells));
  }
  return out;
}

bool is_of_today(std::string_view sheet, std::string_view row, std::string_view column) {
  auto is = [](std::string_view which, std::string_view what) { return which.empty() || which == what; };
  return std::ranges::any_of(of_today, [&](const OfToday& each) {
    return is(each.sheet, sheet) && is(each.row, row) && is(each.column, column);
  });
}

bool carries_a_number(const std::vector<std::string>& cells, std::size_t from, std::size_t until) {
  return std::any_of(cells.begin() + static_cast<std::ptrdiff_t>(std::min(from, cells.size())),
                     cells.begin() + static_cast<std::ptrdiff_t>(std::min(until, cells.size())),
                     [](const std::string& cell) { return !cell.empty() && cell != "0" && cell.front() != '"'; });
}

/// How a figure may move when posts are taken away.
enum class Moves : std::uint8_t { anyhow, down, down_by_one_each };

/// Ratios, intervals, and what stands for several small numbers, may move either way.
Moves moves_of(const CellDifference& cell) {
  constexpr std::array<std::string_view, 11> counts{"posts",          "authors",     "mentions",     "articles",
                                                    "outlets",        "variant",     "plain",        "phrase",
                                                    "partners_posts", "other_posts", "partner_posts"};
  constexpr std::array<std::string_view, 2> sums{"actions", "views"};
  constexpr std::array<std::string_view, 2> of_others{"method", "comparison"};  // without bursts; of another edition
  if (cell.row.find("\"withheld\"") != cell.row.npos || std::ranges::find(of_others, cell.sheet) != of_others.end())
    return Moves::anyhow;
  if (std::ranges::find(counts, cell.column) != counts.end()) return Moves::down_by_one_each;
  if (std::ranges::find(sums, cell.column) != sums.end()) return Moves::down;
  if (cell.sheet != "summary" || cell.column != "value") return Moves::anyhow;
  for (const auto& metric : store::metrics()) {
    if (cell.row != fmt::format("\"{}\"", metric.id)) continue;
    if (metric.unit == "accounts" || metric.unit == "outlets") return Moves::down_by_one_each;
    if (!metric.additive) return Moves::anyhow;
    return metric.unit == "posts" || metric.unit == "articles" ? Moves::down_by_one_each : Moves::down;
  }
  return Moves::anyhow;
}

class Verifier {
 public:
  Verifier(store::Database& db, const Config& config, const Edition& edition, const Sealed& sealed, const Keyed& keyed)
      : db_(db), config_(config), edition_(edition), sealed_(sealed), keyed_(keyed) {}

  Verification run() {
    if (key_check(keyed_) != sealed_.key_check) {
      differ("it was sealed under another root.key: its posts cannot be compared");
      return std::move(out_);
    }
    compare_definitions();
    compare_readings();
    compare_posts();
    compare_ledger();
    compare_configuration();
    for (const auto& sheet : sealed_.sheets) compare(sheet);
    if (!store::keeps_seal(db_, sealed_.digest)) remark("this database keeps no seal with that digest");
    return std::move(out_);
  }

 private:
  void differ(std::string sentence) { out_.differences.push_back(std::move(sentence)); }
  void remark(std::string sentence) { out_.remarks.push_back(std::move(sentence)); }

  void compare_definitions() {
    for (const auto& [id, version, sha256] : sealed_.definitions) {
      const auto* known = store::definition(id, version);
      if (known == nullptr)
        differ(fmt::format("this program has no version {} of the definition {}", version, id));
      else if (sha256_hex(known->sql) != sha256)
        remark(
            fmt::format("version {} of the definition {} is written otherwise now: its figures are held against "
                        "those it gives today",
                        version, id));
    }
  }

  void compare_readings() {
    if (!sealed_.readings.empty() && sealed_.readings != sha256_hex(embedded("reading.sql")))
      remark("what every metric reads (schema/reading.sql) is made otherwise now: figures are held against today's");
  }

  void compare_posts() {
    auto now = row_digests(db_, edition_.id, keyed_);
    auto known = known_posts(db_, edition_.id, keyed_);
    std::map<std::string, std::vector<std::string>> changed;
    std::int64_t missing = 0;
    for (const auto& [post, groups] : sealed_.rows.posts) {
      auto found = now.posts.find(post);
      if (found == now.posts.end()) {
        if (known.contains(post))
          changed["identity: taken for another post now, or counted no more"].push_back(post);
        else
          ++missing;
        continue;
      }
      for (std::size_t i = 0; i < groups.size(); ++i)
        if (groups[i] != found->second[i]) changed[std::string(digest_groups[i])].push_back(post);
    }
    for (const auto& [post, groups] : now.posts)
      if (!sealed_.rows.posts.contains(post)) changed["identity: not in the seal, though of its time"].push_back(post);
    auto short_lived = sealed_.rows.short_lived - now.short_lived;
    if (short_lived < 0) differ(fmt::format("{} more posts of platforms that let nothing stay", -short_lived));
    out_.erased = missing + std::max<std::int64_t>(short_lived, 0);
    for (const auto& [what, posts] : changed) tell(what, posts);
    if (auto accounted = store::erased_since(db_, edition_.id, sealed_.at.as_of); missing > accounted)
      differ(fmt::format("{} {} gone, and only {} removals are on record since", missing,
                         missing == 1 ? "post is" : "posts are", accounted));
  }

  void tell(const std::string& what, const std::vector<std::string>& posts) {
    auto named = std::min(posts.size(), most_named);
    differ(fmt::format("{} {}: {} ({}{})", posts.size(), posts.size() == 1 ? "post differs" : "posts differ", what,
                       fmt::join(posts.begin(), posts.begin() + static_cast<std::ptrdiff_t>(named), ", "),
                       named < posts.size() ? ", …" : ""));
  }

  void compare_ledger() {
    auto polls = covering_polls(db_, edition_.from, sealed_.at.as_of);
    if (polls > sealed_.polls) differ(fmt::format("{} more polls than were sealed", polls - sealed_.polls));
    out_.polls = std::max<std::int64_t>(sealed_.polls - polls, 0);
    if (out_.polls > 0)
      remark(fmt::format("{} of {} polls are kept no more: coverage cannot be made again", out_.polls, sealed_.polls));
  }

  void compare_configuration() {
    is_configured_anew_ = configuration_digest(config_.written) != sealed_.configuration;
    if (is_configured_anew_) remark("the configuration has changed since: campaignd report changes tells what");
  }

  /// Whether what is gone accounts for a difference: a post takes one away from a count, and adds to no sum; without
  /// its polls a figure is unknown, and not another number.
  bool is_accounted(const CellDifference& cell) const {
    if (cell.column == coverage_column) return out_.polls > 0;
    if (cell.sheet == "comparison" && is_erased_beside()) return true;
    if (out_.erased + out_.polls == 0) return false;
    auto then = number_in(cell.sealed), now = number_in(cell.now);
    if (!then || !now) return true;
    auto less = *then - *now;
    switch (moves_of(cell)) {
      case Moves::down_by_one_each: return less > 0 && less <= static_cast<double>(out_.erased);
      case Moves::down: return less > 0 && out_.erased > 0;
      case Moves::anyhow: break;
    }
    return true;
  }

  bool is_erased_beside() const {
    return std::ranges::any_of(compared_with(config_.campaign, edition_), [&](const std::string& other) {
      return store::erased_since(db_, other, sealed_.at.as_of) > 0;
    });
  }

  void note(CellDifference difference) {
    auto& where = is_accounted(difference) ? out_.carried : out_.cells;
    where.push_back(std::move(difference));
  }

  void compare(const SealedSheet& sealed) {
    Scope scope{db_, config_.campaign, edition_, sealed_.window, sealed_.at.as_of, sealed_.at};
    auto made = make_sheet(sealed.name, scope);
    if (!made) return differ(fmt::format("this program has no sheet {}", sealed.name));
    auto now = sealed_form(*made);
    auto own = std::ranges::find(sealed.columns, first_of_every_sheet) - sealed.columns.begin();
    for (auto i = 0; i < own; ++i)
      if (const auto& column = sealed.columns[static_cast<std::size_t>(i)];
          std::ranges::find(now.columns, column) == now.columns.end())
        differ(fmt::format("sheet {} has no column {} any more", sealed.name, column));
    auto columns = key_columns(sealed);
    auto then = rows_of(sealed, columns), today = rows_of(now, columns);
    for (const auto& [key, cells] : then) {
      auto row = today.find(key);
      if (row == today.end() && is_of_today(sealed.name, cells.front(), "")) continue;
      if (row == today.end())
        note({sealed.name, key, "", "there", "not there"});
      else
        compare(sealed, now, key, cells, row->second);
    }
    for (const auto& [key, cells] : today) {
      bool nothing_new = is_configured_anew_ || !carries_a_number(cells, columns, static_cast<std::size_t>(own));
      if (!then.contains(key) && !nothing_new && !is_of_today(sealed.name, cells.front(), ""))
        note({sealed.name, key, "", "not there", "there"});
    }
  }

  void compare(const SealedSheet& sealed, const SealedSheet& now, const std::string& key,
               const std::vector<std::string>& then, const std::vector<std::string>& today) {
    for (std::size_t i = 0; i < sealed.columns.size() && sealed.columns[i] != first_of_every_sheet; ++i) {
      const auto& column = sealed.columns[i];
      auto at = static_cast<std::size_t>(std::ranges::find(now.columns, column) - now.columns.begin());
      if (i >= then.size() || at >= today.size() || is_of_today(sealed.name, then.front(), column)) continue;
      bool is_told_since = then[i].empty() && (column == "numerator" || column == "denominator");  // of M-04
      if (then[i] != today[at] && !is_told_since) note({sealed.name, key, column, then[i], today[at]});
    }
  }

  store::Database& db_;
  const Config& config_;
  const Edition& edition_;
  const Sealed& sealed_;
  const Keyed& keyed_;
  bool is_configured_anew_ = false;
  Verification out_;
};

}  // namespace

std::string Verification::verdict() const {
  if (differs()) return "differs";
  auto gone = erased + polls;
  if (gone == 0) return "identical";
  return fmt::format("identical but for {} erased or expired {}", gone, gone == 1 ? "row" : "rows");
}

Verification verify(store::Database& db, const Config& config, const Edition& edition, const Sealed& sealed,
                    const Keyed& keyed) {
  std::map<std::string, std::string> versions;
  for (const auto& each : sealed.definitions) versions[each.id] = each.version;
  store::Definitions of_then(versions);
  auto known = store::Known::from_facts(sealed.at.as_of);
  known.beside = compared_with(config.campaign, edition);
  store::AsOf past(db, edition.id, known);
  return Verifier(db, config, edition, sealed, keyed).run();
}

}  // namespace campaignd::report
