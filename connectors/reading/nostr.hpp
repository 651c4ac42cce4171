#pragma once
#include <string>
#include <string_view>

namespace campaignd {

/// 64 hexadecimal digits, an event's or a key's, as Nostr writes them for people (NIP-19, bech32): "note1…", "npub1…".
/// Empty where it is none.
std::string nostr_name(std::string_view kind, std::string_view hex);

/// Whether the text may be such a name of this kind.
bool is_nostr_name(std::string_view kind, std::string_view text);

}  // namespace campaignd
