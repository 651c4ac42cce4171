#include "daemon/report/sheets.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "daemon/commands/commands.hpp"
#include "daemon/fetch/clock.hpp"
#include "daemon/report/bridge.hpp"
#include "daemon/report/moment.hpp"
#include "daemon/report/overview.hpp"
#include "daemon/report/standing.hpp"
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

/// A sheet of the last seal, byte for byte.
int print_sealed(const Common& common, const Campaign& campaign, const Edition& edition, const std::string& name) {
  auto db = open_or_complain(common);
  if (!db) return unavailable;
  auto body = store::last_seal(*db, edition.id);
  if (!body) {
    fmt::print(stderr, "campaignd: edition {} is not sealed; it is final on {}, and campaignd seal does it by hand\n",
               edition.id, report::day_in_words(campaign, edition.final_at));
    return unavailable;
  }
  auto read = report::read_seal(*body);
  if (const auto* wrong = std::get_if<std::string>(&read)) {
    fmt::print(stderr, "campaignd: the seal of edition {}: {}\n", edition.id, *wrong);
    return data;
  }
  const auto* sheet = std::get<report::Sealed>(read).sheet(name);
  if (sheet == nullptr) {
    fmt::print(stderr, "campaignd: the seal has no sheet '{}'\n", name);
    return usage;
  }
  auto text = report::to_csv(*sheet);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return ok;
}

/// Options of which one says nothing beside the other, in a sentence; empty: there are none.
std::string_view contradiction(const Common& common, const ReportOptions& options) {
  if (!options.since.empty() && options.sheet != "bridge") return "--since goes with the sheet bridge alone";
  if (!options.sealed) return {};
  if (!options.from.empty() || !options.until.empty() || !options.as_of.empty())
    return "--sealed gives a sheet of the whole edition as of its seal: no --from, --to or --as-of goes with it";
  if (options.format == "json" || common.json || !options.dialect.empty())
    return "--sealed gives a sheet byte for byte, as CSV: no other format and no --dialect goes with it";
  return {};
}

/// What --since names: a seal's file, a moment or a day.
std::optional<report::BridgeStart> bridge_start(const std::string& since, const Campaign& campaign) {
  if (std::ifstream file(since, std::ios::binary); !since.empty() && file) {
    auto read = report::read_seal(std::string(std::istreambuf_iterator<char>(file), {}));
    if (const auto* sealed = std::get_if<report::Sealed>(&read)) return report::bridge_from(*sealed);
    fmt::print(stderr, "campaignd: {}: {}\n", since, std::get<std::string>(read));
    return std::nullopt;
  }
  auto moment = report::moment_named(campaign.zone, since);
  if (!moment) {
    fmt::print(
        stderr,
        "campaignd: a bridge begins somewhere: --since 2027-06-25, 2027-06-25T08:00:00Z, or the file of a seal\n");
    return std::nullopt;
  }
  report::BridgeStart out;
  out.at = *moment;
  return out;
}

}  // namespace

const Edition* edition_or_complain(const Campaign& campaign, const std::string& name, sys_ms now) {
  const auto* edition = name.empty() ? campaign.edition_to_show(now) : campaign.edition_named(name);
  if (edition != nullptr) return edition;
  std::vector<std::string_view> known;
  for (const auto& each : campaign.editions) known.push_back(each.id);
  fmt::print(stderr, "campaignd: there is no edition '{}'; editions are {}\n", name, fmt::join(known, ", "));
  return nullptr;
}

std::unique_ptr<store::Database> open_or_complain(const Common& common) {
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
  if (auto wrong = store::behind(*db); !wrong.empty()) {
    fmt::print(stderr, "campaignd: {}\n", wrong);
    return nullptr;
  }
  return db;
}

int report(const Common& common, const ReportOptions& options) {
  auto config = load_or_complain(common);
  if (!config) return config_error;
  if (auto wrong = contradiction(common, options); !wrong.empty()) {
    fmt::print(stderr, "campaignd: {}\n", wrong);
    return usage;
  }
  const auto& campaign = config->campaign;
  auto now = fetch::WorldClock(config->clock).now();
  auto as_of = options.as_of.empty() ? now : report::moment_named(campaign.zone, options.as_of).value_or(sys_ms::max());
  if (as_of > now) {
    fmt::print(stderr, "campaignd: '{}' is no moment of the past: write 2027-06-21, or 2027-06-21T10:00:00Z\n",
               options.as_of);
    return usage;
  }
  const auto* edition = edition_or_complain(campaign, options.edition, as_of);
  if (edition == nullptr) return usage;
  if (options.sealed) return print_sealed(common, campaign, *edition, options.sheet);
  auto since = options.sheet == "bridge" ? bridge_start(options.since, campaign) : std::nullopt;
  if (options.sheet == "bridge" && !since) return usage;
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
  auto db = open_or_complain(common);
  if (!db) return unavailable;
  store::Snapshot snapshot(*db);
  std::optional<store::AsOf> past;
  if (!options.as_of.empty() && !since) past.emplace(*db, edition->id, as_of);  // a bridge makes its own worlds
  auto sheet = since ? report::make_bridge({*db, campaign, *edition, window, as_of}, *since)
                     : report::make_sheet(options.sheet, *db, campaign, *edition, window, as_of);
  if (!sheet) {
    fmt::print(stderr, "campaignd: there is no sheet '{}'; sheets are {}, bridge\n", options.sheet,
               fmt::join(report::sheet_names(report::Readers::lead), ", "));
    return usage;
  }
  if (options.as_of.empty() && sheet->standing.starts_with("final") && report::is_sealed(options.sheet))
    sheet->standing += "; these are live figures, --sealed gives the sealed ones";
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
  auto db = open_or_complain(common);
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
