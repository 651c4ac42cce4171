#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract youtube_contract;
std::unique_ptr<Connector> make_youtube(SourceSettings settings);
Result<std::string> parse_youtube(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
