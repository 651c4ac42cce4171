#pragma once
/// Where the log goes: to the journal with its levels where stderr is the journal, else to stderr as lines.
namespace campaignd::run {

enum class LogLevel { info, debug };
void start_log(LogLevel level);

}  // namespace campaignd::run
