#include "daemon/config/forms.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace campaignd {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }

/// How many letters apart two words are (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  std::string best;
  auto least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto& each : known) {
    auto apart = distance(word, each);
    if (apart >= least || apart >= std::max(word.size(), each.size())) continue;
    best = each;
    least = apart;
  }
  return best;
}

std::string did_you_mean(std::string_view word) {
  return word.empty() ? std::string{} : fmt::format("; did you mean '{}'?", word);
}

bool is_cidr(const std::string& text) {
  auto slash = text.find('/');
  auto base = text.substr(0, slash);
  unsigned char bytes[16];
  bool v4 = inet_pton(AF_INET, base.c_str(), bytes) == 1;
  if (!v4 && inet_pton(AF_INET6, base.c_str(), bytes) != 1) return false;
  if (slash == text.npos) return true;
  auto bits = text.substr(slash + 1);
  bool digits = !bits.empty() && bits.size() <= 3 && std::ranges::all_of(bits, is_digit);
  return digits && std::stoi(bits) <= (v4 ? 32 : 128);
}

bool is_name(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_digit(c) || is_letter(c) || c == '-' || c == '_'; });
}

bool is_host(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_digit(c) || is_letter(c) || c == '-' || c == '.' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
  });
}

bool is_language(std::string_view text) {
  for (bool first = true;; first = false) {
    auto part = text.substr(0, text.find('-'));
    bool sized = first ? part.size() == 2 || part.size() == 3 : !part.empty() && part.size() <= 8;
    if (!sized || !std::ranges::all_of(part, [&](char c) { return is_letter(c) || (!first && is_digit(c)); }))
      return false;
    if (part.size() == text.size()) return true;
    text.remove_prefix(part.size() + 1);
  }
}

std::optional<std::chrono::milliseconds> duration_of(const std::string& text) {
  char* end = nullptr;
  auto number = std::strtod(text.c_str(), &end);
  std::string_view unit(end);
  double ms = unit == "ms"                   ? 1
              : unit == "s"                  ? 1e3
              : unit == "min" || unit == "m" ? 6e4
              : unit == "h"                  ? 3.6e6
              : unit == "d"                  ? 8.64e7
                                             : 0;
  constexpr double a_second = 1e3, a_year = 366 * 8.64e7;
  if (!(number * ms >= a_second && number * ms <= a_year)) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(number * ms));
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, is_digit) &&
         std::atoi(std::string(text).c_str()) <= 65535;
}

bool is_detour(std::string_view text) {
  auto equals = text.find('=');
  auto has_port = [](std::string_view side) { return side.rfind(':') < side.size() - 1; };
  return equals != text.npos && has_port(text.substr(0, equals)) && has_port(text.substr(equals + 1));
}

std::optional<int> port_of(std::string_view address) {
  if (auto scheme = address.find("://"); scheme != address.npos) address.remove_prefix(scheme + 3);
  address = address.substr(0, address.find_first_of("/?#"));
  if (auto user = address.rfind('@'); user != address.npos) address.remove_prefix(user + 1);
  auto colon = address.rfind(':');
  if (colon == address.npos || address.find(']', colon) != address.npos) return std::nullopt;
  auto digits = address.substr(colon + 1);
  if (!is_port(digits)) return std::nullopt;
  return std::atoi(std::string(digits).c_str());
}

}  // namespace campaignd
