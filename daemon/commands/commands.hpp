#pragma once
/// The verbs, one a file or few that belong together. Each gives the process's exit code (sysexits). stdout is the
/// answer, stderr the talk.
#include <filesystem>
#include <string>

#include "daemon/config/config.hpp"
#include "daemon/store/database.hpp"

namespace campaignd::commands {

enum Exit : int {
  ok = 0,
  usage = 64,
  data = 65,
  unavailable = 69,
  software = 70,
  cannot_create = 73,
  try_again = 75,
  config_error = 78
};

/// What all verbs share.
struct Common {
  std::filesystem::path config, state;
  bool json = false;
};

struct CheckOptions {
  bool online = false;
};
struct PollOptions {
  std::string source;
  bool store = false;
};
struct ParseOptions {
  std::string connector, file, content_type, url, language;
};
struct RecordOptions {
  std::string source, folder;
  int pages = 10;
};
struct UnlinkOptions {
  std::string address;
};
struct AccountOptions {
  std::string platform, account;
};
struct FileOptions {
  std::string file;
};
struct SourcesOptions {
  bool contracts = false;
};
struct ReportOptions {
  std::string sheet = "summary", edition, from, until, as_of, format = "table", dialect, since;
  bool sealed = false;
};
struct SealOptions {
  std::string edition, out;
  bool anyway = false;
};
struct VerifyOptions {
  std::string file;
};

int run(const Common& common);
int check(const Common& common, const CheckOptions& options);
int poll(const Common& common, const PollOptions& options);
int parse(const ParseOptions& options);
int record(const Common& common, const RecordOptions& options);
int unlink(const Common& common, const UnlinkOptions& options);
int forget(const Common& common, const AccountOptions& options);
int show(const Common& common, const AccountOptions& options);
int backup(const Common& common, const FileOptions& options);
int restore(const Common& common, const FileOptions& options);
int sources(const Common& common, const SourcesOptions& options);
int report(const Common& common, const ReportOptions& options);
int seal(const Common& common, const SealOptions& options);
int verify(const Common& common, const VerifyOptions& options);

/// The configuration, or its problems on stderr and nothing.
std::optional<Config> load_or_complain(const Common& common);
/// The edition of that name, the one to show where there is no name; or which there are, on stderr, and null.
const Edition* edition_or_complain(const Campaign& campaign, const std::string& name, sys_ms now);
/// The database for reading; or that there is none yet, or another program's, on stderr, and null.
std::unique_ptr<store::Database> open_or_complain(const Common& common);

}  // namespace campaignd::commands
