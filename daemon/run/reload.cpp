#include "daemon/run/reload.hpp"

#include "daemon/run/state_directory.hpp"

namespace campaignd::run {

namespace {

/// What a configuration says under [table], or of one key there.
std::map<std::string, std::string> said(const Config& config, const std::string& table, const std::string& key = {}) {
  auto found = config.written.find(table);
  if (found == config.written.end()) return {};
  if (key.empty()) return found->second;
  auto value = found->second.find(key);
  if (value == found->second.end()) return {};
  return {*value};
}

}  // namespace

// Whatever a file can do to us here, the daemon goes on as it was.
Reread read_again(const Config& running, const std::filesystem::path& state, sys_ms now) try {
  auto loaded = load_config(running.file);
  Reread out;
  if (auto* problems = std::get_if<Problems>(&loaded)) {
    for (const auto& problem : *problems) out.problems.push_back(problem.text());
    return out;
  }
  auto& fresh = std::get<Config>(loaded);
  out.keys = open_keys(state, fresh, now);
  if (fresh.written != running.written) out.config = std::make_shared<const Config>(std::move(fresh));
  return out;
} catch (const std::runtime_error& problem) {  // a key or a directory
  Reread out;
  out.problems.push_back(problem.what());
  return out;
}

std::string waits_for_restart(const Config& started_with, const Config& fresh) {
  std::vector<std::string_view> changed;
  auto differs = [&](const std::string& table, const std::string& key = {}) {
    return said(started_with, table, key) != said(fresh, table, key);
  };
  if (differs("serve", "listen")) changed.push_back("listen");
  if (differs("fetch")) changed.push_back("[fetch]");
  if (differs("clock")) changed.push_back("[clock]");
  std::string out;
  for (auto each : changed) {
    if (!out.empty()) out += each == changed.back() ? " and " : ", ";
    out += each;
  }
  return out;
}

}  // namespace campaignd::run
