#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract lemmy_contract;
std::unique_ptr<Connector> make_lemmy(SourceSettings settings);
Result<std::string> parse_lemmy(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
