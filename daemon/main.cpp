#include <fmt/format.h>
#include <sysexits.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "daemon/collect/keys.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/report/sheets.hpp"
#include "daemon/run/logging.hpp"
#include "daemon/run/privileges.hpp"
#include "daemon/run/state_directory.hpp"
#include "daemon/store/database.hpp"

using namespace campaignd;

namespace {

constexpr const char* teaching = R"(
Begin with

  campaignd check             is the configuration sound?
  campaignd check --online    do the sources answer?
  campaignd run               collect and serve until stopped; the page is at http://127.0.0.1:8620/
  campaignd sources           what is read, and what is wrong
  campaignd report partners   who has posted; --format csv for a spreadsheet

Started as root it becomes the owner of the state directory first. Exit codes: 0 done, 64 wrong usage, 65 bad data,
69 a source or the port is not to be had, 75 try again, 77 that owner it cannot become, 78 the configuration is wrong.
Every table is JSON with --json.)";

struct Parsed {
  commands::Common common;
  commands::CheckOptions check;
  commands::PollOptions poll;
  commands::ParseOptions parse;
  commands::SourcesOptions sources;
  commands::ReportOptions report;
  bool verbose = false;
};

void describe(CLI::App& app, Parsed& given) {
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(teaching);
  app.set_version_flag("--version", CAMPAIGND_VERSION);
  app.add_option("--config", given.common.config,
                 "the configuration (default: $CAMPAIGND_CONFIG, "
                 "/etc/campaignd/campaignd.toml, config/campaignd.toml)");
  app.add_option("--state", given.common.state,
                 "where the database and the keys live (default: $STATE_DIRECTORY, "
                 "/var/lib/campaignd, var)");
  app.add_flag("--json", given.common.json, "tables as JSON");
  app.add_flag("--verbose", given.verbose, "log every poll, not failures alone");

  app.add_subcommand("run", "collect and serve in the foreground, until SIGTERM; SIGHUP reads the configuration again");
  auto* check = app.add_subcommand("check", "read the configuration and say what is wrong, as file:line:column");
  check->add_flag("--online", given.check.online, "try every source once");
  auto* poll = app.add_subcommand("poll", "ask one source now and show what it says");
  poll->add_option("source", given.poll.source,
                   "its id in the configuration; or any http(s) address: of a web page its feed is looked for")
      ->required();
  poll->add_flag("--store", given.poll.store, "keep what is found, as the daemon would (configured sources only)");
  auto* parse = app.add_subcommand("parse", "read a file the way a connector does, and print it as JSON");
  parse->add_option("connector", given.parse.connector, "feed, mastodon or page")->required();
  parse->add_option("file", given.parse.file, "the file; - for standard input")->required();
  parse->add_option("--content-type", given.parse.content_type, "its HTTP Content-Type");
  parse->add_option("--url", given.parse.url, "where it came from; relative links are resolved against it");
  parse->add_option("--language", given.parse.language, "its HTTP Content-Language");
  auto* sources = app.add_subcommand("sources", "the state and coverage of each source");
  sources->add_flag("--contracts", given.sources.contracts, "what each connector can give, asks and cannot see");
  auto* report = app.add_subcommand("report", "a sheet: figures of an edition, as a table, CSV or JSON");
  report->add_option("sheet", given.report.sheet,
                     fmt::format("{} (default: summary)", fmt::join(report::sheet_names(), ", ")));
  report->add_option("--edition", given.report.edition, "which edition (default: the running one)");
  report->add_option("--from", given.report.from, "first local day, 2027-06-20");
  report->add_option("--to", given.report.until, "local day behind the last one, 2027-06-21");
  report->add_option("--format", given.report.format, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}));
}

int dispatch(const CLI::App& app, Parsed& given) {
  const auto& name = app.get_subcommands().front()->get_name();
  bool is_configured = name != "parse" && !given.sources.contracts;
  if (is_configured && given.common.config.empty()) given.common.config = run::default_config();
  if (name == "run") return commands::run(given.common);
  if (name == "check") return commands::check(given.common, given.check);
  if (name == "poll") return commands::poll(given.common, given.poll);
  if (name == "parse") return commands::parse(given.parse);
  if (name == "sources") return commands::sources(given.common, given.sources);
  return commands::report(given.common, given.report);
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app(
      "campaignd follows a hashtag campaign in public: every number with its coverage, its age, its definition.");
  Parsed given;
  describe(app, given);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) { return app.exit(error) == 0 ? 0 : commands::usage; }
  if (given.common.state.empty()) given.common.state = run::default_state();
  run::become_owner(given.common.state);
  run::start_log(given.verbose ? run::LogLevel::debug : run::LogLevel::info);
  return dispatch(app, given);
} catch (const run::NoPermission& error) {
  fmt::print(stderr, "campaignd: {}\n", error.what());
  return EX_NOPERM;
} catch (const run::NoConfiguration& error) {
  fmt::print(stderr, "campaignd: {}\n", error.what());
  return commands::config_error;
} catch (const collect::KeyProblem& error) {
  fmt::print(stderr, "campaignd: {}\n", error.what());
  return commands::config_error;
} catch (const store::Unwritable& error) {
  fmt::print(stderr, "campaignd: {}\n", error.what());
  return commands::try_again;
} catch (const store::Unusable& error) {
  fmt::print(stderr, "campaignd: {}\n", error.what());
  return commands::data;
} catch (const std::exception& error) {
  fmt::print(stderr, "campaignd: {}\n", error.what());
  return commands::software;
}
