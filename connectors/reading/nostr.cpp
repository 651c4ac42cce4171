#include "connectors/reading/nostr.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace campaignd {

namespace {

constexpr std::string_view alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::size_t hex_digits = 64, data_letters = 52, check_letters = 6;

/// The checksum of BIP-173.
std::uint32_t polymod(const std::vector<std::uint8_t>& values) {
  constexpr std::array<std::uint32_t, 5> generator{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
  std::uint32_t sum = 1;
  for (auto value : values) {
    auto top = sum >> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (std::size_t i = 0; i < generator.size(); ++i)
      if (((top >> i) & 1) != 0) sum ^= generator[i];
  }
  return sum;
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// Groups of four bits to groups of five, filled up with zeros.
std::vector<std::uint8_t> fives_of(std::string_view hex) {
  std::vector<std::uint8_t> out;
  std::uint32_t bits = 0;
  int held = 0;
  for (char c : hex) {
    auto digit = digit_of(c);
    if (digit < 0) return {};
    bits = (bits << 4) | static_cast<std::uint32_t>(digit);
    held += 4;
    if (held < 5) continue;
    held -= 5;
    out.push_back(static_cast<std::uint8_t>((bits >> held) & 31));
  }
  if (held > 0) out.push_back(static_cast<std::uint8_t>((bits << (5 - held)) & 31));
  return out;
}

}  // namespace

std::string nostr_name(std::string_view kind, std::string_view hex) {
  auto data = hex.size() == hex_digits ? fives_of(hex) : std::vector<std::uint8_t>{};
  if (data.size() != data_letters) return {};
  std::vector<std::uint8_t> values;
  for (char c : kind) values.push_back(static_cast<std::uint8_t>(c >> 5));
  values.push_back(0);
  for (char c : kind) values.push_back(static_cast<std::uint8_t>(c & 31));
  values.insert(values.end(), data.begin(), data.end());
  values.insert(values.end(), check_letters, 0);
  auto sum = polymod(values) ^ 1;
  auto out = std::string(kind) + "1";
  for (auto each : data) out += alphabet[each];
  for (std::size_t i = 0; i < check_letters; ++i) out += alphabet[(sum >> (5 * (check_letters - 1 - i))) & 31];
  return out;
}

bool is_nostr_name(std::string_view kind, std::string_view text) {
  if (!text.starts_with(kind) || text.size() != kind.size() + 1 + data_letters + check_letters) return false;
  text.remove_prefix(kind.size());
  return text.front() == '1' &&
         std::ranges::all_of(text.substr(1), [](char c) { return alphabet.find(c) != alphabet.npos; });
}

}  // namespace campaignd
