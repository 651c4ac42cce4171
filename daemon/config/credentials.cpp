#include "daemon/config/credentials.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "daemon/config/config.hpp"

namespace campaignd {

namespace {

constexpr std::size_t most_bytes = 16 << 10;

std::string trimmed(std::string text) {
  constexpr const char* space = " \t\r\n";
  text.erase(0, std::min(text.find_first_not_of(space), text.size()));
  text.erase(text.find_last_not_of(space) + 1);
  return text;
}

/// The name of the first that is there; empty: none is.
std::string credential_of(const Source& source, const Contract& contract, const Credentials& credentials) {
  if (!source.credential.empty()) return source.credential;
  bool of_host = contract.credential.of_host;
  std::vector<std::string> names{of_host ? source.connector + "-" + source.host : source.connector};
  if (!source.partner.empty() && !of_host) names.insert(names.begin(), source.connector + "-" + source.partner);
  auto found = std::ranges::find_if(names, [&](const auto& name) { return credentials.has(name); });
  return found == names.end() ? std::string() : *found;
}

/// What keeps a source from its credential; empty: nothing, it has one or needs none.
std::string trouble_with(const Source& source, const Contract& contract, const Credentials& credentials) {
  const auto& name = source.credential;
  if (name.empty())
    return contract.credential.required
               ? fmt::format(
                     "off: it needs a credential, {}; write it into {} (chmod 600), or give it as "
                     "LoadCredential={}",
                     contract.credential.form, credentials.place_of(source.connector).string(), source.connector)
               : std::string();
  auto read = credentials.read(name);
  const auto* unreadable = std::get_if<Credentials::Unreadable>(&read);
  return unreadable == nullptr ? std::string() : "off: " + unreadable->why;
}

}  // namespace

mode_t open_to_others(const std::filesystem::path& file) {
  const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
  return credentials != nullptr && file.parent_path() == credentials ? S_IRWXO : S_IRWXG | S_IRWXO;
}

Credentials::Credentials(const std::filesystem::path& configuration)
    : beside_(configuration.parent_path() / "credentials") {
  if (const char* given = std::getenv("CREDENTIALS_DIRECTORY")) folders_.emplace_back(given);
  folders_.push_back(beside_);
}

std::filesystem::path Credentials::find(const std::string& name) const {
  std::error_code hidden;
  for (const auto& folder : folders_)
    if (auto status = std::filesystem::status(folder / name, hidden);
        std::filesystem::exists(status) || hidden.value() == EACCES)
      return folder / name;
  return {};
}

std::variant<Credentials::Secret, Credentials::Unreadable> Credentials::read(const std::string& name) const {
  auto file = find(name);
  if (file.empty())
    return Unreadable{
        fmt::format("there is no credential '{}': write it into {} (chmod 600), or give it as "
                    "LoadCredential={}",
                    name, place_of(name).string(), name)};
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode))
    return Unreadable{fmt::format("the credential {} is no file that can be read", file.string())};
  if ((info.st_mode & open_to_others(file)) != 0)
    return Unreadable{fmt::format("the credential {} can be read by others: chmod 600 it", file.string())};
  std::ifstream in(file, std::ios::binary);
  std::string text(most_bytes, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  text = trimmed(std::move(text));
  // It becomes a header: whatever has lines or is no text is no credential.
  bool is_text = std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (text.empty() || !is_text)
    return Unreadable{fmt::format("the credential {} is {}: one line of text is wanted", file.string(),
                                  in.bad() || text.empty() ? "empty or cannot be read" : "not one line")};
  return Secret{std::move(text)};
}

void give_credentials(Campaign& campaign, const Credentials& credentials, std::vector<std::string>& warnings) {
  std::vector<Source> on;
  for (auto& source : campaign.sources) {
    const auto& contract = find_platform(source.connector)->contract;
    bool named = !source.credential.empty();
    if (!contract.credential.form.empty()) source.credential = credential_of(source, contract, credentials);
    auto trouble = trouble_with(source, contract, credentials);
    if (trouble.empty()) {
      on.push_back(std::move(source));
      continue;
    }
    // A partner's account that nobody gave a credential for is no mistake of anybody's.
    if (named || !source.credential.empty() || source.partner.empty()) warnings.push_back(source.id + " is " + trouble);
    campaign.off.push_back({std::move(source), std::move(trouble)});
  }
  campaign.sources = std::move(on);
}

}  // namespace campaignd
