#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract facebook_contract;
std::unique_ptr<Connector> make_facebook(SourceSettings settings);
Result<std::string> parse_facebook(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
