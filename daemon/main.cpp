#include <fmt/format.h>
#include <sysexits.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "connectors/connector.hpp"
#include "daemon/collect/keys.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/config/forms.hpp"
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
69 a source or the port is not to be had, 70 a fault of ours, 73 a file is there already or cannot be written, 75 try
again, 77 no permission, or that owner it cannot become, 78 the configuration is wrong. Every table is JSON with --json.)";

struct Parsed {
  commands::Common common;
  commands::CheckOptions check;
  commands::PollOptions poll;
  commands::ParseOptions parse;
  commands::RecordOptions record;
  commands::UnlinkOptions unlink;
  commands::AccountOptions account;
  commands::FileOptions file;
  commands::SourcesOptions sources;
  commands::ReportOptions report;
  commands::SealOptions seal;
  commands::VerifyOptions verify;
  bool verbose = false;
};

/// Before the verb or behind it.
void describe_shared(CLI::App& app, Parsed& given) {
  constexpr const char* group = "With every verb";
  app.add_option("--config", given.common.config,
                 "the configuration (default: $CAMPAIGND_CONFIG, "
                 "/etc/campaignd/campaignd.toml, config/campaignd.toml)")
      ->group(group);
  app.add_option("--state", given.common.state,
                 "where the database and the keys live (default: $STATE_DIRECTORY, "
                 "/var/lib/campaignd, var)")
      ->group(group);
  app.add_flag("--json", given.common.json, "tables as JSON")->group(group);
  app.add_flag("--verbose", given.verbose, "log every poll, not failures alone")->group(group);
}

std::string connector_names() {
  std::vector<std::string_view> names;
  for (const auto& each : platforms()) names.push_back(each.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

void describe(CLI::App& app, Parsed& given) {
  app.require_subcommand(1);
  app.set_version_flag("--version", CAMPAIGND_VERSION);
  app.add_subcommand("run", "collect and serve in the foreground, until SIGTERM; SIGHUP reads the configuration again");
  auto* check = app.add_subcommand("check", "read the configuration and say what is wrong, as file:line:column");
  check->add_flag("--online", given.check.online, "try every source once");
  auto* poll = app.add_subcommand("poll", "ask one source now and show what it says");
  poll->add_option("source", given.poll.source,
                   "its id in the configuration; or any http(s) address: of a web page its feed is looked for")
      ->required();
  poll->add_flag("--store", given.poll.store, "keep what is found, as the daemon would (configured sources only)");
  auto* parse = app.add_subcommand("parse", "read a file the way a connector does, and print it as JSON");
  parse->add_option("connector", given.parse.connector, connector_names())->required();
  parse->add_option("file", given.parse.file, "the file; - for standard input")->required();
  parse->add_option("--content-type", given.parse.content_type, "its HTTP Content-Type");
  parse->add_option("--url", given.parse.url, "where it came from; relative links are resolved against it");
  parse->add_option("--language", given.parse.language, "its HTTP Content-Language");
  auto* record = app.add_subcommand("record", "ask one source and write what it answers into a folder, people masked");
  record->add_option("source", given.record.source, "its id in the configuration")->required();
  record->add_option("folder", given.record.folder, "a folder for each answer goes in here")->required();
  record->add_option("--pages", given.record.pages, "answers at most (default: 10)")->check(CLI::Range(1, 50));
  auto* unlink = app.add_subcommand("unlink", "say that what was taken for a copy of a post is another post");
  unlink->add_option("address", given.unlink.address, "the copy's address")->required();
  for (auto [name, what] :
       {std::pair("forget", "delete what is held of an account, and never keep anything of it again"),
        std::pair("show", "print what is held of an account")}) {
    auto* verb = app.add_subcommand(name, what);
    verb->add_option("--platform", given.account.platform, "mastodon, bluesky, x …")->required();
    verb->add_option("--account", given.account.account, "its name there: user@host, name.example, name")->required();
  }
  auto* backup = app.add_subcommand("backup", "copy the database to a file, without what may not be kept for long");
  backup->add_option("file", given.file.file, "a file that is not there yet")->required();
  auto* restore = app.add_subcommand("restore", "put a copy in the database's place; what was forgotten stays so");
  restore->add_option("file", given.file.file, "the copy")->required();
  auto* sources = app.add_subcommand("sources", "the state and coverage of each source");
  sources->add_flag("--contracts", given.sources.contracts, "what each connector can give, asks and cannot see");
  auto* report = app.add_subcommand("report", "a sheet: figures of an edition, as a table, CSV or JSON");
  report->add_option(
      "sheet", given.report.sheet,
      fmt::format("{}, bridge (default: summary)", fmt::join(report::sheet_names(report::Readers::lead), ", ")));
  report->add_option("--edition", given.report.edition, "which edition (default: the running one)");
  report->add_option("--from", given.report.from, "first local day, 2027-06-20");
  report->add_option("--to", given.report.until,
                     "the first local day no longer counted: 2027-06-21 to end with the 20th");
  report->add_option("--as-of", given.report.as_of,
                     "what was known then: a local day's beginning, 2027-06-21, or 2027-06-21T10:00:00Z");
  report->add_option("--format", given.report.format, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}));
  report->add_option("--dialect", given.report.dialect,
                     "CSV, and which: rfc4180 (commas, decimal points), or excel-eu (semicolons, decimal commas)");
  report->add_option("--since", given.report.since,
                     "with the sheet bridge: from when on, 2027-06-25, or the file of a seal");
  report->add_flag("--sealed", given.report.sealed, "as it was sealed, byte for byte: CSV");
  auto* seal = app.add_subcommand("seal", "freeze an edition's report, with a digest of all that it rests on");
  seal->add_option("--edition", given.seal.edition, "which edition (default: the running one)");
  seal->add_option("--out", given.seal.out, "a new file (default: CAMPAIGN-EDITION.seal.json)");
  seal->add_flag("--anyway", given.seal.anyway, "though something objects; the seal then says so");
  auto* verify = app.add_subcommand("verify", "hold a seal against the database: is it still what the facts give?");
  verify->add_option("file", given.verify.file, "the seal")->required();

  describe_shared(app, given);
  for (auto* verb : app.get_subcommands({})) describe_shared(*verb, given);
  app.footer(teaching);  // last, for verbs take over what is there when they are added
}

