#include "daemon/store/lists.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>

namespace campaignd::store {

namespace {

constexpr std::size_t digits = 2 * std::tuple_size_v<Digest>;

std::string line_of(const Listed& entry) {
  std::string out;
  for (auto byte : entry.hash) out += fmt::format("{:02x}", byte);
  return out + fmt::format(" {}\n", entry.at.time_since_epoch().count());
}

std::optional<Listed> entry_of(std::string_view line) {
  if (line.size() < digits + 2 || line[digits] != ' ') return std::nullopt;
  Listed out;
  for (std::size_t i = 0; i < out.hash.size(); ++i) {
    const char* from = line.data() + 2 * i;
    if (std::from_chars(from, from + 2, out.hash[i], 16).ptr != from + 2) return std::nullopt;
  }
  std::int64_t at = 0;
  const char* end = line.data() + line.size();
  if (std::from_chars(line.data() + digits + 1, end, at).ptr != end) return std::nullopt;
  out.at = sys_ms(std::chrono::milliseconds(at));
  return out;
}

/// Entries come in one write each time, so that what two processes add does not mix.
void write_whole(const std::filesystem::path& file, const std::string& text, int flags) {
  int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
  bool ok = fd >= 0 && ::write(fd, text.data(), text.size()) == std::ssize(text) && ::fsync(fd) == 0;
  auto why = errno;
  if (fd >= 0) ::close(fd);
  if (!ok)
    throw Unwritable(why == ENOSPC ? Unwritable::full : Unwritable::io,
                     fmt::format("{} cannot be written: {}", file.string(), std::strerror(why)));
}

}  // namespace

std::vector<Listed> read_list(const std::filesystem::path& file) {
  std::vector<Listed> out;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (auto entry = entry_of(line)) out.push_back(*entry);
  return out;
}

void append_to_list(const std::filesystem::path& file, const std::vector<Listed>& entries) {
  if (entries.empty()) return;
  std::string text;
  for (const auto& each : entries) text += line_of(each);
  write_whole(file, text, O_APPEND);
}

void shorten_list(const std::filesystem::path& file, sys_ms now) {
  auto all = read_list(file);
  std::string text;
  std::size_t left = 0;
  for (const auto& each : all)
    if (each.at > now) text += line_of(each), ++left;
  if (left == all.size()) return;
  auto fresh = file;
  fresh += ".new";
  write_whole(fresh, text, O_TRUNC);
  std::filesystem::rename(fresh, file);
}

}  // namespace campaignd::store
