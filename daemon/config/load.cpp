#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <sstream>

#include "connectors/reading/pages/document.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"
#include "daemon/config/forms.hpp"
#include "daemon/config/table.hpp"

namespace campaignd {

namespace {

std::optional<sys_ms> read_day(Table& table, std::string_view key, const std::string& zone,
                               std::string* written = nullptr) {
  const auto* node = table.get(key);
  if (node == nullptr) return std::nullopt;
  auto date = node->value<toml::date>();
  auto start = date ? day_start(zone, date->year, date->month, date->day) : std::nullopt;
  if (!start) {
    table.complain(*node, fmt::format("{} is a date: write 2027-06-20, without quotes", key));
    return std::nullopt;
  }
  if (written != nullptr) *written = fmt::format("{:04}-{:02}-{:02}", date->year, date->month, date->day);
  return start;
}

std::optional<std::chrono::milliseconds> read_duration(Table& table, std::string_view key) {
  auto text = table.text(key);
  if (text.empty()) return std::nullopt;
  auto duration = duration_of(text);
  if (!duration)
    table.complain_at(
        key, fmt::format("{} = \"{}\" is no duration from a second to 30 days: write \"30s\", \"5min\" or \"2h\"", key,
                         text));
  return duration;
}

/// Where each id of a kind stands first: a second one is told of it.
using Lines = std::map<std::string, unsigned>;

void note_id(Table& table, std::string_view kind, const std::string& id, Lines& seen) {
  const auto* node = table.get("id");
  if (node == nullptr) return;
  auto [first, is_new] = seen.emplace(id, node->source().begin.line);
  if (!is_new)
    table.complain_at("id", fmt::format("{} '{}' is there twice: first in line {}", kind, id, first->second));
}

void read_edition(Table& table, Campaign& campaign, Lines& seen) {
  Edition edition;
  edition.id = table.required("id", "a short name such as \"2027\"");
  if (!is_name(edition.id))
    table.complain_at("id", "an edition's id is letters, digits, '-' and '_' only: it names files");
  note_id(table, "edition", edition.id, seen);
  auto day = read_day(table, "day", campaign.zone, &edition.day);
  auto from = read_day(table, "from", campaign.zone);
  auto until = read_day(table, "until", campaign.zone);
  if (!day || !from || !until) {
    for (std::string_view key : {"day", "from", "until"})
      if (table.get(key) == nullptr)
        table.complain_at(key, fmt::format("{} is missing: a date such as 2027-06-20", key));
    return;
  }
  edition.from = *from;
  edition.until = *until;
  edition.day_from = *day;
  int year = 0;
  unsigned month = 0, date = 0;
  std::sscanf(edition.day.c_str(), "%d-%u-%u", &year, &month, &date);
  // The next local midnight, never 24 hours later: days have 23 or 25 hours at DST changes.
  auto next = std::chrono::sys_days(std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(date)) +
              std::chrono::days(1);
  std::chrono::year_month_day next_day(next);
  edition.day_until =
      *day_start(campaign.zone, int(next_day.year()), unsigned(next_day.month()), unsigned(next_day.day()));
  if (*until <= *from) table.complain_at("until", "until lies before from: an edition ends after it begins");
  if (*day < *from || edition.day_until > *until) table.complain_at("day", "the campaign day lies outside the edition");
  for (const auto& other : campaign.editions) {
    if (edition.from < other.until && other.from < edition.until)
      table.complain_at("from", fmt::format("edition '{}' overlaps edition '{}'", edition.id, other.id));
  }
  campaign.editions.push_back(std::move(edition));
}

void read_term(Table& table, Campaign& campaign, Lines& seen) {
  Term term;
  term.id = table.required("id", "a short name such as \"tag\"");
  auto name = table.required("class", "one of hashtag, plain, phrase, link");
  auto match_class = match_class_named(name);
  if (!name.empty() && (!match_class || *match_class == MatchClass::owned))
    table.complain_at("class", fmt::format("class '{}' is none of hashtag, plain, phrase, link", name));
  term.match_class = match_class.value_or(MatchClass::hashtag);
  term.text = table.required("text", "what to look for");
  term.all = table.texts("all");
  term.any = table.texts("any");
  term.none = table.texts("none");
  term.from = read_day(table, "from", campaign.zone);
  term.until = read_day(table, "until", campaign.zone);
  auto body = fold(term.text);
  if (term.match_class == MatchClass::hashtag && !body.empty() && hashtags_in("#" + body) != std::vector{body} &&
      hashtags_in(body).empty())
    table.complain_at("text", fmt::format("'{}' cannot be a hashtag: letters, digits and '_' only", term.text));
  note_id(table, "term", term.id, seen);
  campaign.terms.push_back(std::move(term));
}

void read_partner(Table& table, Campaign& campaign, Lines& seen) {
  Partner partner;
  partner.id = table.required("id", "a short name such as \"ipa\"");
  partner.name = table.required("name", "the organisation's name");
  partner.country = table.text("country");
  partner.type = table.text("type");
  partner.accounts = table.texts("accounts");
  partner.domains = table.texts("domains");
  if (!partner.country.empty() && (partner.country.size() != 2 || fold(partner.country) == partner.country))
    table.complain_at("country", "country is a two-letter code in capitals: PL, GR, SE; leave it out for none");
  for (auto& account : partner.accounts) {
    auto colon = account.find(':');
    if (colon == account.npos || find_platform(account.substr(0, colon)) == nullptr ||
        account.find('@', colon) == account.npos)
      table.complain_at("accounts", fmt::format("account '{}' is not of the form mastodon:user@host", account));
    account = fold(account);
  }
  for (auto& domain : partner.domains) domain = fold(domain);
  note_id(table, "partner", partner.id, seen);
  campaign.partners.push_back(std::move(partner));
}

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
      if (!key.empty() && table.get(key) != nullptr && connector && connectors.find(*connector) == connectors.npos)
        table.complain_at(key, fmt::format("'{}' belongs to connector = \"{}\"", key, connectors));
}

/// The connector somebody meant: by another word for it, or two letters away at most.
std::string_view connector_meant(const std::string& word) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> others{
      {{"feed", " rss atom rdf "}, {"page", " html web website site "}, {"mastodon", " fediverse pleroma "}}};
  for (const auto& [meant, words] : others)
    if (words.find(" " + fold(word) + " ") != words.npos) return meant;
  std::string_view best;
  for (const auto& platform : platforms())
    if (distance(platform.name, word) <= 2 && (best.empty() || distance(platform.name, word) < distance(best, word)))
      best = platform.name;
  return best;
}

