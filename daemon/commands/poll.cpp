#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>

#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"
#include "daemon/collect/collector.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/commands/world.hpp"
#include "daemon/config/forms.hpp"
#include "daemon/run/state_directory.hpp"

namespace campaignd::commands {

namespace {

/// What one poll shows, and where: of a home page the feed is found elsewhere.
struct Shown {
  Page page;
  std::string begun_at, found_at;
};

/// The first page that has items, or the last one; or why there is none. A feed that is asked again elsewhere is being
/// looked for, which takes its time.
asio::awaitable<Result<Shown>> first_page(std::unique_ptr<Job> job, Http& http, Clock& clock, bool is_feed) {
  Shown shown;
  bool told = false;
  Line line(http);
  for (;;) {
    auto request = job->ask(clock.now());
    if (shown.begun_at.empty()) shown.begun_at = request.url;
    shown.found_at = request.url;
    if (is_feed && !told && shown.found_at != shown.begun_at) {
      fmt::print(stderr, "looking for the feed of {}\n", shown.begun_at);
      told = true;
    }
    auto answer = co_await line.ask(std::move(request));
    if (!answer) co_return answer.error();
    auto page = job->read(*answer);
    if (!page) co_return page.error();
    shown.page = std::move(*page);
    if (line.is_streaming() || !shown.page.more || !shown.page.found.empty()) co_return shown;
  }
}

/// An address nobody configured, read as a feed.
Source source_at(const std::string& url) {
  Source out;
  out.host = out.id = host_of(url);
  if (auto port = port_of(url)) out.id += fmt::format(":{}", *port);
  out.connector = "feed";
  out.settings.url = url;
  return out;
}

int refuse_to_store(const Source& source) {
  auto quoted = [](const std::string& text) { return boost::json::serialize(boost::json::string(text)); };
  fmt::print(
      stderr,
      "campaignd: only a configured source can be stored, as its figures need a name. Add to the campaign file:\n\n"
      "[[source]]\nid = {0}\nconnector = \"feed\"\nurl = {1}\n\nor, where the site has no feed:\n\n"
      "[[source]]\nid = {0}\nconnector = \"page\"\nurl = {1}\n",
      quoted(source.id), quoted(source.settings.url));
  return usage;
}

Result<Shown> ask(World& world, const Config& config, const Source& source) {
  auto settings = source.settings;
  settings.floor = config.campaign.edition_to_show(world.clock.now())->from;
  settings.session = collect::Sessions(config).of(source);
  auto connector = find_platform(source.connector)->make(settings);
  return world.await(first_page(connector->discover({}), world.http, world.clock, source.connector == "feed"));
}

asio::awaitable<int> store_poll(collect::Collector& collector, std::string source) {
  co_await collector.poll_now(std::move(source));
  co_return 0;
}

int keep(const Common& common, const Config& config, const Source& source) {
  run::prepare_state(common.state);
  auto file = run::database_file(common.state);
  if (store::check_file(file)) run::open_store(common.state);  // beside an older daemon it is left as it is
  World world(config);
  auto keys = run::open_keys(common.state, config, world.clock.now());
  collect::StoreThread store(file);
  collect::Health health;
  auto failed = [](std::exception_ptr error) { std::rethrow_exception(error); };
  collect::Collector collector(world.loop, std::make_shared<const Config>(config), world.http, world.clock, store, keys,
                               health, failed);
  world.await(store_poll(collector, source.id));
  store::Database db(file, store::Access::read);
  store::Query row(
      db, "SELECT outcome, found, matched, fresh, requests FROM poll WHERE source = ? ORDER BY id DESC LIMIT 1",
      source.id);
  if (!row.next()) return unavailable;
  fmt::print("{}: {}, {} items, {} about the campaign, {} new, {} requests\n", source.id, row.text(0), row.integer(1),
             row.integer(2), row.integer(3), row.integer(4));
  return row.text(0) == "ok" ? ok : unavailable;
}

void print_feed(const Shown& shown) {
  if (shown.found_at == shown.begun_at)
    fmt::print("feed: {}\n", shown.found_at);
  else
    fmt::print("feed: {}, found on {}\n", shown.found_at, shown.begun_at);
}

/// "2025-06-20 08:00Z" where the item says so itself; a header and prose say a day.
std::string date_of(const Post& post) {
  if (!post.published) return "no date";
  auto utc = format_utc(*post.published);
  if (post.date_basis == DateBasis::stated) return fmt::format("{} {}Z", utc.substr(0, 10), utc.substr(11, 5));
  return fmt::format("{} ({})", utc.substr(0, 10), name_of(post.date_basis));
}

/// The columns of the terminal; nothing where the answer goes into a file.
std::optional<std::size_t> terminal_width() {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return std::nullopt;
  return size.ws_col;
}

/// A stranger's words on one line of at most so many characters.
std::string on_one_line(std::string_view words, std::optional<std::size_t> most = {}) {
  auto line = clean_utf8(words);
  std::ranges::replace_if(
      line, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  if (!most || cut(line, *most) == line) return line;
  return cut(line, *most - 1) + "…";
}

void print_item(const Post& post, const std::optional<Match>& match, std::optional<std::size_t> columns) {
  auto url = on_one_line(post.url);
  auto begin = fmt::format("{:8}  {:22}  {:24}  ", match ? name_of(match->match_class) : "-", date_of(post),
                           on_one_line(post.host.empty() ? host_of(post.url) : post.host));
  std::optional<std::size_t> room;
  if (columns) room = std::max<std::size_t>(30, *columns - std::min(*columns, begin.size() + url.size() + 2));
  fmt::print("{}{}  {}\n", begin, post.title.empty() ? "-" : on_one_line(post.title, room), url);
}

void print_page(const Page& page, const Config& config, sys_ms now) {
  auto columns = terminal_width();
  Matcher matcher(config.campaign.terms);
  std::int64_t matched = 0;
  for (const auto& finding : page.found) {
    auto match = matcher.judge(finding.post, finding.post.published.value_or(now));
    if (match) ++matched;
    print_item(finding.post, match, columns);
  }
  for (const auto& refused : page.refused) fmt::print("refused   {} {}\n", refused.id, refused.why);
  fmt::print("{} items on the first page, {} about the campaign, {} refused; nothing was stored\n", page.found.size(),
             matched, page.refused.size());
}

}  // namespace

int poll(const Common& common, const PollOptions& options) {
  auto config = load_or_complain(common);
  if (!config) return config_error;
  const auto* known = source_named(*config, options.source);
  if (tell_if_off(*config, options.source)) return config_error;
  if (known == nullptr && host_of(options.source).empty()) {
    fmt::print(stderr, "campaignd: there is no source '{}' in {}; an address begins with https://\n", options.source,
               config->file.string());
    return usage;
  }
  const auto source = known != nullptr ? *known : source_at(options.source);
  if (options.store) return known != nullptr ? keep(common, *config, source) : refuse_to_store(source);
  World world(*config);
  auto shown = ask(world, *config, source);
  if (!shown) {
    fmt::print(stderr, "campaignd: {}: {}: {}\n", source.id, name_of(shown.error().code), shown.error().message);
    return unavailable;
  }
  bool is_feed = source.connector == "feed";
  if (common.json) {
    auto out = to_json(shown->page);
    if (is_feed) out["feed"] = shown->found_at;
    if (is_feed) out["found_on"] = json_or_null(shown->found_at == shown->begun_at ? "" : shown->begun_at);
    fmt::print("{}\n", boost::json::serialize(out));
    return ok;
  }
  if (is_feed) print_feed(*shown);
  print_page(shown->page, *config, world.clock.now());
  return ok;
}

namespace {

boost::json::array list_of(const Problems& problems) {
  boost::json::array out;
  for (const auto& each : problems)
    out.push_back({{"file", each.file}, {"line", each.line}, {"column", each.column}, {"message", each.message}});
  return out;
}

std::vector<std::string> names_of(const std::vector<std::filesystem::path>& files) {
  std::vector<std::string> out;
  for (const auto& each : files) out.push_back(each.string());
  return out;
}

/// What `check` has to say, as it goes along for people and at the end for programs.
class Findings {
 public:
  explicit Findings(bool as_json) : as_json_(as_json) {}

