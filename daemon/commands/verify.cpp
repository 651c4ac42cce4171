#include "daemon/report/verify.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "daemon/collect/keys.hpp"
#include "daemon/commands/commands.hpp"

namespace campaignd::commands {

int verify(const Common& common, const VerifyOptions& options) {
  std::ifstream in(options.file, std::ios::binary);
  if (!in) {
    fmt::print(stderr, "campaignd: {} cannot be read\n", options.file);
    return unavailable;
  }
  auto read = report::read_seal(std::string(std::istreambuf_iterator<char>(in), {}));
  if (const auto* wrong = std::get_if<std::string>(&read)) {
    fmt::print(stderr, "campaignd: {}: {}\n", options.file, *wrong);
    return data;
  }
  const auto& sealed = std::get<report::Sealed>(read);
  auto config = load_or_complain(common);
  if (!config) return config_error;
  const auto* edition = config->campaign.edition_named(sealed.edition);
  if (edition == nullptr || config->campaign.id != sealed.campaign) {
    fmt::print(stderr, "campaignd: the configuration has no edition {} of a campaign {}\n", sealed.edition,
               sealed.campaign);
    return data;
  }
  auto db = open_or_complain(common);
  if (!db) return unavailable;
  auto keyed = [mac = collect::Keys::open(common.state, {}, true).sealing()](std::string_view text) {
    return mac.of(text);
  };
  store::Snapshot snapshot(*db);
  auto found = report::verify(*db, *config, *edition, sealed, keyed);
  fmt::print("{}", common.json ? report::to_json_text(found) + "\n" : report::to_text(found));
  return found.differs() ? data : ok;
}

}  // namespace campaignd::commands