/// The source's connector. Without one nothing else of the source can be judged, so all its keys pass.
const Platform* read_connector(Table& table, std::string& name) {
  name = table.text("connector");
  const auto* platform = find_platform(name);
  if (platform != nullptr) return platform;
  table.get("every");
  take_foreign_keys(table, std::nullopt);
  const auto* node = table.get("connector");
  if (node != nullptr && !node->is_string()) return nullptr;
  std::string names;
  for (const auto& each : platforms())
    names += fmt::format("{}{}", names.empty() ? "" : &each == &platforms().back() ? " and " : ", ", each.name);
  auto meant = connector_meant(name);
  auto message = name.empty() ? fmt::format("connector is missing: there are {}", names)
                              : fmt::format("there is no connector '{}': there are {}", name, names);
  if (!meant.empty()) message += fmt::format("; did you mean '{}'?", meant);
  table.complain_at("connector", std::move(message));
  return nullptr;
}

void check_port(Table& table, std::string_view key, const std::string& address, const FetchSettings& fetch) {
  auto port = port_of(address);
  if (!port || *port == 80 || *port == 443 || std::ranges::find(fetch.ports, *port) != fetch.ports.end()) return;
  table.complain_at(key, fmt::format("port {0} is not asked: write ports = [{0}] under [fetch] to allow it", *port));
}

void check_url(Table& table, const std::string& url, const FetchSettings& fetch) {
  if (url.empty()) return table.complain_at("url", "url is missing: the http(s) address of the feed or page");
  if (!host_of(url).empty()) return check_port(table, "url", url, fetch);
  bool bare = url.find("://") == url.npos && !host_of("https://" + url).empty();
  table.complain_at("url", bare ? fmt::format("'{0}' is no address: write https://{0}", url)
                                : fmt::format("'{}' is no http(s) address", url));
}

void read_address(Table& table, Source& source, const FetchSettings& fetch) {
  auto& settings = source.settings;
  settings.url = table.text("url");
  settings.language = table.text("language");
  source.host = host_of(settings.url);
  check_url(table, settings.url, fetch);
  if (!settings.language.empty() && !is_language(settings.language))
    table.complain_at("language",
                      fmt::format("'{}' is no language tag: write one such as pl or pt-BR", settings.language));
  if (source.connector == "page") read_selectors(table, settings.selectors);
}

