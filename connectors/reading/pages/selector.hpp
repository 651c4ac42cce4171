#pragma once
/// CSS selectors, as far as lists of articles need them, to XPath 1.0.
#include <string>
#include <string_view>

#include "connectors/failure.hpp"

namespace campaignd {

/// What begins with '/', './' or '(' is XPath and stays as it is. Of CSS: tag, *, #id, .class, [a], [a=v] and its ~= ^=
/// *= $= kin, descendants, '>', '+', ',', :first-child, :last-child, :nth-child(number), :contains("text"), :not(…) of
/// one simple selector. The expression is one predicate on descendant-or-self::*, so it visits every element once, in
/// document order. Anything else is `refused` with a sentence for whoever wrote it.
Result<std::string> selector_to_xpath(std::string_view selector);

}  // namespace campaignd
