#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract news_contract;
std::unique_ptr<Connector> make_news(SourceSettings settings);
Result<std::string> parse_news(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
