#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>
#include <fstream>

#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/json_out.hpp"
#include "daemon/collect/sessions.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/commands/scrub.hpp"
#include "daemon/commands/world.hpp"

namespace campaignd::commands {

namespace {

/// One question and its answer, and what was read of it.
struct Exchange {
  Answer answer;  ///< with what was asked; status 0: none came
  Result<Page> page;
};

asio::awaitable<std::vector<Exchange>> listen(std::unique_ptr<Job> job, Http& http, Clock& clock, int most) {
  std::vector<Exchange> out;
  Line line(http);
  for (bool more = true; more && std::ssize(out) < most;) {
    auto request = job->ask(clock.now());
    auto answer = co_await line.ask(request);
    Answer heard{request, 0, {}, {}, clock.now()};
    Result<Page> page = Failure{};
    if (answer) {
      heard = std::move(*answer);
      page = job->read(heard);
    } else {
      page = answer.error();
    }
    more = page && page->more;
    out.push_back({std::move(heard), std::move(page)});
  }
  co_return out;
}

/// The ending a fixture's answer has, by what it is.
std::string_view ending_of(const Answer& answer) {
  auto first = answer.body.find_first_not_of(" \t\r\n");
  if (first == answer.body.npos) return "txt";
  if (answer.body[first] == '{' || answer.body[first] == '[') return "json";
  if (answer.body[first] != '<') return "txt";
  return header(answer.headers, "content-type").find("html") != std::string_view::npos ? "html" : "xml";
}

bool write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (out.good()) return true;
  fmt::print(stderr, "campaignd: {} cannot be written\n", file.string());
  return false;
}

/// "GET https://…", its headers, and what came back with it: for people who compare it with the documentation.
std::string talk_of(const Exchange& exchange, const Scrubber& scrubber) {
  const auto& asked = exchange.answer.asked;
  auto out = fmt::format("{} {}\n", asked.body.empty() ? "GET" : "POST", scrubber.url(asked.url));
  for (const auto& [name, value] : asked.headers) {
    bool is_secret = name == "authorization" || name == "cookie" || name.find("key") != name.npos;
    out += fmt::format("{}: {}\n", name, is_secret ? "SECRET" : scrubber.url(value));
  }
  out += fmt::format("\n{}\n", exchange.answer.status);
  for (const auto& [name, value] : scrubber.headers(exchange.answer.headers))
    out += fmt::format("{}: {}\n", name, value);
  return out;
}

/// One folder an answer: the answer, the talk around it, and the page read of the scrubbed answer.
bool keep(const std::filesystem::path& folder, const Exchange& exchange, const Scrubber& scrubber,
          const Platform& platform) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) {
    fmt::print(stderr, "campaignd: {} cannot be made: {}\n", folder.string(), failed.message());
    return false;
  }
  auto body = scrubber.body(exchange.answer.body);
  std::string type(header(exchange.answer.headers, "content-type"));
  auto parsed = platform.parse(body, {type, exchange.answer.asked.url, {}});
  return write(folder / fmt::format("answer.{}", ending_of(exchange.answer)), body) &&
         write(folder / "talk.txt", talk_of(exchange, scrubber)) &&
         (!parsed || write(folder / "expected.json", *parsed + "\n"));
}

}  // namespace

int record(const Common& common, const RecordOptions& options) {
  auto config = load_or_complain(common);
  if (!config) return config_error;
  if (tell_if_off(*config, options.source)) return config_error;
  const auto* source = source_named(*config, options.source);
  if (source == nullptr) {
    fmt::print(stderr, "campaignd: there is no source '{}' in {}\n", options.source, config->file.string());
    return usage;
  }
  World world(*config);
  const auto& platform = *find_platform(source->connector);
  auto settings = source->settings;
  settings.floor = config->campaign.edition_to_show(world.clock.now())->from;
  settings.session = collect::Sessions(*config).of(*source);
  std::vector<std::string> secrets, terms;
  if (settings.session) {
    const auto& secret = settings.session->credential;
    secrets.push_back(secret);
    for (std::size_t at = 0; at <= secret.size();) {  // "name:password": each by itself
      auto end = std::min(secret.find(':', at), secret.size());
      secrets.push_back(secret.substr(at, end - at));
      at = end + 1;
    }
  }
  for (const auto& term : config->campaign.terms) terms.push_back(term.text);
  auto connector = platform.make(settings);
  auto exchanges = world.await(listen(connector->discover({}), world.http, world.clock, options.pages));
  if (settings.session) {
    secrets.push_back(settings.session->token);
    secrets.push_back(settings.session->refresh_token);
  }
  Scrubber scrubber(std::move(terms), std::move(secrets));
  for (const auto& each : exchanges)
    if (each.page) scrubber.learn(*each.page);
  int number = 0;
  for (const auto& each : exchanges) {
    if (each.answer.status == 0) {
      fmt::print(stderr, "campaignd: {}: {}\n", source->id, each.page.error().message);
      return unavailable;
    }
    auto folder = std::filesystem::path(options.folder) / fmt::format("{:02}", ++number);
    if (!keep(folder, each, scrubber, platform)) return cannot_create;
    fmt::print("{}: {} {}, {}\n", folder.string(), each.answer.status, scrubber.url(each.answer.asked.url),
               each.page ? fmt::format("{} posts, {} refused", each.page->found.size(), each.page->refused.size())
                         : fmt::format("{}: {}", name_of(each.page.error().code), each.page.error().message));
  }
  fmt::print("people's words and names are masked; look at the files before you keep them\n");
  return ok;
}

}  // namespace campaignd::commands
