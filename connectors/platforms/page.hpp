#pragma once
/// Lists of articles on pages that have no feed.
#include "connectors/connector.hpp"

namespace campaignd {

extern const Contract page_contract;
std::unique_ptr<Connector> make_page(SourceSettings settings);
Result<std::string> parse_page(const std::string& body, const ParseHints& hints);

/// Whether every selector can be read: what the configuration asks before a page is.
Result<void> check_selectors(const ListSelectors& selectors);

}  // namespace campaignd
