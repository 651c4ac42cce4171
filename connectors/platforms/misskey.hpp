#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract misskey_contract;
std::unique_ptr<Connector> make_misskey(SourceSettings settings);
Result<std::string> parse_misskey(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
