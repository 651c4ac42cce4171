#pragma once
/// Hashes, and keyed hashes (RFC 2104) where a platform asks for a proof that one holds a secret. OpenSSL does the
/// work.
#include <string>
#include <string_view>

namespace campaignd {

/// HMAC-SHA-256 in lower-case hexadecimal digits.
std::string hmac_sha256_hex(std::string_view key, std::string_view message);
std::string sha256_hex(std::string_view text);

}  // namespace campaignd
