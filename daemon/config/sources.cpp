#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "connectors/reading/pages/document.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"
#include "daemon/config/codes.hpp"
#include "daemon/config/forms.hpp"
#include "daemon/config/read.hpp"

namespace campaignd {

namespace {

constexpr std::chrono::milliseconds slowest_every = std::chrono::days(30);

void read_selectors(Table& table, ListSelectors& selectors) {
  for (auto [key, selector] :
       {std::pair("list", &selectors.list), std::pair("item", &selectors.item), std::pair("link", &selectors.link),
        std::pair("title", &selectors.title), std::pair("date", &selectors.date)}) {
    *selector = table.text(key);
    if (selector->empty()) continue;
    if (auto readable = check_selector(*selector); !readable) table.complain_at(key, readable.error().message);
  }
}

/// What only some connectors read.
struct OwnKeys {
  std::string_view connectors;
  std::array<std::string_view, 5> keys;
};
constexpr std::array own_keys{OwnKeys{"mastodon", {"host", "tags", "backfill_pages"}},
                              OwnKeys{"feed\" or \"page", {"url", "language"}},
                              OwnKeys{"page", {"list", "item", "link", "title", "date"}}};

/// Takes the keys of other connectors, and says whose they are; without a connector all are fine.
void take_foreign_keys(Table& table, std::optional<std::string_view> connector) {
  for (const auto& [connectors, keys] : own_keys)
    for (auto key : keys)
      if (!key.empty() && table.has(key) && connector && connectors.find(*connector) == connectors.npos)
        table.complain_at(key, fmt::format("'{}' belongs to connector = \"{}\"", key, connectors));
}

/// The connector somebody meant: by another word for it, or a few letters away.
std::string connector_meant(const std::string& word) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> others{
      {{"feed", " rss atom rdf "}, {"page", " html web website site "}, {"mastodon", " fediverse pleroma "}}};
  for (const auto& [meant, words] : others)
    if (words.find(" " + fold(word) + " ") != words.npos) return std::string(meant);
  std::vector<std::string> names;
  for (const auto& platform : platforms()) names.emplace_back(platform.name);
  return nearest(word, names);
}

/// The source's connector. Without one nothing else of the source can be judged, so all its keys pass.
const Platform* read_connector(Table& table, std::string& name) {
  auto place = table.place_of("connector");
  bool there = table.has("connector");
  name = table.text("connector");
  const auto* platform = find_platform(name);
  if (platform != nullptr) return platform;
  table.has("every");
  take_foreign_keys(table, std::nullopt);
  if (there && name.empty()) return nullptr;
  std::string names;
  for (const auto& each : platforms())
    names += fmt::format("{}{}", names.empty() ? "" : &each == &platforms().back() ? " and " : ", ", each.name);
  auto message = there ? fmt::format("there is no connector '{}': there are {}{}", name, names,
                                     did_you_mean(connector_meant(name)))
                       : fmt::format("connector is missing: there are {}", names);
  table.complain(place, std::move(message));
  return nullptr;
}

void check_port(Table& table, const Place& place, const std::string& address, const FetchSettings& fetch) {
  auto port = port_of(address);
  if (!port || *port == 80 || *port == 443 || std::ranges::find(fetch.ports, *port) != fetch.ports.end()) return;
  table.complain(place, fmt::format("port {0} is not asked: write ports = [{0}] under [fetch] to allow it", *port));
}

void read_address(Table& table, Source& source, const FetchSettings& fetch) {
  auto& settings = source.settings;
  settings.url = table.text("url");
  settings.language = table.text("language");
  source.host = host_of(settings.url);
  if (settings.url.empty())
    table.complain_at("url", "url is missing: the http(s) address of the feed or page");
  else
    check_url(table, table.place_of("url"), settings.url, fetch);
  if (!settings.language.empty())
    if (auto wrong = language_problem(settings.language); !wrong.empty())
      table.complain_at("language", std::move(wrong));
  if (source.connector == "page") read_selectors(table, settings.selectors);
}

void read_server(Table& table, Source& source, const FetchSettings& fetch) {
  auto& settings = source.settings;
  source.host = settings.host = fold(table.text("host"));
  settings.tags = table.texts("tags");
  settings.backfill_pages =
      static_cast<int>(table.whole("backfill_pages", 1, 10'000).value_or(settings.backfill_pages));
  if (!is_host(source.host))
    table.complain_at("host", "host is the name of the server to ask, such as mastodon.social, without https://");
  else
    check_port(table, table.place_of("host"), source.host, fetch);
  for (auto& tag : settings.tags)
    if (tag.starts_with('#')) tag.erase(0, 1);
  if (settings.tags.empty()) table.complain_at("tags", "tags is missing: the hashtags to ask for");
  if (settings.tags.size() > 4) table.complain_at("tags", "at most 4 tags: servers heed no more in one request");
}

void read_owner(Table& table, const Campaign& campaign, Source& source) {
  source.partner = table.text("partner");
  if (source.partner.empty() || campaign.partner_named(source.partner) != nullptr) return;
  std::vector<std::string> ids;
  for (const auto& partner : campaign.partners) ids.push_back(partner.id);
  table.complain_at(
      "partner", fmt::format("there is no partner '{}'{}", source.partner, did_you_mean(nearest(source.partner, ids))));
}

void read_source(Table& table, Campaign& campaign, const FetchSettings& fetch) {
  Source source;
  source.id = table.required("id", "a short name such as \"mastodon.social\"");
  read_owner(table, campaign, source);
  const auto* platform = read_connector(table, source.connector);
  if (platform == nullptr) return;
  source.every = table.duration("every").value_or(platform->contract.every);
  if (source.every > slowest_every) table.complain_at("every", "every is 30 days at most: write \"30d\" or less");
  if (source.connector == "feed" || source.connector == "page")
    read_address(table, source, fetch);
  else
    read_server(table, source, fetch);
  take_foreign_keys(table, source.connector);
  campaign.sources.push_back(std::move(source));
}

}  // namespace

void check_url(Table& table, const Place& place, const std::string& url, const FetchSettings& fetch) {
  if (!host_of(url).empty()) return check_port(table, place, url, fetch);
  bool bare = url.find("://") == url.npos && !host_of("https://" + url).empty();
  table.complain(place, bare ? fmt::format("'{0}' is no address: write https://{0}", url)
                             : fmt::format("'{}' is no http(s) address", url));
}

void read_sources(Table& root, Campaign& campaign, const FetchSettings& fetch) {
  root.tables("source", [&](Table& table) { read_source(table, campaign, fetch); });
}

}  // namespace campaignd
