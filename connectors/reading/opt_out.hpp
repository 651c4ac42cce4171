#pragma once
#include <string_view>

namespace campaignd {

/// Biographies say #nobot, #nobots or #noindex by convention (privacy: explicit opt-outs). `biography` is plain text.
bool asks_to_be_left_out(std::string_view biography);

}  // namespace campaignd
