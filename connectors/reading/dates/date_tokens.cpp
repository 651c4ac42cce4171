#include "connectors/reading/dates/date_tokens.hpp"

#include "connectors/reading/dates/time_words.hpp"

namespace campaignd {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return ((c | 32) >= 'a' && (c | 32) <= 'z') || static_cast<unsigned char>(c) >= 0x80; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
/// The first byte of U+3000 to U+DFFF.
bool starts_ideograph(char c) { return static_cast<unsigned char>(c) >= 0xE3 && static_cast<unsigned char>(c) <= 0xED; }

std::size_t comment_size(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0) return i + 1;
  }
  return text.size();
}

std::size_t number_size(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && is_digit(text[size])) ++size;
  return size;
}

std::size_t word_size(std::string_view text) {
  constexpr std::size_t ideograph = 3;
  if (starts_ideograph(text.front()))
    return half_of_day(text.substr(0, 2 * ideograph)) != HalfOfDay::unsaid ? 2 * ideograph : ideograph;
  std::size_t size = 0;
  while (size < text.size() && !starts_ideograph(text[size]) &&
         (is_letter(text[size]) ||
          (text[size] == '\'' && size > 0 && size + 1 < text.size() && is_letter(text[size + 1]))))
    ++size;
  return size;
}

std::int64_t value_of(std::string_view digits) {
  if (digits.size() > 18) return -1;
  std::int64_t value = 0;
  for (char c : digits) value = value * 10 + (c - '0');
  return value;
}

DateToken first_token(std::string_view rest) {
  if (is_digit(rest.front())) {
    auto digits = rest.substr(0, number_size(rest));
    return {DateToken::number, digits, false, value_of(digits)};
  }
  if (is_letter(rest.front())) return {DateToken::word, rest.substr(0, word_size(rest))};
  return {DateToken::mark, rest.substr(0, 1)};
}

}  // namespace

std::vector<DateToken> date_tokens(std::string_view plain) {
  std::vector<DateToken> out;
  bool spaced = false;
  while (!plain.empty() && out.size() < 64) {
    if (is_space(plain.front()) || plain.front() == '(') {
      plain.remove_prefix(plain.front() == '(' ? comment_size(plain) : 1);
      spaced = true;
      continue;
    }
    auto token = first_token(plain);
    token.spaced = spaced;
    spaced = false;
    plain.remove_prefix(token.text.size());
    out.push_back(token);
  }
  return out;
}

}  // namespace campaignd
