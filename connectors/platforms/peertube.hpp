#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract peertube_contract;
std::unique_ptr<Connector> make_peertube(SourceSettings settings);
Result<std::string> parse_peertube(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