void read_server(Table& table, Source& source, const FetchSettings& fetch) {
  auto& settings = source.settings;
  source.host = settings.host = fold(table.text("host"));
  settings.tags = table.texts("tags");
  if (const auto* pages = table.get("backfill_pages")) {
    auto number = pages->value_exact<std::int64_t>().value_or(0);
    if (number < 1 || number > 10'000) table.complain(*pages, "backfill_pages is a whole number from 1 to 10000");
    settings.backfill_pages = static_cast<int>(std::clamp<std::int64_t>(number, 1, 10'000));
  }
  if (!is_host(source.host))
    table.complain_at("host", "host is the name of the server to ask, such as mastodon.social, without https://");
  else
    check_port(table, "host", source.host, fetch);
  for (auto& tag : settings.tags)
    if (tag.starts_with('#')) tag.erase(0, 1);
  if (settings.tags.empty()) table.complain_at("tags", "tags is missing: the hashtags to ask for");
  if (settings.tags.size() > 4) table.complain_at("tags", "at most 4 tags: servers heed no more in one request");
}

void read_source(Table& table, Campaign& campaign, const FetchSettings& fetch, Lines& seen) {
  Source source;
  source.id = table.required("id", "a short name such as \"mastodon.social\"");
  note_id(table, "source", source.id, seen);
  const auto* platform = read_connector(table, source.connector);
  if (platform == nullptr) return;
  source.every = read_duration(table, "every").value_or(platform->contract.every);
  if (source.connector == "feed" || source.connector == "page")
    read_address(table, source, fetch);
  else
    read_server(table, source, fetch);
  take_foreign_keys(table, source.connector);
  campaign.sources.push_back(std::move(source));
}

void read_campaign(Table& root, Campaign& campaign, const FetchSettings& fetch) {
  root.table("campaign", [&](Table& table) {
    campaign.id = table.required("id", "a short name");
    campaign.name = table.required("name", "the name people know, such as \"#AllInForIntegration\"");
    campaign.zone = table.text("zone", "Europe/Warsaw");
    for (const auto& domain : table.texts("domains")) campaign.domains.push_back(fold(domain));
    if (!day_start(campaign.zone, 2027, 6, 20)) {
      table.complain_at("zone",
                        fmt::format("there is no time zone '{}': write one such as Europe/Warsaw", campaign.zone));
      campaign.zone = "UTC";
    }
  });
  Lines editions, terms, partners, sources;
  root.tables("edition", [&](Table& table) { read_edition(table, campaign, editions); });
  root.tables("term", [&](Table& table) { read_term(table, campaign, terms); });
  root.tables("partner", [&](Table& table) { read_partner(table, campaign, partners); });
  root.tables("source", [&](Table& table) { read_source(table, campaign, fetch, sources); });
  std::ranges::sort(campaign.editions, {}, &Edition::from);
}

void read_fetch(Table& table, FetchSettings& fetch) {
  fetch.contact = table.text("contact", fetch.contact);
  fetch.allow = table.texts("allow");
  fetch.connect_to = table.texts("connect_to");
  fetch.ca_file = table.text("ca_file");
  if (const auto* ports = table.get("ports")) {
    const auto* list = ports->as_array();
    if (list == nullptr) table.complain(*ports, "ports is a list of numbers: write [8443]");
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      auto port = list->get(i)->value_exact<std::int64_t>().value_or(0);
      if (port < 1 || port > 65535) table.complain(*list->get(i), "a port is a number from 1 to 65535");
      fetch.ports.push_back(static_cast<int>(port));
    }
  }
  for (const auto& cidr : fetch.allow)
    if (!is_cidr(cidr))
      table.complain_at("allow", fmt::format("'{}' is no address range: write 192.168.7.0/24 or fd00::/8", cidr));
  if (!fetch.ca_file.empty() && !std::filesystem::exists(fetch.ca_file))
    table.complain_at("ca_file", fmt::format("there is no file '{}'", fetch.ca_file));
  for (const auto& pair : fetch.connect_to)
    if (!is_detour(pair))
      table.complain_at("connect_to", fmt::format("'{}' is not of the form host:443=127.0.0.1:9001", pair));
}

void read_serve(Table& table, Config& config) {
  auto listen = table.text("listen", "127.0.0.1:8620");
  auto colon = listen.rfind(':');
  auto digits = colon == listen.npos ? std::string{} : listen.substr(colon + 1);
  config.port = is_port(digits) ? std::stoi(digits) : -1;
  config.address = listen.substr(0, colon);
  if (config.address.starts_with('[') && config.address.ends_with(']'))
    config.address = config.address.substr(1, config.address.size() - 2);
  bool anybody = false;
  if (const auto* flag = table.get("listen_public_i_know")) anybody = flag->value_or(false);
  if (config.port < 0 || !is_cidr(config.address) || config.address.find('/') != std::string::npos)
    table.complain_at("listen", fmt::format("'{}' is no address and port: write 127.0.0.1:8620 or [::1]:8620", listen));
  else if (!config.address.starts_with("127.") && config.address != "::1" && !anybody)
    table.complain_at(
        "listen", fmt::format("{} would show the page, which asks for no password, to other machines: let a proxy with "
                              "a login do that, or say listen_public_i_know = true",
                              listen));
  config.public_url = table.text("public_url");
  if (!config.public_url.empty() && host_of(config.public_url).empty())
    table.complain_at("public_url", "public_url is the http(s) address under which a proxy shows the page");
}

void read_clock(Table& table, Config& config) {
  ClockSettings clock;
  const auto* start = table.get("start");
  auto when = start != nullptr ? start->value<toml::date_time>() : std::nullopt;
  if (when) {
    auto day = day_start("UTC", when->date.year, when->date.month, when->date.day);
    auto offset = std::chrono::minutes(when->offset ? when->offset->minutes : 0);
    clock.start = *day + std::chrono::hours(when->time.hour) + std::chrono::minutes(when->time.minute) +
                  std::chrono::seconds(when->time.second) - offset;
  } else {
    table.complain_at("start", "start is missing: an instant such as 2027-06-20T06:00:00Z");
  }
  if (const auto* rate = table.get("rate")) clock.rate = rate->value_or(0.0);
  if (clock.rate <= 0) table.complain_at("rate", "rate is a number above 0");
  config.clock = clock;
}

std::optional<toml::table> parse_file(const std::filesystem::path& file, Problems& problems) {
  std::ifstream in(file);
  if (!in) {
    problems.push_back({file.string(), 0, 0, "cannot be read: is the path right, and may this user read it?"});
    return std::nullopt;
  }
  std::stringstream text;
  text << in.rdbuf();
  try {
    return toml::parse(text.str(), file.string());
  } catch (const toml::parse_error& error) {
    problems.push_back({file.string(), error.source().begin.line, error.source().begin.column,
                        fmt::format("no valid TOML: {}", error.description())});
    return std::nullopt;
  }
}

}  // namespace

std::variant<Config, std::vector<Problem>> load_config(const std::filesystem::path& file) {
  Problems problems;
  Config config;
  config.file = file;
  std::string campaign_file, outlets_file;
  if (auto parsed = parse_file(file, problems)) {
    Table root(*parsed, file.string(), problems);
    campaign_file = root.required("campaign", "the file that describes the campaign");
    outlets_file = root.text("outlets");
    root.table("serve", [&](Table& table) { read_serve(table, config); });
    root.table("fetch", [&](Table& table) { read_fetch(table, config.fetch); });
    root.table("clock", [&](Table& table) { read_clock(table, config); });
    root.table("privacy", [&](Table& table) {
      auto name = table.text("profile", "standard");
      if (name != "standard" && name != "strict") table.complain_at("profile", "profile is standard or strict");
      config.profile = name == "strict" ? Profile::strict : Profile::standard;
    });
  }
  if (!campaign_file.empty()) {
    auto path = file.parent_path() / campaign_file;
    if (auto parsed = parse_file(path, problems)) {
      Table root(*parsed, path.string(), problems);
      read_campaign(root, config.campaign, config.fetch);
      if (config.campaign.id.empty() && root.get("campaign") == nullptr)
        root.complain_at("campaign", "[campaign] is missing: its id, name and zone");
      if (config.campaign.editions.empty()) root.complain_at("edition", "no [[edition]]: when does the campaign run?");
      if (config.campaign.terms.empty()) root.complain_at("term", "no [[term]]: what is to be looked for?");
    }
  }
  if (!outlets_file.empty()) {
    auto path = file.parent_path() / outlets_file;
    if (auto parsed = parse_file(path, problems)) {
      Table root(*parsed, path.string(), problems);
      read_outlets(root, config.campaign.outlets);
    }
  }
  std::ranges::stable_sort(problems, {}, [](const Problem& p) { return std::tuple(p.file, p.line, p.column); });
  if (!problems.empty()) return problems;
  return config;
}

}  // namespace campaignd
