#include "daemon/commands/scrub.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd::commands {

namespace {

namespace json = boost::json;

constexpr std::size_t shortest_name = 3;  ///< shorter ones stand inside other words
constexpr std::size_t id_digits = 15;     ///< so many and more are a post's or an account's id
constexpr std::int64_t shift = 271'828'182'845;

bool is_letter(unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_letter(static_cast<unsigned char>(c)) || is_digit(c) || c == '_'; }

/// Words of the interface and not of people: "public", "en", "app.bsky.feed.post", a date.
bool is_of_the_interface(std::string_view text) {
  bool is_date = text.size() >= 10 && is_digit(text[0]) && is_digit(text[3]) && text[4] == '-' && text[7] == '-';
  auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '.' || c == '#' || c == ':' || c == '_' || c == '-' ||
           c == '/' || (c >= 'A' && c <= 'Z');
  };
  return is_date || (text.find(' ') == text.npos && std::ranges::all_of(text, is_plain) && text.size() <= 80);
}

/// Members whose texts people wrote, whatever they look like.
bool is_prose(std::string_view key) {
  constexpr std::array words{"content", "text",  "note",         "display_name", "displayName", "description",
                             "summary", "title", "spoiler_text", "name",         "bio",         "alt",
                             "cw",      "body",  "caption",      "message",      "selftext"};
  return std::ranges::find(words, key) != words.end();
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

}  // namespace

Scrubber::Scrubber(std::vector<std::string> terms, std::vector<std::string> secrets)
    : terms_(std::move(terms)), secrets_(std::move(secrets)) {
  for (auto& term : terms_) term = fold(term);
  std::erase_if(secrets_, [](const std::string& each) { return each.size() < 4; });
}

void Scrubber::learn(const Page& page) {
  auto add = [&](const Author& author) {
    if (author.media) return;
    auto user = author.key.substr(0, author.key.find('@'));
    auto number = people_.size() + 1;
    for (const auto& each : {user, author.handle, author.name})
      if (each.size() >= shortest_name) people_.try_emplace(each, fmt::format("person{}", number));
  };
  for (const auto& each : page.found) add(each.post.author);
  for (const auto& each : page.readings)
    if (each.now) add(each.now->post.author);
}

std::string Scrubber::without_people(std::string text) const {
  for (const auto& secret : secrets_) replace_all(text, secret, "SECRET");
  // The longest first: a handle may hold a name.
  std::vector<const std::pair<const std::string, std::string>*> names;
  for (const auto& each : people_) names.push_back(&each);
  std::ranges::sort(names, [](auto* a, auto* b) { return a->first.size() > b->first.size(); });
  for (const auto* each : names)
    for (std::size_t at = 0; (at = text.find(each->first, at)) != text.npos;) {
      auto end = at + each->first.size();
      bool whole = (at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]));
      if (whole) text.replace(at, each->first.size(), each->second);
      at += whole ? each->second.size() : 1;
    }
  return text;
}

std::string Scrubber::shifted(const std::string& digits) const {
  if (digits.size() > 18) return digits;
  auto moved = std::to_string(std::stoll(digits) - shift);
  return moved.size() == digits.size() ? moved : digits;
}

/// Every letter an x, but in the campaign's own words, in markup, in links' hosts and in references.
std::string Scrubber::masked(const std::string& text) const {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '<' || text[at] == '&') {
      auto end = text.find(text[at] == '<' ? '>' : ';', at);
      if (end != text.npos && (text[at] == '<' || end - at <= 10)) {
        out += without_people(text.substr(at, end + 1 - at));
        at = end + 1;
        continue;
      }
    }
    if (text.compare(at, 4, "http") == 0 && text.find("://", at) <= at + 5) {
      auto end = std::min(text.find_first_of(" \n<\"", at), text.size());
      out += "https://" + host_of(text.substr(at, end - at)) + "/x";
      at = end;
      continue;
    }
    auto end = at;
    while (end < text.size() && is_word(text[end])) ++end;
    if (end == at) {
      out += text[at++];
      continue;
    }
    auto word = text.substr(at, end - at);
    auto same = fold(word);
    bool is_ours =
        std::ranges::any_of(terms_, [&](const std::string& term) { return same == term || term == "#" + same; });
    for (std::size_t i = 0; i < word.size() && !is_ours; ++i)
      if (auto c = static_cast<unsigned char>(word[i]); is_letter(c)) word[i] = c >= 0x80 ? word[i] : 'x';
    if (!is_ours)
      std::erase_if(word, [](unsigned char c) { return c >= 0x80; });  // of other alphabets nothing is left to mask
    out += word;
    at = end;
  }
  return out;
}

std::string Scrubber::body(const std::string& text) const {
  if (auto document = document_of(text)) return *document;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    auto end = std::min(text.find('\n', at), text.size());
    auto line = text.substr(at, end - at);
    auto brace = line.starts_with("data: {") ? line.find('{') : 0;  // of an event
    auto document = line.size() > brace && line[brace] == '{' ? document_of(line.substr(brace)) : std::nullopt;
    out += document ? line.substr(0, brace) + *document : without_people(line);
    if (end < text.size()) out += '\n';
    at = end + 1;
  }
  return out;
}

std::optional<std::string> Scrubber::document_of(const std::string& text) const {
  boost::system::error_code broken;
  auto document = json::parse(text, broken);
  if (broken) return std::nullopt;
  // A walk over the tree, without recursion into what a hostile server could nest.
  std::vector<std::pair<json::value*, std::string>> left{{&document, ""}};
  while (!left.empty()) {
    auto [value, key] = left.back();
    left.pop_back();
    if (auto* object = value->if_object()) {
      for (auto& member : *object) left.emplace_back(&member.value(), std::string(member.key()));
    } else if (auto* list = value->if_array()) {
      for (auto& each : *list) left.emplace_back(&each, key);
    } else if (auto* string = value->if_string()) {
      std::string said(*string);
      bool is_id = said.size() >= id_digits && std::ranges::all_of(said, is_digit);
      if (is_id)
        said = shifted(said);
      else if (is_prose(key) || !is_of_the_interface(said))
        said =
            said.starts_with("http") || said.starts_with("at://") ? without_people(said) : masked(without_people(said));
      else
        said = without_people(said);
      *string = said;
    }
  }
  auto out = json::serialize(document);
  // Ids stand in addresses as well.
  std::string moved;
  for (std::size_t at = 0; at < out.size();) {
    auto end = at;
    while (end < out.size() && is_digit(out[end])) ++end;
    bool is_id_in_address = end - at >= id_digits && at > 0 && (out[at - 1] == '/' || out[at - 1] == '=');
    if (end == at)
      moved += out[at++];
    else {
      auto digits = out.substr(at, end - at);
      moved += is_id_in_address ? shifted(digits) : digits;
      at = end;
    }
  }
  return moved;
}

Headers Scrubber::headers(const Headers& all) const {
  Headers out;
  for (const auto& [name, value] : all) {
    bool is_read = name == "content-type" || name == "etag" || name == "last-modified" || name == "cache-control" ||
                   name == "retry-after" || name == "date" || name.find("ratelimit") != name.npos ||
                   name.find("rate-limit") != name.npos || name.ends_with("usage");
    if (is_read) out.emplace_back(name, without_people(value));
  }
  return out;
}

std::string Scrubber::url(const std::string& text) const { return without_people(text); }

}  // namespace campaignd::commands