  int refuse(const Problems& problems) {
    out_ = {{"ok", false},
            {"files", nullptr},
            {"campaign", nullptr},
            {"problems", list_of(problems)},
            {"warnings", nullptr}};
    if (!as_json_)
      for (const auto& each : problems) fmt::print(stderr, "{}\n", each.text());
    return end(config_error);
  }

  void accept(const Config& config) {
    const auto& campaign = config.campaign;
    auto files = names_of(config.files);
    out_ = {{"ok", true},
            {"files", boost::json::value_from(files)},
            {"campaign",
             {{"id", campaign.id},
              {"name", campaign.name},
              {"editions", campaign.editions.size()},
              {"terms", campaign.terms.size()},
              {"partners", campaign.partners.size()},
              {"sources", campaign.sources.size()}}},
            {"problems", boost::json::array()},
            {"warnings", list_of(config.warnings)}};
    boost::json::array off_sources;
    for (const auto& [source, why] : campaign.off) off_sources.push_back({{"id", source.id}, {"why", why}});
    out_["off"] = std::move(off_sources);
    if (as_json_) return;
    fmt::print("read {}\n", fmt::join(files, ", "));
    for (const auto& each : config.warnings) fmt::print("warning: {}\n", each.text());
    for (const auto& [source, why] : campaign.off)  // what nobody asked for is no warning
      if (!source.partner.empty() && source.credential.empty()) fmt::print("{} is {}\n", source.id, why);
    auto off =
        campaign.off.empty() ? std::string() : fmt::format(" and {} off for want of a credential", campaign.off.size());
    auto counted = [](std::size_t n, std::string_view one) {
      return fmt::format("{} {}{}", n, one, n == 1 ? "" : "s");
    };
    fmt::print("{}: {}, {}, {}, {}{}: no problem found\n", campaign.name, counted(campaign.editions.size(), "edition"),
               counted(campaign.terms.size(), "term"), counted(campaign.partners.size(), "partner"),
               counted(campaign.sources.size(), "source"), off);
  }

