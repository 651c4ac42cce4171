#pragma once
/// Who a host belongs to, by the Public Suffix List (libpsl, Debian's list built in).
#include <string>
#include <string_view>

namespace campaignd {

/// "news.bbc.co.uk" -> "bbc.co.uk"; a blog of a shared host is its own ("ala.blogspot.com"). A host that is itself a
/// public suffix ("gov.pl", also as "www.gov.pl") or an address is given back as it is. Lower case is expected.
std::string registrable_domain(std::string_view host);

}  // namespace campaignd
