#pragma once
/// Base64 (RFC 4648): in, in either alphabet, and out.
#include <string>
#include <string_view>

namespace campaignd {

/// White space is passed over; what else is no digit ends it.
std::string decode_base64(std::string_view text);

/// In the standard alphabet, padded: what HTTP's Basic authentication asks for.
std::string encode_base64(std::string_view bytes);

/// Whether it is nothing but whole groups of four digits, white space aside.
bool is_base64(std::string_view text);

}  // namespace campaignd
