#include "daemon/collect/sessions.hpp"

#include "daemon/config/credentials.hpp"

namespace campaignd::collect {

std::shared_ptr<Session> Sessions::of(const Source& source) {
  if (source.credential.empty()) return nullptr;
  auto& session = known_[source.credential];
  if (session) return session;
  auto read = Credentials(config_.file).read(source.credential);
  auto* secret = std::get_if<Credentials::Secret>(&read);
  if (secret == nullptr) return nullptr;
  session = std::make_shared<Session>();
  session->credential = std::move(secret->text);
  return session;
}

std::shared_ptr<Session> Sessions::of(const Platform& platform, const std::string& host) {
  for (const auto& source : config_.campaign.sources) {
    if (source.connector != platform.name || source.credential.empty()) continue;
    if (platform.contract.home.empty() && source.host != host) continue;
    if (auto session = of(source)) return session;
  }
  return nullptr;
}

}  // namespace campaignd::collect
