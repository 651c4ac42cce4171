#include "connectors/platforms/fediverse_account.hpp"

#include "connectors/reading/text.hpp"

namespace campaignd {

std::string full_name(const SourceSettings& source) {
  auto name = fold(source.account);
  if (name.starts_with('@')) name.erase(0, 1);
  return name.find('@') == name.npos ? name + "@" + fold(source.host) : name;
}

SourceSettings at_home_unless_told(SourceSettings source) {
  if (source.host.empty()) source.host = full_name(source).substr(full_name(source).find('@') + 1);
  return source;
}

}  // namespace campaignd
