#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract gdelt_contract;
std::unique_ptr<Connector> make_gdelt(SourceSettings settings);
Result<std::string> parse_gdelt(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
