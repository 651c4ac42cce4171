#pragma once
/// A fuzzer asserts laws, not survival: a broken one stops it, with the input that breaks it.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

inline void law(bool holds, const char* sentence) {
  if (holds) return;
  std::fprintf(stderr, "law broken: %s\n", sentence);
  std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}
