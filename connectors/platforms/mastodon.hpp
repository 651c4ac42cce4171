#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract mastodon_contract;
std::unique_ptr<Connector> make_mastodon(SourceSettings settings);
Result<std::string> parse_mastodon(const std::string& body, const ParseHints& hints);

}  // namespace campaignd
