#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "connectors/reading/url.hpp"
#include "daemon/config/credentials.hpp"
#include "daemon/config/forms.hpp"
#include "daemon/config/read.hpp"

namespace campaignd {

namespace {

void read_fetch(Table& table, FetchSettings& fetch) {
  fetch.contact = table.text("contact");
  if (std::ranges::any_of(fetch.contact, [](unsigned char c) { return c < ' ' || c == 127; }))
    table.complain_at("contact", "contact is one line: an address of a page or a mailbox");
  fetch.ca_file = table.text("ca_file");
  fetch.ports = table.ports("ports");
  for (auto& [cidr, place] : table.placed_texts("allow")) {
    if (!is_cidr(cidr))
      table.complain(place,
                     fmt::format("'{}' is no address range: write one such as 192.168.7.0/24 or fd00::/8", cidr));
    fetch.allow.push_back(cidr);
  }
  std::error_code unknown;
  if (!fetch.ca_file.empty() && !std::filesystem::exists(fetch.ca_file, unknown))
    table.complain_at("ca_file", fmt::format("there is no file '{}'", fetch.ca_file));
  for (auto& [pair, place] : table.placed_texts("connect_to")) {
    if (!is_detour(pair)) table.complain(place, fmt::format("'{}' is not of the form host:443=127.0.0.1:9001", pair));
    fetch.connect_to.push_back(pair);
  }
}

void read_serve(Table& table, Config& config) {
  auto listen = table.text("listen", "127.0.0.1:8620");
  auto colon = listen.rfind(':');
  auto digits = colon == listen.npos ? std::string{} : listen.substr(colon + 1);
  config.port = is_port(digits) ? std::stoi(digits) : -1;
  config.address = listen.substr(0, colon);
  if (config.address.starts_with('[') && config.address.ends_with(']'))
    config.address = config.address.substr(1, config.address.size() - 2);
  bool anybody = table.flag("listen_public_i_know", false);
  if (config.port < 0 || !is_cidr(config.address) || config.address.find('/') != std::string::npos)
    table.complain_at("listen", fmt::format("'{}' is no address and port: write 127.0.0.1:8620 or [::1]:8620", listen));
  else if (!config.address.starts_with("127.") && config.address != "::1" && !anybody)
    table.complain_at(
        "listen", fmt::format("{} would show the page, which asks for no password, to other machines: let a proxy with "
                              "a login do that, or write listen_public_i_know = true",
                              listen));
  config.public_url = table.text("public_url");
  if (config.public_url.empty()) return;
  if (auto wrong = url_problem(config.public_url); !wrong.empty()) table.complain_at("public_url", std::move(wrong));
}

void read_clock(Table& table, Config& config) {
  ClockSettings clock;
  if (!table.has("start")) table.complain_at("start", "start is missing: write start = 2027-06-20T06:00:00Z");
  clock.start = table.instant("start").value_or(sys_ms());
  clock.rate = table.number("rate").value_or(1.0);
  if (!(clock.rate > 0 && clock.rate <= 100'000)) table.complain_at("rate", "rate is a number above 0, up to 100000");
  config.clock = clock;
}

void read_all(Table& root, Config& config, bool whole) {
  constexpr std::array<std::string_view, 2> profiles{"standard", "strict"};
  root.has("include");  // layers.cpp has taken it
  root.table("serve", [&](Table& table) { read_serve(table, config); });
  root.table("fetch", [&](Table& table) { read_fetch(table, config.fetch); });
  root.table("clock", [&](Table& table) { read_clock(table, config); });
  root.table("privacy", [&](Table& table) {
    config.profile = table.choice("profile", profiles) == "strict" ? Profile::strict : Profile::standard;
  });
  // Heeded where figures are made, from the settings in the database (metric_views.cpp).
  root.table("youtube", [](Table& table) { table.flag("derived_metrics_accepted", false); });
  read_campaign(root, config.campaign);
  read_partners(root, config.campaign, config.fetch);
  read_sources(root, config.campaign, config.fetch, whole);
  read_outlets(root, config.campaign.outlets);
  watch_partners(config.campaign);
  share_purses(config.campaign);
}

/// Not there, or all of it taken away.
bool has_none(Table& root, const Setting& document, std::string_view key) {
  if (!root.has(key)) return true;
  const auto* list = document.map()->at(std::string(key)).list();
  return list != nullptr && list->empty();
}

void tell_what_is_missing(Table& root, const Setting& document) {
  if (!root.has("campaign"))
    root.complain_at(
        "campaign",
        "[campaign] is missing: write it with id, name and zone, or name the file that has it, as in include "
        "= [\"allinforintegration.toml\"]");
  if (has_none(root, document, "edition"))
    root.complain(document.place, "there is no [[edition]]: write one with id, day, from and until");
  if (has_none(root, document, "term"))
    root.complain(document.place, "there is no [[term]]: write one with id, class and text, what is to be looked for");
}

}  // namespace

std::variant<Config, Problems> load_config(const std::filesystem::path& file) {
  Problems problems;
  Config config;
  config.file = file;
  auto layers = read_layers(file, problems);
  {
    Table root(layers.document, problems);
    read_all(root, config, layers.whole);
    if (layers.whole) tell_what_is_missing(root, layers.document);
  }
  config.written = written_of(layers.document);
  std::ranges::stable_sort(problems, {}, [](const Problem& p) { return std::tuple(p.file, p.line, p.column); });
  if (!problems.empty()) return problems;
  config.files = layers.files;
  for (const auto& each : layers.ignored)
    config.warnings.push_back({each.string(), 0, 0, "is not read: only names that end with .toml are"});
  if (config.fetch.contact.empty())
    config.warnings.push_back({file.string(), 0, 0,
                               "[fetch] contact is not set: the operators of the servers that are asked cannot tell "
                               "whom to write to"});
  std::vector<std::string> troubles;
  give_credentials(config.campaign, Credentials(file), troubles);
  for (auto& each : troubles) config.warnings.push_back({file.string(), 0, 0, each});
  // That one is there now is a change like any other; what it says is nobody's business.
  for (const auto& source : config.campaign.sources)
    if (!source.credential.empty())
      config.written["source " + source.id]["credential"] = "\"" + source.credential + "\"";
  for (auto& each : unasked_tags(config.campaign)) config.warnings.push_back({file.string(), 0, 0, each});
  return config;
}

}  // namespace campaignd
