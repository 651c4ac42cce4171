#pragma once
/// HTML as it comes to HTML without surprises: what libxml2 is given, so that no input of ours is its worst case (it
/// compares every attribute of a tag with all before it, and reads comments and scripts by rules of its own).
#include <string>
#include <string_view>

#include "connectors/failure.hpp"

namespace campaignd {

/// The bytes as clean UTF-8, by the rules of charset.hpp; where Content-Type names no encoding, <meta> may.
std::string decode_html(std::string_view bytes, std::string_view content_type);

/// Tags with lower-case names, at most 32 attributes, their values quoted; text escaped. Comments, declarations,
/// scripts, styles and the like are gone; a tag that never closes ends the document. More than 100,000 tags are
/// too_large.
Result<std::string> tidy_markup(std::string_view html);

}  // namespace campaignd
