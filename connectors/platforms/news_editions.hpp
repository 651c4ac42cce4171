#pragma once
/// The language editions of the news searches, as their makers serve them; every other one they replace in silence.
#include <optional>
#include <string>
#include <string_view>

namespace campaignd {

struct NewsEdition {
  std::string_view tag;           ///< BCP 47 with a country: "pt-PT"
  std::string_view hl, gl, ceid;  ///< Google's names of it: "pt-PT", "PT", "PT:pt-150"; Bing's is the tag
};

/// The edition a source is asked in, and what is to be said where it is another than the one wanted.
struct ChosenEdition {
  NewsEdition edition;
  std::string notice;
};

/// Where there is none of the language in that country, another country's of the same language; where there is none
/// of the language at all, the English one. No wish is English.
ChosenEdition google_edition(std::string_view wanted);
ChosenEdition bing_edition(std::string_view wanted);

}  // namespace campaignd
