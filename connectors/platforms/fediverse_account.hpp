#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

/// The account of a source, "@User@Host", "user@host" or "user" at its host, as user@host in lower case.
std::string full_name(const SourceSettings& source);

/// The source, asked at the account's own server where no other is named.
SourceSettings at_home_unless_told(SourceSettings source);

}  // namespace campaignd
