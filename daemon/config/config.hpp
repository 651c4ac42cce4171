#pragma once
/// The configuration: campaignd.toml and the campaign file it names, read whole, every problem at once.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/reading/match.hpp"
#include "daemon/config/layers.hpp"
#include "daemon/config/outlets.hpp"

namespace campaignd {

/// From one local midnight to the next (M-00).
struct Day {
  sys_ms from, until;
};

/// One year of the campaign. Days are local to the campaign's zone; instants are half-open (M-00).
struct Edition {
  std::string id;
  std::string day;             ///< "2027-06-20"
  sys_ms from, until;          ///< the edition
  sys_ms day_from, day_until;  ///< the campaign day
  std::vector<Day> peaks;      ///< other days that will be as busy, in order: requests are kept for them
  sys_ms baseline_from;        ///< partners' own posts are kept from here, to compare with their usual
  sys_ms preliminary_at;       ///< its figures are preliminary from here on: the day is over, they still rise
  sys_ms final_at;             ///< as of here they are final, and are sealed
  /// How long private posts and the key of their pseudonyms are kept once it is over and final.
  std::chrono::milliseconds retention = std::chrono::days(90);
  bool is_busy(sys_ms time) const;  ///< the campaign day, or a peak
  sys_ms closed_at() const { return std::max(until, final_at); }
  sys_ms forget_at() const { return closed_at() + retention; }
};

/// The campaign day of an edition in another zone: each country has its own 20 June (M-00).
Day day_in(const std::string& zone, const Edition& edition);

/// A registered organisation.
struct Partner {
  std::string id, name, country, type, role;
  std::string zone = "Europe/Warsaw";  ///< of its local day
  std::vector<std::string> aliases;    ///< how others write its name
  std::vector<std::string> accounts;   ///< "mastodon:user@host", lower case
  std::vector<std::string> sites;      ///< addresses read for news
  std::vector<std::string> outlets;    ///< "isp.org.pl", "gov.pl/web/mswia": what stands there is theirs
};

struct Source {
  std::string id, connector;
  std::string host;        ///< where it is asked: of the platform's server, or of the feed's URL
  std::string partner;     ///< whose channel it is; empty: anybody's posts
  std::string credential;  ///< the name of its secret's file; empty: it has none
  SourceSettings settings;
  std::chrono::milliseconds every{};  ///< fastest interval; the connector's own where the configuration is silent
  std::string control{};  ///< a busy tag, without '#': where that is silent too, the source is blind; empty: none
};

/// A source that is not asked, and why.
struct OffSource {
  Source source;
  std::string why;
};

struct Campaign {
  std::string id, name, zone = "Europe/Warsaw";
  std::vector<std::string> outlets_owned;  ///< the campaign's own sites: what stands there is owned, by no one partner
  std::vector<Edition> editions;           ///< in order of time, never overlapping
  std::vector<Term> terms;
  std::vector<Partner> partners;
  std::vector<Source> sources;
  std::vector<OffSource> off;  ///< those that need a credential nobody gave
  Outlets outlets;

  /// The edition an instant lies in.
  const Edition* edition_at(sys_ms time) const;
  /// The edition a partner's post belongs to: the one it lies in, else the one whose baseline it lies in.
  const Edition* edition_or_baseline_at(sys_ms time) const;
  const Edition* edition_named(std::string_view id) const;
  /// The edition to show at `now`: the running one, else the next, else the last.
  const Edition* edition_to_show(sys_ms now) const;
  const Partner* partner_named(std::string_view id) const;
  /// The least that any source of a connector may spend in a month: what holds for those that do not say.
  std::optional<int> least_spend(std::string_view connector) const;
};

enum class Profile : std::uint8_t { standard, strict };
std::string_view name_of(Profile profile);

struct FetchSettings {
  std::string contact;                  ///< in the User-Agent: whom to ask about our requests
  std::vector<std::string> allow;       ///< CIDRs the address guard lets through
  std::vector<int> ports;               ///< allowed besides 80 and 443
  std::vector<std::string> connect_to;  ///< "host:443=127.0.0.1:9001": the test world
  std::string ca_file;
};

/// A clock of its own for the test world: it starts at `start` and runs `rate` times as fast.
struct ClockSettings {
  sys_ms start;
  double rate = 1.0;
};

struct Config {
  std::filesystem::path file;
  std::vector<std::filesystem::path> files;  ///< all that were read, in order
  Problems warnings;                         ///< what works, and may not be what was meant
  Written written;                           ///< what was set, for telling what a reload changes
  std::string address = "127.0.0.1";
  int port = 8620;
  std::string public_url;  ///< where a proxy shows the page; its host is accepted in Host
  FetchSettings fetch;
  std::optional<ClockSettings> clock;
  Profile profile = Profile::standard;
  Campaign campaign;
};

std::variant<Config, Problems> load_config(const std::filesystem::path& file);

/// The local days of a zone that begin in [from, until).
std::vector<Day> days_in(const std::string& zone, sys_ms from, sys_ms until);

/// A local date of a zone as the instant its day begins, or so many hours on the clock later; nothing when the date or
/// the zone does not exist.
std::optional<sys_ms> day_start(const std::string& zone, int year, unsigned month, unsigned day,
                                std::chrono::hours later = std::chrono::hours(0));

}  // namespace campaignd
