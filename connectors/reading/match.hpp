#pragma once
/// What counts as a mention of the campaign, and in which class (M-01, T-12, T-13).
#include <optional>
#include <string>
#include <vector>

#include "connectors/post.hpp"

namespace campaignd {

/// From the strongest to the weakest; a post has the strongest that applies. `variant` is a tag that stands for the
/// campaign's without being it: misspelt, translated, with look-alike letters; never in the headline number.
/// `comparison` is another campaign's tag, counted for the share of voice alone (M-11). `owned` is no match of the
/// text: a post of a registered organisation. Both are kept outside every total.
enum class MatchClass : std::uint8_t { hashtag, variant, plain, phrase, link, comparison, owned };
std::string_view name_of(MatchClass match_class);
std::optional<MatchClass> match_class_named(std::string_view name);
/// Whether its terms are looked for among a post's hashtags.
constexpr bool is_tag(MatchClass match_class) {
  return match_class == MatchClass::hashtag || match_class == MatchClass::variant ||
         match_class == MatchClass::comparison;
}

/// One thing to look for. `text` is a tag without '#', a word, a phrase, or a host with an optional path.
struct Term {
  std::string id;
  MatchClass match_class = MatchClass::hashtag;
  std::string text;
  std::vector<std::string> all, any, none;  ///< further words or phrases the text must, may and must not hold
  std::optional<sys_ms> from, until;        ///< half-open window of the post's effective time
};

struct Match {
  std::string term;
  MatchClass match_class = MatchClass::hashtag;
  bool operator==(const Match&) const = default;
};

/// A post's hashtags, folded and without '#': the platform's own where it gives them, else those of its text; and those
/// of its alternative texts.
std::vector<std::string> tags_of(const Post& post);

struct FoldedText;

class Matcher {
 public:
  explicit Matcher(std::vector<Term> terms);
  /// The strongest match of a post whose effective time is `at`. Alt text is text its author typed; body hashtags are
  /// the platform's own where it gives them.
  std::optional<Match> judge(const Post& post, sys_ms at) const;
  const std::vector<Term>& terms() const { return terms_; }

 private:
  std::vector<Term> terms_;  ///< as configured, strongest class first
  struct Folded {
    std::string text;
    std::vector<std::string> all, any, none;
  };
  std::vector<Folded> folded_;
  /// An ASCII word of each term, all of which a text must lack to be passed over unfolded.
  std::vector<std::string> words_;
  bool all_have_words_ = true;  ///< else texts beyond ASCII are never passed over
  bool may_match(const Post& post) const;
  std::optional<Match> judge(const FoldedText& text, sys_ms at) const;
};

}  // namespace campaignd
