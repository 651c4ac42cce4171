#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract hackernews_contract;
std::unique_ptr<Connector> make_hackernews(SourceSettings settings);
Result<std::string> parse_hackernews(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
