#include "daemon/run/logging.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/systemd_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace campaignd::run {

namespace {

/// $JOURNAL_STREAM is the device and inode of the journal's end (systemd.exec); a redirected stderr has others.
bool goes_to_journal() {
  const char* journal = std::getenv("JOURNAL_STREAM");
  struct stat info {};
  if (journal == nullptr || ::fstat(STDERR_FILENO, &info) != 0) return false;
  return std::string_view(journal) == fmt::format("{}:{}", info.st_dev, info.st_ino);
}

}  // namespace

void start_log(LogLevel level) {
  if (goes_to_journal()) {
    auto sink = std::make_shared<spdlog::sinks::systemd_sink_mt>();
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("campaignd", std::move(sink)));
  } else {
    spdlog::set_default_logger(spdlog::stderr_color_mt("campaignd"));
    spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v", spdlog::pattern_time_type::utc);
  }
  spdlog::flush_on(spdlog::level::debug);
  spdlog::set_level(level == LogLevel::debug ? spdlog::level::debug : spdlog::level::info);
}

}  // namespace campaignd::run
