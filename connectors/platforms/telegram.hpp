#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract telegram_contract;
std::unique_ptr<Connector> make_telegram(SourceSettings settings);
Result<std::string> parse_telegram(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
