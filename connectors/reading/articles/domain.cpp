#include "connectors/reading/articles/domain.hpp"

#include <libpsl.h>

#include <algorithm>

namespace campaignd {

namespace {

constexpr std::size_t longest_host = 253;

bool is_address(std::string_view host) {
  return host.starts_with('[') ||
         std::ranges::all_of(host, [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == ':'; });
}

}  // namespace

std::string registrable_domain(std::string_view host) {
  while (host.ends_with('.')) host.remove_suffix(1);
  std::string name(host);
  if (name.size() > longest_host || is_address(host)) return name;
  const char* found = psl_registrable_domain(psl_builtin(), name.c_str());
  std::string domain = found == nullptr ? name : found;
  // "gov.pl" is a public suffix, and "www.gov.pl" is then registrable: the same outlet.
  if (domain.starts_with("www.") && std::ranges::count(domain, '.') > 1) domain.erase(0, 4);
  return domain;
}

}  // namespace campaignd
