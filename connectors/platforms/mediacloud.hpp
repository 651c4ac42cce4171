#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract mediacloud_contract;
std::unique_ptr<Connector> make_mediacloud(SourceSettings settings);
Result<std::string> parse_mediacloud(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
