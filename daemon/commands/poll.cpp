#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/json.hpp>
#include <cstdio>

#include "connectors/reading/json_out.hpp"
#include "daemon/collect/collector.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/fetch/client.hpp"
#include "daemon/fetch/clock.hpp"
#include "daemon/run/state_directory.hpp"

namespace campaignd::commands {

namespace {

/// The first page that has items, or the last one; or why there is none.
asio::awaitable<Result<Page>> first_page(std::unique_ptr<Job> job, Http& http, Clock& clock) {
  for (;;) {
    auto request = job->ask(clock.now());
    auto answer = co_await http.fetch(std::move(request));
    if (!answer) co_return answer.error();
    auto page = job->read(*answer);
    if (!page || !page->more || !page->found.empty()) co_return page;
  }
}

struct World {
  explicit World(const Config& config) : clock(config.clock), http(loop, clock, config.fetch) {}
  asio::io_context loop{1};
  fetch::WorldClock clock;
  fetch::Client http;

  template <class Value>
  Value await(asio::awaitable<Value> task) {
    std::exception_ptr failed;
    std::optional<Value> value;
    auto done = [&](std::exception_ptr error, Value result) {
      failed = error;
      if (!error) value.emplace(std::move(result));
      loop.stop();
    };
    asio::co_spawn(loop, std::move(task), done);
    loop.restart();
    loop.run();
    if (failed) std::rethrow_exception(failed);
    return std::move(*value);
  }
};

const Source* source_named(const Config& config, const std::string& id) {
  auto found = std::ranges::find(config.campaign.sources, id, &Source::id);
  return found == config.campaign.sources.end() ? nullptr : &*found;
}

Result<Page> ask(World& world, const Config& config, const Source& source) {
  auto settings = source.settings;
  settings.floor = config.campaign.edition_to_show(world.clock.now())->from;
  auto connector = find_platform(source.connector)->make(settings);
  return world.await(first_page(connector->discover({}), world.http, world.clock));
}

asio::awaitable<int> store_poll(collect::Collector& collector, std::string source) {
  co_await collector.poll_now(std::move(source));
  co_return 0;
}

int keep(const Common& common, const Config& config, const Source& source) {
  run::prepare_state(common.state);
  auto file = run::database_file(common.state);
  World world(config);
  auto keys = collect::Keys::open(common.state, run::edition_ids(config), store::check_file(file));
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
  fmt::print("{}: {}, {} items, {} matched, {} new, {} requests\n", source.id, row.text(0), row.integer(1),
             row.integer(2), row.integer(3), row.integer(4));
  return row.text(0) == "ok" ? ok : unavailable;
}

}  // namespace

int poll(const Common& common, const PollOptions& options) {
  auto config = load_or_complain(common);
  if (!config) return config_error;
  const auto* source = source_named(*config, options.source);
  if (source == nullptr) {
    fmt::print(stderr, "campaignd: there is no source '{}' in {}\n", options.source, config->file.string());
    return usage;
  }
  if (options.store) return keep(common, *config, *source);
  World world(*config);
  auto page = ask(world, *config, *source);
  if (!page) {
    fmt::print(stderr, "campaignd: {}: {}: {}\n", source->id, name_of(page.error().code), page.error().message);
    return unavailable;
  }
  if (common.json) {
    fmt::print("{}\n", boost::json::serialize(to_json(*page)));
    return ok;
  }
  Matcher matcher(config->campaign.terms);
  std::int64_t matched = 0;
  for (const auto& finding : page->found) {
    auto match = matcher.judge(finding.post, finding.post.published.value_or(world.clock.now()));
    if (match) ++matched;
    fmt::print(
        "{:8}  {}  {}\n", match ? name_of(match->match_class) : "-",
        finding.post.published ? boost::json::value_to<std::string>(json_or_null(finding.post.published)) : "no date",
        finding.post.url);
  }
  for (const auto& refused : page->refused) fmt::print("refused   {} {}\n", refused.id, refused.why);
  fmt::print("{} items on the first page, {} about the campaign, {} refused; nothing was stored\n", page->found.size(),
             matched, page->refused.size());
  return ok;
}

int check(const Common& common, const CheckOptions& options) {
  auto config = load_or_complain(common);
  if (!config) return config_error;
  const auto& campaign = config->campaign;
  fmt::print("{}: {} editions, {} terms, {} partners, {} sources: no problem found\n", campaign.name,
             campaign.editions.size(), campaign.terms.size(), campaign.partners.size(), campaign.sources.size());
  if (!options.online) return ok;
  World world(*config);
  int failing = 0;
  for (const auto& source : campaign.sources) {
    auto page = ask(world, *config, source);
    if (page)
      fmt::print("{:28} {} items\n", source.id, page->found.size());
    else
      fmt::print("{:28} {}: {}\n", source.id, name_of(page.error().code), page.error().message);
    std::fflush(stdout);
    if (!page) ++failing;
  }
  fmt::print("{} of {} sources answer\n", std::ssize(campaign.sources) - failing, campaign.sources.size());
  return failing == 0 ? ok : unavailable;
}

}  // namespace campaignd::commands
