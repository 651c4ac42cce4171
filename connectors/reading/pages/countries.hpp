#pragma once
/// Countries as English news writes them: the European Union, its neighbours and the regions people flee from or
/// through.
#include <string>
#include <string_view>

namespace campaignd {

/// A country and where its name stands in the text it was found in.
struct CountryName {
  std::string iso;  ///< ISO 3166-1 alpha-2 (Greece is GR); empty: none
  std::size_t begin = 0, end = 0;
};

/// The longest name that is the text's first words, or its last. Case does not matter; words are not guessed at.
CountryName country_first_in(std::string_view text);
CountryName country_last_in(std::string_view text);

}  // namespace campaignd
