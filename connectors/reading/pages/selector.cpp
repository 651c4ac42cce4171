#include "connectors/reading/pages/selector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/reading/pages/spaces.hpp"

namespace campaignd {

namespace {

/// Thrown within this file only; selector_to_xpath makes a value of it.
struct Unreadable {
  std::string why;
};

bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

std::string literal(std::string_view text) {
  char quote = text.find('\'') == text.npos ? '\'' : '"';
  if (text.find(quote) != text.npos) throw Unreadable{"a value holds both kinds of quotes"};
  return quote + std::string(text) + quote;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::string all() {
    auto out = complex();
    for (skip(); take(','); skip()) out += " or " + complex();
    if (at_ < text_.size()) unexpected();
    return "descendant-or-self::*[" + out + "]";
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (peek() != c || c == '\0') return false;
    ++at_;
    return true;
  }
  void skip() {
    while (auto space = space_at(text_, at_)) at_ += space;
  }
  [[noreturn]] void unexpected() const {
    if (at_ >= text_.size()) throw Unreadable{"it ends too early"};
    throw Unreadable{
        fmt::format("nothing is known of what begins at character {}: {}", at_ + 1, text_.substr(at_, 20))};
  }

  /// Compounds from left to right; each becomes a condition that holds the one before it as its relative.
  std::string complex() {
    skip();
    auto out = compound();
    for (;;) {
      auto before = at_;
      skip();
      std::string_view axis = take('>') ? "parent::*" : take('+') ? "preceding-sibling::*[1]" : "ancestor::*";
      if (axis == "ancestor::*" && (before == at_ || peek() == ',' || peek() == '\0')) return out;
      skip();
      auto inner = compound();
      out = fmt::format("{} and {}[{}]", inner, axis, out);
    }
  }

  std::string compound() {
    auto begin = at_;
    std::string out;
    if (take('*')) {
      out = "self::*";
    } else if (is_letter(peek())) {
      out = "self::" + name();
    }
    for (std::string next; !(next = condition()).empty();) out += (out.empty() ? "" : " and ") + next;
    if (at_ == begin) unexpected();
    return out;
  }

  std::string condition() {
    if (take('#')) return "@id=" + literal(word());
    if (take('.')) return has_word("class", word());
    if (take('[')) return attribute();
    if (take(':')) return pseudo();
    return {};
  }

  static std::string has_word(std::string_view attribute, std::string_view value) {
    return fmt::format("contains(concat(' ',normalize-space(@{}),' '),{})", attribute,
                       literal(" " + std::string(value) + " "));
  }

  std::string attribute() {
    skip();
    auto attribute = name();
    skip();
    char kind = peek();
    if (take(']')) return "@" + attribute;
    if (kind != '=') ++at_;
    if (std::string_view("=~^*$").find(kind) == std::string_view::npos || !take('=')) unexpected();
    skip();
    auto value = text_value();
    skip();
    if (!take(']')) unexpected();
    if (kind == '=') return fmt::format("@{}={}", attribute, literal(value));
    if (kind == '~') return has_word(attribute, value);
    if (value.empty()) return "false()";  // CSS: an empty part is in nothing
    if (kind == '^') return fmt::format("starts-with(@{},{})", attribute, literal(value));
    if (kind == '*') return fmt::format("contains(@{},{})", attribute, literal(value));
    return fmt::format("substring(@{0},string-length(@{0})-{1})={2}", attribute, count_characters(value) - 1,
                       literal(value));
  }

  std::string pseudo() {
    auto which = name();
    if (which == "first-child") return "not(preceding-sibling::*)";
    if (which == "last-child") return "not(following-sibling::*)";
    if (!take('(')) throw Unreadable{"':" + which + "' is not one of the pseudo-classes known"};
    skip();
    std::string out;
    if (which == "contains") {
      out = fmt::format("contains(.,{})", literal(text_value()));
    } else if (which == "not") {
      out = "not(" + compound() + ")";
    } else if (which == "nth-child" && is_digit(peek())) {
      auto number = word();
      if (number.size() > 6 || !std::ranges::all_of(number, is_digit)) throw Unreadable{"':nth-child' takes a number"};
      out = fmt::format("count(preceding-sibling::*)+1={}", number);
    } else {
      throw Unreadable{"':" + which + "' is not one of the pseudo-classes known"};
    }
    skip();
    if (!take(')')) unexpected();
    return out;
  }

  std::string text_value() {
    char quote = peek();
    if (quote != '"' && quote != '\'') return std::string(word());
    auto end = text_.find(quote, ++at_);
    if (end == text_.npos) throw Unreadable{"a quote is not closed"};
    std::string out(text_.substr(at_, end - at_));
    at_ = end + 1;
    return out;
  }

  std::string_view word() {
    auto begin = at_;
    while (is_word(peek())) ++at_;
    if (at_ == begin) unexpected();
    return text_.substr(begin, at_ - begin);
  }

  /// Of an element, attribute or pseudo-class: ASCII, in lower case.
  std::string name() {
    if (!is_letter(peek())) unexpected();
    std::string out(word());
    for (char& c : out) {
      if (static_cast<unsigned char>(c) >= 0x80) throw Unreadable{"a name is not ASCII: " + out};
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 32);
    }
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::string> selector_to_xpath(std::string_view selector) {
  auto text = trimmed(selector);
  auto refuse = [&](std::string_view why) {
    return Failure{Failure::refused, fmt::format("the selector \"{}\" cannot be read: {}", text.substr(0, 200), why)};
  };
  if (text.empty()) return refuse("it is empty");
  if (text.size() > 500) return refuse("it is longer than 500 characters");
  if (text.starts_with('/') || text.starts_with("./") || text.starts_with('(')) return std::string(text);
  try {
    return Reader(text).all();
  } catch (const Unreadable& unreadable) { return refuse(unreadable.why); }
}

}  // namespace campaignd
