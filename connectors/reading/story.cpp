#include "connectors/reading/story.hpp"

#include "connectors/reading/text.hpp"

namespace campaignd {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }
bool is_word(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

/// "https://a.example/x", "www.a.example", "a.example/page…": with or without what a platform leaves out of it.
bool is_link(std::string_view word) {
  if (word.find("://") != word.npos) return true;
  for (auto dot = word.find('.'); dot != word.npos; dot = word.find('.', dot + 1))
    if (dot > 0 && dot + 2 < word.size() && is_word(word[dot - 1]) && is_letter(word[dot + 1]) &&
        is_letter(word[dot + 2]))
      return true;
  return false;
}

}  // namespace

std::string story_text(const Post& post) {
  auto text = fold(post.title + "\n" + post.text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    auto end = std::min(text.find_first_of(" \t\r\n", at), text.size());
    auto word = std::string_view(text).substr(at, end - at);
    at = end + 1;
    if (word.starts_with('@') || is_link(word)) continue;
    for (char c : word)
      if (is_word(c)) out += c;
  }
  return out;
}

}  // namespace campaignd
