#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract feed_contract;
std::unique_ptr<Connector> make_feed(SourceSettings settings);
Result<std::string> parse_feed(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
