#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract NAME_contract;
std::unique_ptr<Connector> make_NAME(SourceSettings settings);
Result<std::string> parse_NAME(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
