#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "connectors/reading/pages/document.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"
#include "daemon/config/codes.hpp"
#include "daemon/config/forms.hpp"
#include "daemon/config/read.hpp"

namespace campaignd {

namespace {

constexpr std::chrono::milliseconds slowest_every = std::chrono::days(30);
constexpr std::size_t most_tags = 4;

void read_selectors(Table& table, ListSelectors& selectors) {
  for (auto [key, selector] :
       {std::pair("list", &selectors.list), std::pair("item", &selectors.item), std::pair("link", &selectors.link),
        std::pair("title", &selectors.title), std::pair("date", &selectors.date)}) {
    *selector = table.text(key);
    if (selector->empty()) continue;
    if (auto readable = check_selector(*selector); !readable) table.complain_at(key, readable.error().message);
  }
}

/// How each key of a source is read; which of them a source has, its connector's contract says.
struct Key {
  std::string_view name;
  void (*read)(Table& table, Source& source, const FetchSettings& fetch);
};
void read_host(Table& table, Source& source, const FetchSettings& fetch);
void read_tags(Table& table, Source& source, const FetchSettings& fetch);
void read_url(Table& table, Source& source, const FetchSettings& fetch);
void read_language(Table& table, Source& source, const FetchSettings& fetch);
void read_query(Table& table, Source& source, const FetchSettings& fetch);
void read_pages(Table& table, Source& source, const FetchSettings& fetch);
void read_selector(Table& table, Source& source, const FetchSettings& fetch);
void read_engine(Table& table, Source& source, const FetchSettings& fetch);
void read_credential(Table& table, Source& source, const FetchSettings& fetch);
void read_money(Table& table, Source& source, const FetchSettings& fetch);
constexpr std::array all_keys{Key{"host", read_host},
                              Key{"tags", read_tags},
                              Key{"query", read_query},
                              Key{"url", read_url},
                              Key{"language", read_language},
                              Key{"engine", read_engine},
                              Key{"credential", read_credential},
                              Key{"spend_monthly", read_money},
                              Key{"backfill_pages", read_pages},
                              Key{"list", read_selector},
                              Key{"item", nullptr},
                              Key{"link", nullptr},
                              Key{"title", nullptr},
                              Key{"date", nullptr}};

const SourceKey* key_of(const Contract& contract, std::string_view name) {
  auto found = std::ranges::find(contract.keys, name, &SourceKey::name);
  return found == contract.keys.end() ? nullptr : &*found;
}

/// Takes a key its connector does not know, and says whose it is, where it is one connector's.
void take_foreign_key(Table& table, const Contract& contract, std::string_view key) {
  if (!table.has(key)) return;
  std::vector<std::string_view> owners;
  for (const auto& platform : platforms())
    if (key_of(platform.contract, key) != nullptr) owners.push_back(platform.name);
  auto whose = owners.size() == 1 ? fmt::format("belongs to connector = \"{}\"", owners.front())
                                  : fmt::format("is no key of connector = \"{}\"", contract.name);
  table.complain_at(key, fmt::format("'{}' {}: take it out, or change the connector", key, whose));
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
  bool there = table.has("connector");
  name = table.text("connector");
  const auto* platform = find_platform(name);
  if (platform != nullptr) return platform;
  table.has("every");
  table.has("control");
  for (const auto& key : all_keys) table.has(key.name);
  std::string names;
  for (const auto& each : platforms())
    names += fmt::format("{}{}", names.empty() ? "" : &each == &platforms().back() ? " and " : ", ", each.name);
  table.complain_at("connector", there ? fmt::format("there is no connector '{}': there are {}{}", name, names,
                                                     did_you_mean(connector_meant(name)))
                                       : fmt::format("connector is missing: there are {}", names));
  return nullptr;
}

void check_port(Table& table, const Place& place, const std::string& address, const FetchSettings& fetch) {
  auto port = port_of(address);
  if (!port || *port == 80 || *port == 443 || std::ranges::find(fetch.ports, *port) != fetch.ports.end()) return;
  table.complain(place, fmt::format("port {0} is not allowed: write ports = [{0}] under [fetch] to allow it", *port));
}

void read_url(Table& table, Source& source, const FetchSettings& fetch) {
  source.settings.url = table.text("url");
  source.host = host_of(source.settings.url);
  if (source.settings.url.empty())
    table.complain_at("url", table.has("url")
                                 ? "url is empty: write the http(s) address of the feed or page"
                                 : "url is missing: write url = \"…\", the http(s) address of the feed or page");
  else
    check_url(table, table.place_of("url"), source.settings.url, fetch);
}

void read_language(Table& table, Source& source, const FetchSettings&) {
  source.settings.language = table.text("language");
  if (source.settings.language.empty()) return;
  if (auto wrong = language_problem(source.settings.language); !wrong.empty())
    table.complain_at("language", std::move(wrong));
}

void read_query(Table& table, Source& source, const FetchSettings&) {
  source.settings.query = table.text("query");
  if (table.has("query") && source.settings.query.empty())
    table.complain_at("query", "query is empty: write the words to search for");
}

void read_engine(Table& table, Source& source, const FetchSettings&) {
  const auto& engines = find_platform(source.connector)->contract.engines;
  source.settings.engine = table.choice("engine", engines);
}

void read_credential(Table& table, Source& source, const FetchSettings&) {
  source.credential = table.text("credential");
  if (!table.has("credential")) return;
  if (!is_name(source.credential))
    table.complain_at("credential",
                      "credential is the name of a file beside the configuration, in the folder credentials: letters, "
                      "digits, - and _ only");
}

/// Money is written in dollars and kept in cents.
void read_money(Table& table, Source& source, const FetchSettings&) {
  constexpr double most = 10'000;
  auto dollars = table.number("spend_monthly");
  if (!dollars) return;
  if (*dollars < 0 || *dollars > most)
    return table.complain_at("spend_monthly", "spend_monthly is an amount in US dollars, from 0 to 10000");
  source.settings.spend_monthly = static_cast<int>(std::lround(*dollars * 100));
}

void read_pages(Table& table, Source& source, const FetchSettings&) {
  auto pages = table.whole("backfill_pages", 1, 10'000);
  if (pages) source.settings.backfill_pages = static_cast<int>(*pages);
}

void read_selector(Table& table, Source& source, const FetchSettings&) {
  read_selectors(table, source.settings.selectors);
}

void read_tags(Table& table, Source& source, const FetchSettings&) {
  auto& tags = source.settings.tags;
  for (auto& [tag, place] : table.placed_texts("tags")) {
    if (auto wrong = hashtag_problem(tag); !wrong.empty()) table.complain(place, std::move(wrong));
    tags.push_back(tag.starts_with('#') ? tag.substr(1) : tag);
  }
  if (tags.size() > most_tags) table.complain_at("tags", "at most 4 tags: servers heed no more in one request");
  if (tags.empty() && table.has("tags"))
    table.complain_at("tags", "tags is empty: write the hashtags to ask for, or leave it out for the campaign's own");
}

void read_host(Table& table, Source& source, const FetchSettings& fetch) {
  source.host = source.settings.host = fold(table.text("host"));
  constexpr auto such = "a server such as mastodon.social";
  if (source.host.empty()) {
    bool required = key_of(find_platform(source.connector)->contract, "host")->required;
    if (table.has("host"))
      table.complain_at("host", fmt::format("host is empty: write {}", such));
    else if (required)
      table.complain_at("host", fmt::format("host is missing: write host = \"…\", {}", such));
  } else if (!is_host(source.host)) {
    table.complain_at("host", fmt::format("'{}' is no host: write {}, without https://{}", source.host, such,
                                          did_you_mean(host_of(source.host))));
  } else {
    check_port(table, table.place_of("host"), source.host, fetch);
  }
}

/// The campaign's tags, in the order of its terms: hashtags first, then their variants; where there is room, those it
/// is compared with.
std::vector<std::string> tags_of(const Campaign& campaign) {
  std::vector<std::string> out;
  for (auto match_class : {MatchClass::hashtag, MatchClass::variant, MatchClass::comparison})
    for (const auto& term : campaign.terms)
      if (term.match_class == match_class && out.size() < most_tags)
        out.push_back(term.text.starts_with('#') ? term.text.substr(1) : term.text);
  return out;
}

/// What the contract names, and nothing else.
void read_keys(Table& table, const Campaign& campaign, const FetchSettings& fetch, const Contract& contract,
               Source& source) {
  for (const auto& key : all_keys) {
    const auto* own = key_of(contract, key.name);
    if (own == nullptr)
      take_foreign_key(table, contract, key.name);
    else if (key.read != nullptr)
      key.read(table, source, fetch);
  }
  auto& settings = source.settings;
  for (const auto& term : campaign.terms) settings.words.push_back(term.text);
  if (key_of(contract, "tags") != nullptr && !table.has("tags") && settings.query.empty())
    settings.tags = tags_of(campaign);
  const auto* tags = key_of(contract, "tags");
  if (tags != nullptr && settings.tags.empty() && settings.query.empty() && !table.has("tags"))
    table.complain_at("tags",
                      "tags is missing: write the hashtags to ask for, as the campaign has no term of class "
                      "hashtag");
  const auto* query = key_of(contract, "query");
  if (query != nullptr && query->required && !table.has("query"))
    table.complain_at("query", "query is missing: write query = \"…\", the words to search for");
  if (source.host.empty()) source.host = contract.home.empty() ? std::string(contract.name) : contract.home;
}

/// A tag that others keep busy, and the campaign does not ask for: its silence would say nothing.
void read_control(Table& table, const Contract& contract, Source& source) {
  if (!table.has("control")) return;
  auto tag = table.text("control");
  if (key_of(contract, "tags") == nullptr || source.settings.tags.empty())
    return table.complain_at("control",
                             "control is a busy hashtag, asked for beside the source's own: this source asks "
                             "for no hashtag, so take it out");
  if (contract.access != Access::open)
    return table.complain_at("control",
                             fmt::format("control asks for a page more every hour, and what {} lets a key ask is paid "
                                         "or limited: take it out",
                                         contract.name));
  if (source.settings.engine == "jetstream")
    return table.complain_at("control",
                             "control is for a source that asks for hashtags: a stream shows everybody's "
                             "posts, so take it out");
  if (auto wrong = hashtag_problem(tag); !wrong.empty()) return table.complain_at("control", std::move(wrong));
  source.control = tag.starts_with('#') ? tag.substr(1) : tag;
  auto is_own = [&](const auto& own) { return fold(own) == fold(source.control); };
  if (std::ranges::any_of(source.settings.tags, is_own))
    table.complain_at("control",
                      "control is one of the source's own tags: write a busy tag of others, such as \"news\"");
}

/// The id of the partner somebody meant, by its id or its name.
std::string partner_meant(const Campaign& campaign, const std::string& word) {
  std::vector<std::string> ids;
  for (const auto& partner : campaign.partners) {
    if (fold(partner.name) == fold(word) || std::ranges::find(partner.aliases, word) != partner.aliases.end())
      return partner.id;
    ids.push_back(partner.id);
  }
  return nearest(word, ids);
}

std::string read_owner(Table& table, const Campaign& campaign, bool whole) {
  auto partner = table.text("partner");
  if (whole && !partner.empty() && campaign.partner_named(partner) == nullptr)
    table.complain_at("partner", fmt::format("there is no partner '{}': write the id of a [[partner]]{}", partner,
                                             did_you_mean(partner_meant(campaign, partner))));
  return partner;
}

void read_source(Table& table, Campaign& campaign, const FetchSettings& fetch, std::string partner) {
  Source source;
  source.id = table.required("id", "a short name such as \"mastodon.social\"");
  source.partner = std::move(partner);
  const auto* platform = read_connector(table, source.connector);
  if (platform == nullptr) return;
  if (!source.partner.empty() && key_of(platform->contract, "url") == nullptr)
    table.complain_at("partner",
                      fmt::format("partner is for a feed or page of the organisation's own: a {} source shows "
                                  "anybody's posts; write its accounts under [[partner]]",
                                  platform->name));
  source.every = table.duration("every").value_or(platform->contract.every);
  if (source.every > slowest_every) table.complain_at("every", "every is 30 days at most: write \"30d\" or less");
  read_keys(table, campaign, fetch, platform->contract, source);
  read_control(table, platform->contract, source);
  campaign.sources.push_back(std::move(source));
}

}  // namespace

void check_url(Table& table, const Place& place, const std::string& url, const FetchSettings& fetch) {
  if (auto wrong = url_problem(url); !wrong.empty()) return table.complain(place, std::move(wrong));
  check_port(table, place, url, fetch);
}

std::vector<std::string> unasked_tags(const Campaign& campaign) {
  std::vector<std::string> out;
  for (const auto& term : campaign.terms) {
    if (!is_tag(term.match_class)) continue;
    auto asks = [&](const Source& source) {
      return std::ranges::any_of(source.settings.tags, [&](const auto& tag) { return fold(tag) == fold(term.text); });
    };
    bool any = std::ranges::any_of(campaign.sources, [](const Source& each) { return !each.settings.tags.empty(); });
    if (any && std::ranges::none_of(campaign.sources, asks))
      out.push_back(
          fmt::format("no source asks for the tag '{}' of term '{}': it counts only where it is met beside "
                      "another tag; write it into the tags of a source",
                      term.text, term.id));
  }
  return out;
}

void read_sources(Table& root, Campaign& campaign, const FetchSettings& fetch, bool whole) {
  root.tables("source", [&](Table& table) {
    auto partner = read_owner(table, campaign, whole);
    read_source(table, campaign, fetch, std::move(partner));
  });
}

}  // namespace campaignd
