#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract flickr_contract;
std::unique_ptr<Connector> make_flickr(SourceSettings settings);
Result<std::string> parse_flickr(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
