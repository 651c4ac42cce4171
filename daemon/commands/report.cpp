#include "daemon/report/sheets.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "daemon/commands/commands.hpp"
#include "daemon/fetch/clock.hpp"
#include "daemon/report/moment.hpp"
#include "daemon/report/overview.hpp"
#include "daemon/run/privileges.hpp"
#include "daemon/run/state_directory.hpp"
#include "daemon/store/as_of.hpp"
#include "daemon/store/store.hpp"

namespace campaignd::commands {

namespace {

/// The table as whoever reads it can use it: a terminal's lines are short, a file's need not be.
std::string table_of(const report::Sheet& sheet) {
  return report::to_table(sheet, isatty(STDOUT_FILENO) != 0 ? report::Cells::cut : report::Cells::whole);
}

/// Opens the database for reading, or says that there is none yet.
std::unique_ptr<store::Database> open_database(const Common& common) {
  auto file = run::database_file(common.state);
  std::error_code hidden;
  bool there = std::filesystem::exists(file, hidden);
  if (hidden)
    throw run::NoPermission(fmt::format("{} cannot be read: {}; run it as root or as the user who owns {}",
                                        file.string(), hidden.message(), common.state.string()));
  if (!there) {
    fmt::print(stderr, "campaignd: there is no database {} yet: start campaignd run first\n", file.string());
    return nullptr;
  }
  auto db = std::make_unique<store::Database>(file, store::Access::read);
  store::check_header(*db);
  return db;
}

/// "bluesky: 300 requests in 300 s, 500 ms apart"
std::string budget_text(const Budget& budget) {
  auto period = budget.reset == Reset::pacific_midnight ? std::string("a day of California")
                : budget.reset == Reset::utc_month      ? std::string("a month (UTC)")
                                                        : fmt::format("in {} s", budget.per.count());
  auto gap = budget.gap.count() == 0 ? std::string() : fmt::format(", {} ms apart", budget.gap.count());
  return fmt::format("{}: {} {} {}{}", budget.bucket, budget.requests, budget.unit, period, gap);
}

/// What each connector gives, asks and cannot see, from its contract.
report::Sheet contracts() {
  auto text_or_nothing = [](std::string_view text) {
    return text.empty() ? report::Cell() : report::Cell(std::string(text));
  };
  report::Sheet sheet{"contracts",
                      {"connector", "network", "access", "credential", "counters", "accounts", "every_min", "batch",
                       "budgets", "keep_h", "recheck_h", "keys", "blind_spot"},
                      {}};
  sheet.brief = {{"connector", "connector"},
                 {"access", "access"},
                 {"credential", "credential", "-"},
                 {"counters", "counters", "none"},
                 {"accounts", "accounts"},
                 {"every_min", "every (min)"},
                 {"batch", "batch"},
                 {"keep_h", "kept (h)", "-"},
                 {"budgets", "budgets"},
                 {"blind_spot", "cannot see"}};
  for (const auto& platform : platforms()) {
    const Contract& c = platform.contract;
    std::vector<std::string> budgets, keys;
    for (const auto& budget : c.budgets) budgets.push_back(budget_text(budget));
    for (const auto& key : c.keys) keys.push_back(std::string(key.name) + (key.required ? "!" : ""));
    auto credential = c.credential.form.empty() ? std::string()
                      : c.credential.required   ? fmt::format("needed: {}", c.credential.form)
                                                : fmt::format("can use: {}", c.credential.form);
    auto hours = [](const auto& time) {
      return time ? report::Cell(std::int64_t{std::chrono::duration_cast<std::chrono::hours>(*time).count()})
                  : report::Cell();
    };
    sheet.rows.push_back(
        {std::string(c.name), std::string(c.network), std::string(name_of(c.access)), text_or_nothing(credential),
         text_or_nothing(c.counters), std::string(c.accounts ? "read" : "no"), std::int64_t{c.every.count()},
         static_cast<std::int64_t>(c.batch), fmt::format("{}", fmt::join(budgets, "; ")), hours(c.keep_at_most),
         hours(c.recheck_within), text_or_nothing(fmt::format("{}", fmt::join(keys, " "))), std::string(c.blind)});
  }
  return sheet;
}

}  // namespace

int report(const Common& common, const ReportOptions& options) {
  auto config = load_or_complain(common);
  if (!config) return config_error;
  const auto& campaign = config->campaign;
  auto now = fetch::WorldClock(config->clock).now();
  auto as_of = options.as_of.empty() ? now : report::moment_named(campaign.zone, options.as_of).value_or(sys_ms::max());
  if (as_of > now) {
    fmt::print(stderr, "campaignd: '{}' is no moment of the past: write 2027-06-21, or 2027-06-21T10:00:00Z\n",
               options.as_of);
    return usage;
  }
  const auto* edition =
      options.edition.empty() ? campaign.edition_to_show(as_of) : campaign.edition_named(options.edition);
  if (edition == nullptr) {
    std::vector<std::string_view> known;
    for (const auto& each : campaign.editions) known.push_back(each.id);
    fmt::print(stderr, "campaignd: there is no edition '{}'; editions are {}\n", options.edition,
               fmt::join(known, ", "));
    return usage;
  }
  bool spans_all = !options.from.empty() || !options.until.empty();
  auto window = spans_all ? report::Window{edition->from, edition->until, {}} : report::window_to_show(*edition, as_of);
  for (auto [text, place] : {std::pair(&options.from, &window.from), std::pair(&options.until, &window.until)}) {
    if (text->empty()) continue;
    auto day = report::moment_named(campaign.zone, *text);
    if (!day) {
      fmt::print(stderr, "campaignd: '{}' is no date: write 2027-06-20\n", *text);
      return usage;
    }
    *place = *day;
  }
  if (window.from >= window.until) {
    fmt::print(stderr, "campaignd: the period ends before it begins: --to is the day behind the last one\n");
    return usage;
  }
  auto dialect = report::dialect_named(options.dialect);
  if (!dialect) {
    fmt::print(stderr, "campaignd: there is no dialect '{}': write rfc4180 or excel-eu\n", options.dialect);
    return usage;
  }
  auto db = open_database(common);
  if (!db) return unavailable;
  store::Snapshot snapshot(*db);
  std::optional<store::AsOf> past;
  if (!options.as_of.empty()) past.emplace(*db, edition->id, as_of);
  auto sheet = report::make_sheet(options.sheet, *db, campaign, *edition, window, as_of);
  if (!sheet) {
    fmt::print(stderr, "campaignd: there is no sheet '{}'; sheets are {}\n", options.sheet,
               fmt::join(report::sheet_names(report::Readers::lead), ", "));
    return usage;
  }
  auto format = common.json ? std::string("json") : options.format;
  if (format == "table" && !options.dialect.empty()) format = "csv";  // nothing else has one
  auto text = format == "csv"    ? report::to_csv(*sheet, *dialect)
              : format == "json" ? report::to_json_text(*sheet) + "\n"
                                 : table_of(*sheet);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return ok;
}

int sources(const Common& common, const SourcesOptions& options) {
  if (options.contracts) {
    auto sheet = contracts();
    fmt::print("{}", common.json ? report::to_json_text(sheet) + "\n" : table_of(sheet));
    return ok;
  }
  auto config = load_or_complain(common);
  if (!config) return config_error;
  auto db = open_database(common);
  if (!db) return unavailable;
  auto now = fetch::WorldClock(config->clock).now();
  const auto* edition = config->campaign.edition_to_show(now);
  store::Snapshot snapshot(*db);
  auto full =
      *report::make_sheet("sources", *db, config->campaign, *edition, report::window_to_show(*edition, now), now);
  fmt::print("{}", common.json ? report::to_json_text(full) + "\n" : table_of(full));
  return ok;
}

}  // namespace campaignd::commands
