#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract x_contract;
std::unique_ptr<Connector> make_x(SourceSettings settings);
Result<std::string> parse_x(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
