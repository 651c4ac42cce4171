#include <algorithm>

#include "connectors/reading/html.hpp"
#include "connectors/reading/match.hpp"
#include "connectors/reading/text.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Matcher matcher({{.id = "tag", .match_class = MatchClass::hashtag, .text = "AllInForIntegration"},
                                {.id = "slogan", .match_class = MatchClass::phrase, .text = "All In for Integration"}});
  auto text = text_of(data, size);
  auto folded = fold(text);
  law(is_valid_utf8(folded) || is_valid_utf8(text) == false, "folding valid text gives valid text");
  law(fold(folded) == folded, "folding twice is folding once");
  for (const auto& tag : hashtags_in(folded)) {
    law(!tag.empty() && tag.find('#') == std::string::npos, "a tag is not empty and holds no #");
    law(folded.find("#" + tag) != std::string::npos, "a tag stands in its text");
  }
  auto plain = read_html(text);
  law(plain.text.size() <= size * 3 + 3, "markup does not grow beyond its references");

  Post post;
  post.text = std::string(text);
  auto before = matcher.judge(post, {});
  post.text += "\n#allinforintegration";
  auto after = matcher.judge(post, {});
  law(after && after->match_class == MatchClass::hashtag, "a line with the tag always matches");
  post.text = std::string(text);
  law(matcher.judge(post, {}) == before, "judging twice gives the same");
  return 0;
}
