#pragma once
/// A fuzzer asserts laws, not survival: a broken one stops it, with the input that breaks it.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <initializer_list>
#include <string_view>

inline void law(bool holds, const char* sentence) {
  if (holds) return;
  std::fprintf(stderr, "law broken: %s\n", sentence);
  std::abort();
}

/// One of several questions, by the input itself: an execution asks one, so that a million of them are soon done.
template <class T>
T one_of(std::string_view input, std::initializer_list<T> all) {
  return *(all.begin() + std::hash<std::string_view>()(input) % all.size());
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}
