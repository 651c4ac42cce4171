#pragma once
/// Unicode text: folding for comparison, cleaning, cutting. ICU does the work.
#include <string>
#include <string_view>
#include <vector>

namespace campaignd {

/// NFKC with case folding (UAX #15, #21): "＃ALLINforIntegration" and "#allinforintegration" become equal, and
/// invisible characters go. Invalid UTF-8 becomes U+FFFD.
std::string fold(std::string_view text);

/// Whether folding may bring ASCII letters or digits to light that do not stand in the text as they are: full-width
/// letters, ligatures, letters with an invisible character between them. False means that a search which ignores the
/// case of ASCII letters finds what one in the folded text would.
bool hides_ascii(std::string_view text);

/// Folded, with every run of white space one space.
std::string fold_words(std::string_view text);

/// Valid UTF-8 without control characters (C0, DEL, C1) other than tab and line feed.
std::string clean_utf8(std::string_view text);
bool is_valid_utf8(std::string_view text);
bool is_ascii(std::string_view text);

/// The hashtags of a folded text, without '#'. A tag runs over letters, marks, digits and connectors
/// (XID_Continue, UAX #31), and '#' inside a word starts none. Emoji end a tag, as they do on Mastodon and X.
std::vector<std::string> hashtags_in(std::string_view folded);

/// Whether `needle` (folded) stands in `text` (folded) as words of its own: no word character on either side, and no
/// '#' before it, which would make it a hashtag.
bool stands_in(std::string_view text, std::string_view needle);

/// At most `most` code points.
std::string cut(std::string_view text, std::size_t most);

}  // namespace campaignd
