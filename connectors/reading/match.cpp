#include "connectors/reading/match.hpp"

#include <algorithm>

#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

/// A post's text, folded once for all terms.
struct FoldedText {
  std::string words;
  std::vector<std::string> tags;
  std::vector<std::string> links;
};

namespace {

constexpr std::string_view class_names[] = {"hashtag", "variant", "plain", "phrase", "link", "comparison", "owned"};

std::string words_of(const Post& post) { return fold_words(post.title + "\n" + post.text + "\n" + post.alt_text); }

std::vector<std::string> tags_of(const Post& post, const std::string& words) {
  if (!post.tags) return hashtags_in(words);
  std::vector<std::string> out;
  for (const auto& tag : *post.tags) out.push_back(fold(tag.starts_with('#') ? tag.substr(1) : tag));
  for (auto& tag : hashtags_in(fold(post.alt_text))) out.push_back(std::move(tag));
  return out;
}

FoldedText prepare(const Post& post) {
  FoldedText out;
  out.words = words_of(post);
  out.tags = tags_of(post, out.words);
  auto keep_link = [&](std::string_view url) {
    auto host = host_of(url);
    if (host.empty()) return;
    auto path_at = url.find('/', url.find("://") + 3);
    out.links.push_back(host + (path_at == url.npos ? std::string{} : fold(url.substr(path_at))));
  };
  for (const auto& link : post.links) keep_link(link);
  return out;
}

/// The text as one of the alternatives a search vouches for makes it. Searches pass over '#'; the point parts it from
/// the text before.
FoldedText with_vouched(FoldedText reading, const std::string& alternative) {
  auto words = fold_words(alternative);
  std::erase(words, '#');
  reading.words.append(" . ").append(words);
  return reading;
}

/// "forintegration.eu" covers every page below that host and its subdomains, "host/path" what starts so. Written out in
/// the text it counts too.
bool links_to(const FoldedText& reading, const std::string& target) {
  auto slash = target.find('/');
  auto domain = target.substr(0, slash);
  auto path = slash == target.npos ? std::string{} : target.substr(slash);
  for (const auto& link : reading.links) {
    auto cut_at = link.find('/');
    auto below = cut_at == link.npos ? std::string_view{} : std::string_view(link).substr(cut_at);
    if (host_within(link.substr(0, cut_at), domain) && below.starts_with(path)) return true;
  }
  return stands_in(reading.words, target);
}

bool holds(const FoldedText& reading, const std::string& words) {
  if (!words.empty() && words.front() == '#')
    return std::ranges::find(reading.tags, words.substr(1)) != reading.tags.end();
  return stands_in(reading.words, words);
}

/// The longest run of ASCII letters and digits.
std::string longest_word(std::string_view text) {
  std::string_view best;
  for (std::size_t at = 0; at < text.size();) {
    auto end = at;
    while (end < text.size() && ((text[end] >= 'a' && text[end] <= 'z') || (text[end] >= '0' && text[end] <= '9')))
      ++end;
    if (end - at > best.size()) best = text.substr(at, end - at);
    at = end + 1;
  }
  return std::string(best);
}

bool holds_any(std::string_view text, const std::vector<std::string>& words) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c | 32 : c);
  return std::ranges::any_of(words, [&](const auto& word) { return lower.find(word) != lower.npos; });
}

}  // namespace

std::string_view name_of(MatchClass match_class) { return class_names[static_cast<std::size_t>(match_class)]; }

std::optional<MatchClass> match_class_named(std::string_view name) {
  const auto* found = std::ranges::find(class_names, name);
  if (found == std::end(class_names)) return std::nullopt;
  return static_cast<MatchClass>(found - std::begin(class_names));
}

std::vector<std::string> tags_of(const Post& post) { return tags_of(post, words_of(post)); }

Matcher::Matcher(std::vector<Term> terms) : terms_(std::move(terms)) {
  std::ranges::stable_sort(terms_, {}, &Term::match_class);
  auto fold_all = [](const std::vector<std::string>& list) {
    std::vector<std::string> out;
    for (const auto& each : list) out.push_back(fold_words(each));
    return out;
  };
  for (const Term& term : terms_) {
    auto text = fold_words(term.text);
    if (is_tag(term.match_class) && text.starts_with('#')) text.erase(0, 1);
    auto word = longest_word(text);
    if (word.empty())
      all_have_words_ = false;
    else
      words_.push_back(std::move(word));
    folded_.push_back({std::move(text), fold_all(term.all), fold_all(term.any), fold_all(term.none)});
  }
}

/// Folding is most of the work of matching, and most texts do not hold a word of any term.
bool Matcher::may_match(const Post& post) const {
  auto may = [this](const std::string& text) {
    return holds_any(text, words_) || hides_ascii(text) || (!all_have_words_ && !is_ascii(text));
  };
  if (may(post.title) || may(post.text) || may(post.alt_text)) return true;
  if (std::ranges::any_of(post.vouched, may)) return true;
  return std::ranges::any_of(post.links, may) || (post.tags && std::ranges::any_of(*post.tags, may));
}

std::optional<Match> Matcher::judge(const Post& post, sys_ms at) const {
  if (!may_match(post)) return std::nullopt;
  const auto text = prepare(post);
  std::optional<Match> weakest;
  for (const auto& each : post.vouched) {
    auto match = judge(with_vouched(text, each), at);
    if (!match) return judge(text, at);
    if (!weakest || weakest->match_class < match->match_class) weakest = std::move(match);
  }
  return weakest ? weakest : judge(text, at);
}

std::optional<Match> Matcher::judge(const FoldedText& reading, sys_ms at) const {
  auto has = [&](const std::string& words) { return holds(reading, words); };
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    const Term& term = terms_[i];
    const Folded& wanted = folded_[i];
    if ((term.from && at < *term.from) || (term.until && at >= *term.until)) continue;
    bool there = false;
    switch (term.match_class) {
      case MatchClass::hashtag:
      case MatchClass::variant:
      case MatchClass::comparison: there = std::ranges::find(reading.tags, wanted.text) != reading.tags.end(); break;
      case MatchClass::plain:
      case MatchClass::phrase: there = stands_in(reading.words, wanted.text); break;
      case MatchClass::link: there = links_to(reading, wanted.text); break;
      case MatchClass::owned: break;
    }
    if (!there || !std::ranges::all_of(wanted.all, has) || std::ranges::any_of(wanted.none, has)) continue;
    if (!wanted.any.empty() && std::ranges::none_of(wanted.any, has)) continue;
    return Match{term.id, term.match_class};
  }
  return std::nullopt;
}

}  // namespace campaignd
