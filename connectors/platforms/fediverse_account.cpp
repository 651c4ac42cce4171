#include "connectors/platforms/fediverse_account.hpp"

#include <fmt/format.h>

#include "connectors/reading/position.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {
constexpr auto look_up_every = std::chrono::days(1);
}

std::string full_name(const SourceSettings& source) {
  auto name = fold(source.account);
  if (name.starts_with('@')) name.erase(0, 1);
  return name.find('@') == name.npos ? name + "@" + fold(source.host) : name;
}

SourceSettings at_home_unless_told(SourceSettings source) {
  if (source.host.empty()) source.host = full_name(source).substr(full_name(source).find('@') + 1);
  return source;
}

FediverseAccount::FediverseAccount(const SourceSettings& source, const std::string& position)
    : name_(full_name(source)),
      user_(name_.substr(0, name_.find('@'))),
      home_(name_.substr(name_.find('@') + 1)),
      id_(position_text(position, "account")),
      notice_(position_text(position, "notice")),
      looked_up_(position_time(position, "looked")) {}

bool FediverseAccount::is_due(sys_ms now) const { return id_.empty() || now - looked_up_ >= look_up_every; }

Result<FediverseAccount::Id> FediverseAccount::read(const FediverseProfile& profile, const std::string& host,
                                                    sys_ms now) {
  if (profile.id.empty())
    return Failure{Failure::malformed, fmt::format("{} answered without the account {}", host, name_)};
  if (profile.user != user_) return unknown(host);
  if (profile.suspended)  // its list is empty, which would look as if it were silent
    return Failure{Failure::refused, fmt::format("{} has suspended {}: its posts are not shown", host, name_)};
  bool is_another = !id_.empty() && profile.id != id_;
  id_ = profile.id;
  looked_up_ = now;
  notice_.clear();
  if (!profile.moved.empty())
    notice_ = fmt::format("{} has moved to {}: add that account to the configuration", name_, profile.moved);
  else if (!profile.withheld.empty())
    notice_ = fmt::format("{} has {} {}: public lists do not show it", host, profile.withheld, name_);
  return is_another ? Id::another : Id::as_before;
}

Failure FediverseAccount::unknown(const std::string& host) const {
  return {Failure::gone, fmt::format("{} knows no account {}: check its name in the configuration", host, name_)};
}

void FediverseAccount::tell(Page& page) const {
  if (!page.more && !notice_.empty()) page.refused.push_back({"", notice_});
}

std::string FediverseAccount::position() const {
  return fmt::format("&account={}&looked={}&notice={}", percent_encode(id_), looked_up_.time_since_epoch().count(),
                     percent_encode(notice_));
}

}  // namespace campaignd
