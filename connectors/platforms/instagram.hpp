#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract instagram_contract;
std::unique_ptr<Connector> make_instagram(SourceSettings settings);
Result<std::string> parse_instagram(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
