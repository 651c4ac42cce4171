#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract bluesky_contract;
std::unique_ptr<Connector> make_bluesky(SourceSettings settings);
Result<std::string> parse_bluesky(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