  void add(const Source& source, const Result<Shown>& shown) {
    auto problem = shown ? std::string() : fmt::format("{}: {}", name_of(shown.error().code), shown.error().message);
    auto items = shown ? std::optional<std::int64_t>(std::ssize(shown->page.found)) : std::nullopt;
    answers_.push_back({{"id", source.id}, {"items", json_or_null(items)}, {"problem", json_or_null(problem)}});
    if (!shown) ++failing_;
    if (as_json_) return;
    fmt::print("{:28} {}\n", source.id, items ? fmt::format("{} items", *items) : problem);
    std::fflush(stdout);
  }

  int end_online() {
    auto asked = std::ssize(answers_);
    if (!as_json_) fmt::print("{} of {} sources answer\n", asked - failing_, asked);
    out_["ok"] = failing_ == 0;
    out_["sources"] = std::move(answers_);
    return end(failing_ == 0 ? ok : unavailable);
  }

  int end(int code) const {
    if (as_json_) fmt::print("{}\n", boost::json::serialize(out_));
    return code;
  }

 private:
  const bool as_json_;
  boost::json::object out_;
  boost::json::array answers_;
  std::ptrdiff_t failing_ = 0;
};

}  // namespace

int check(const Common& common, const CheckOptions& options) {
  Findings findings(common.json);
  auto loaded = load_config(common.config);
  if (const auto* problems = std::get_if<Problems>(&loaded)) return findings.refuse(*problems);
  const auto& config = std::get<Config>(loaded);
  findings.accept(config);
  if (!options.online) return findings.end(ok);
  World world(config);
  for (const auto& source : config.campaign.sources) findings.add(source, ask(world, config, source));
  return findings.end_online();
}

}  // namespace campaignd::commands
