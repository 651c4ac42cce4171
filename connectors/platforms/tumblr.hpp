#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract tumblr_contract;
std::unique_ptr<Connector> make_tumblr(SourceSettings settings);
Result<std::string> parse_tumblr(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