/// What was typed in place of a verb, and which verbs there are; empty where the problem is another one.
std::string verb_problem(const CLI::App& app) {
  if (!app.get_subcommands().empty()) return {};
  auto typed = app.remaining();
  if (!typed.empty() && typed.front().starts_with('-')) return {};
  std::vector<std::string> verbs;
  for (const auto* each : app.get_subcommands({})) verbs.push_back(each->get_name());
  auto what = typed.empty()
                  ? "a verb is missing"
                  : fmt::format("there is no verb '{}'{}", typed.front(), did_you_mean(nearest(typed.front(), verbs)));
  return fmt::format("{}\nverbs are {}; campaignd --help explains them", what, fmt::join(verbs, ", "));
}

/// Help and the version are asked for, and no failure.
int refuse(const CLI::App& app, const CLI::ParseError& error) {
  auto problem = error.get_exit_code() == 0 ? std::string{} : verb_problem(app);
  if (problem.empty()) return app.exit(error) == 0 ? 0 : commands::usage;
  fmt::print(stderr, "campaignd: {}\n", problem);
  return commands::usage;
}

int dispatch(const CLI::App& app, Parsed& given) {
  const auto& name = app.get_subcommands().front()->get_name();
  bool is_configured = name != "parse" && !given.sources.contracts;
  if (is_configured && given.common.config.empty()) given.common.config = run::default_config();
  if (name == "run") return commands::run(given.common);
  if (name == "check") return commands::check(given.common, given.check);
  if (name == "poll") return commands::poll(given.common, given.poll);
  if (name == "parse") return commands::parse(given.parse);
  if (name == "record") return commands::record(given.common, given.record);
  if (name == "unlink") return commands::unlink(given.common, given.unlink);
  if (name == "forget") return commands::forget(given.common, given.account);
  if (name == "show") return commands::show(given.common, given.account);
  if (name == "backup") return commands::backup(given.common, given.file);
  if (name == "restore") return commands::restore(given.common, given.file);
  if (name == "sources") return commands::sources(given.common, given.sources);
  if (name == "seal") return commands::seal(given.common, given.seal);
  if (name == "verify") return commands::verify(given.common, given.verify);
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
  } catch (const CLI::ParseError& error) { return refuse(app, error); }
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
} catch (const run::Occupied& error) {
  fmt::print(stderr, "campaignd: {}\n", error.what());
  return commands::try_again;
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
