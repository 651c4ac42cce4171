#pragma once
/// Bytes of a document to UTF-8.
#include <string>
#include <string_view>

namespace campaignd {

/// The encoding is, in this order: the BOM's; what zero bytes around '<' betray (UTF-16 and UTF-32 without a BOM);
/// UTF-8 where the bytes are valid UTF-8 or, where they are said to be, mostly so; the XML declaration's; `charset` of
/// the answer; windows-1252. Labels mean what the WHATWG Encoding Standard says (iso-8859-1 is windows-1252, gb2312 is
/// gb18030 …). The result is valid UTF-8 without control characters.
std::string to_utf8(std::string_view bytes, std::string_view charset);

/// The charset parameter of a Content-Type, or empty.
std::string charset_of(std::string_view content_type);

}  // namespace campaignd
