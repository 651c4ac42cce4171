#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract reddit_contract;
std::unique_ptr<Connector> make_reddit(SourceSettings settings);
Result<std::string> parse_reddit(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
