#pragma once
/// Base64 in (RFC 4648), in either alphabet.
#include <string>
#include <string_view>

namespace campaignd {

/// White space is passed over; what else is no digit ends it.
std::string decode_base64(std::string_view text);

/// Whether it is nothing but whole groups of four digits, white space aside.
bool is_base64(std::string_view text);

}  // namespace campaignd
