#pragma once
/// A written date taken apart.
#include <cstdint>
#include <string_view>
#include <vector>

namespace campaignd {

struct DateToken {
  enum Kind { number, word, mark } kind = mark;
  std::string_view text;
  bool spaced = false;     ///< white space or a comment stands before it
  std::int64_t value = 0;  ///< of a number of at most 18 digits; -1: of a longer one

  std::size_t digits() const { return text.size(); }
  bool is(char c) const { return kind == mark && text.front() == c; }
  bool is(std::string_view name) const { return kind == word && text == name; }
};

/// The tokens of a text of plain words (time_words.hpp), at most 64. A word is a run of letters; characters of Chinese,
/// Japanese and Korean are words of their own, other than those for the halves of the day. What stands in parentheses
/// is a comment.
std::vector<DateToken> date_tokens(std::string_view plain);

}  // namespace campaignd
