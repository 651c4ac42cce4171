#include "connectors/reading/base64.hpp"

namespace campaignd {

namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// -1 for what is none.
int digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  return c == '/' || c == '_' ? 63 : -1;
}

}  // namespace

std::string decode_base64(std::string_view text) {
  std::string out;
  unsigned value = 0, bits = 0;
  for (char c : text) {
    if (is_space(c)) continue;
    if (digit(c) < 0) break;
    value = (value << 6 | static_cast<unsigned>(digit(c))) & 0xFFFFU;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>(value >> bits & 0xFFU);
  }
  return out;
}

std::string encode_base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned value = 0, bits = 0;
  for (char c : bytes) {
    value = (value << 8 | static_cast<unsigned char>(c)) & 0xFFFFU;
    for (bits += 8; bits >= 6; bits -= 6) out += digits[value >> (bits - 6) & 63U];
  }
  if (bits > 0) out += digits[value << (6 - bits) & 63U];
  while (out.size() % 4 != 0) out += '=';
  return out;
}

bool is_base64(std::string_view text) {
  std::size_t digits = 0;
  for (char c : text) {
    if (is_space(c)) continue;
    if (digit(c) < 0 && c != '=') return false;
    ++digits;
  }
  return digits > 0 && digits % 4 == 0;
}

}  // namespace campaignd
