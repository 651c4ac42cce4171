#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

/// Asks the host in an account's name where the account is (RFC 7033): names and servers need not go by one host.
Request ask_webfinger(const std::string& user, const std::string& host);

/// The host of the account's own address or, where there is none, of its profile page; empty where the document names
/// neither.
std::string server_in_webfinger(const std::string& document);

}  // namespace campaignd
