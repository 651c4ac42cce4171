#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract threads_contract;
std::unique_ptr<Connector> make_threads(SourceSettings settings);
Result<std::string> parse_threads(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
