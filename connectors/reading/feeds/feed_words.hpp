#pragma once
/// What the values of feeds' elements and attributes are made of.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/reading/feeds/xml.hpp"

namespace campaignd {

using XmlAttributes = std::vector<XmlAttribute>;

/// The value of an attribute without a prefix, whatever the case of its name; null or empty where there is none.
const std::string* find_attribute(const XmlAttributes& attributes, std::string_view lower_name);
std::string attribute(const XmlAttributes& attributes, std::string_view lower_name);

std::string_view trimmed(std::string_view text);
std::string lower_case(std::string_view text);
/// Whether `name` is one of `names`, which ", " separates.
bool lists(std::string_view names, std::string_view name);
/// "1,234" is a number to some feeds; what is none was not said.
std::optional<std::int64_t> count(std::string_view text);
/// Whether there is an end tag or a character reference in it.
bool holds_markup(std::string_view text);
/// A language as the feed says it; empty where that cannot be a tag (RFC 5646 2.1.1: 35 characters are enough for any).
std::string language_tag(std::string_view text);
/// A link as it may be followed: in one line, and empty unless it is http, https or relative.
std::string page_link(std::string_view link);

}  // namespace campaignd
