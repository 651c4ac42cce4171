#include "connectors/reading/vouched.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

namespace campaignd {

namespace {

enum class Mark { phrase, other, choice, open, close, none };

struct Token {
  Mark mark = Mark::none;
  std::string text{};
};

constexpr std::string_view blanks = " \t\r\n";

/// Takes the next token off; a phrase that is never closed is something else.
Token next_token(std::string_view& query) {
  query.remove_prefix(std::min(query.find_first_not_of(blanks), query.size()));
  if (query.empty()) return {};
  auto take = [&](std::size_t size, Mark mark) {
    Token token{mark, std::string(query.substr(0, size))};
    query.remove_prefix(std::min(size, query.size()));
    return token;
  };
  switch (query.front()) {
    case '(': return take(1, Mark::open);
    case ')': return take(1, Mark::close);
    case '|': return take(1, Mark::choice);
    default: break;
  }
  if (query.front() == '"') {
    auto end = query.find('"', 1);
    if (end == query.npos) return take(query.size(), Mark::other);
    auto token = take(end + 1, Mark::phrase);
    token.text = token.text.substr(1, end - 1);
    if (token.text.find_first_not_of(blanks) == token.text.npos) token.mark = Mark::other;
    return token;
  }
  std::size_t size = 0;
  for (; size < query.size() && (blanks.find(query[size]) == blanks.npos) && query[size] != ')'; ++size)
    if (query[size] == '"') size = std::min(query.find('"', size + 1), query.size() - 1);  // of what stands before it
  auto token = take(size, Mark::other);
  if (token.text == "OR") token.mark = Mark::choice;
  return token;
}

/// Alternatives of which one must be there; nothing in the place of one that vouches for nothing.
using Choice = std::vector<std::optional<std::string>>;

std::optional<std::string> phrase_of(Token token) {
  return token.mark == Mark::phrase ? std::optional(std::move(token.text)) : std::nullopt;
}

/// What stands in parentheses, up to and with the last one; those within mean nothing more, since what stands side by
/// side in there is none we follow.
Choice group(std::string_view& query) {
  Choice out;
  bool is_plain = true, wants_choice = false;
  for (int depth = 1; depth > 0;) {
    auto token = next_token(query);
    switch (token.mark) {
      case Mark::none: return Choice{std::nullopt};
      case Mark::close: --depth; break;
      case Mark::choice: wants_choice = false; break;
      case Mark::open:
        ++depth;
        is_plain = is_plain && !wants_choice;
        break;
      case Mark::phrase:
      case Mark::other:
        is_plain = is_plain && !std::exchange(wants_choice, true);
        out.push_back(phrase_of(std::move(token)));
    }
  }
  return is_plain && !out.empty() ? out : Choice{std::nullopt};
}

bool is_known(const Choice& choice) {
  return std::ranges::all_of(choice, [](const auto& each) { return each.has_value(); });
}

/// The query as what must be there, side by side; `loose`: the places of choices that stand in no parentheses. Nothing
/// where it cannot be followed.
std::vector<Choice> parts_of(std::string_view query, std::set<std::size_t>& loose) {
  std::vector<Choice> out;
  bool is_choice = false;
  for (auto token = next_token(query); token.mark != Mark::none; token = next_token(query)) {
    if (token.mark == Mark::close) {
      loose.clear();
      return {};
    }
    if (token.mark == Mark::choice) {
      is_choice = !out.empty();
      continue;
    }
    auto part = token.mark == Mark::open ? group(query) : Choice{phrase_of(std::move(token))};
    if (std::exchange(is_choice, false)) {
      std::ranges::move(part, std::back_inserter(out.back()));
      loose.insert(out.size() - 1);
    } else {
      out.push_back(std::move(part));
    }
  }
  return out;
}

}  // namespace

std::vector<std::string> vouched_by(std::string_view query) {
  std::set<std::size_t> loose;
  auto parts = parts_of(query, loose);
  // Searches differ in what binds closer. However they read it, a find holds one of a loose choice; the rest it may
  // not.
  if (loose.size() > 1) return {};
  if (!loose.empty()) parts = {std::move(parts[*loose.begin()])};
  std::erase_if(parts, [](const Choice& each) { return !is_known(each); });
  std::string always;
  for (const auto& each : parts)
    if (each.size() == 1) always.append(always.empty() ? "" : " . ").append(*each[0]);
  auto choice = std::ranges::find_if(parts, [](const Choice& each) { return each.size() > 1; });
  std::vector<std::string> out;
  if (choice != parts.end())
    for (const auto& each : *choice) out.push_back(always.empty() ? *each : always + " . " + *each);
  else if (!always.empty())
    out.push_back(std::move(always));
  return out;
}

}  // namespace campaignd
