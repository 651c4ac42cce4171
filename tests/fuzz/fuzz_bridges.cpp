#include <algorithm>

#include "connectors/platforms/activitypub_object.hpp"
#include "connectors/platforms/webfinger.hpp"
#include "connectors/reading/bridges.hpp"
#include "connectors/reading/fediverse.hpp"
#include "connectors/reading/url.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

const std::string observer = "social.example";

/// The first line is the copy's address, the second its account, the rest its text, in which each line is a link too.
struct Lines {
  std::string uri, account, text;
};

Lines lines_of(std::string_view input) {
  auto take = [&] {
    auto line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(input.size(), line.size() + 1));
    return std::string(line);
  };
  Lines out;
  out.uri = take();
  out.account = take();
  out.text = std::string(input);
  return out;
}

Finding copy_of(const Lines& lines) {
  Finding out;
  out.local_id = "7";
  out.home_id = mastodon_id_at_home(lines.uri);
  out.post.platform = "mastodon";
  out.post.uri = lines.uri;
  out.post.url = lines.uri + "/page";
  out.post.host = host_of(lines.uri).empty() ? observer : host_of(lines.uri);
  out.post.author.key = lines.account;
  out.post.author.handle = lines.account;
  out.post.author.followers = 7;
  out.post.author.opted_out = lines.text.find("#nobot") != std::string::npos;
  out.post.text = lines.text;
  for (std::size_t at = 0; at < lines.text.size();) {
    auto end = std::min(lines.text.find('\n', at), lines.text.size());
    out.post.links.push_back(lines.text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

void hold_to_the_laws(const Finding& before, const Finding& after, bool is_copy) {
  const Post& post = after.post;
  law(is_copy == !post.bridge.empty(), "a copy names who carried it");
  law(after.local_id == before.local_id, "the observer's id stays");
  law(!post.author.opted_out == !before.post.author.opted_out, "a wish to be left out stays");
  if (!is_copy) {
    law(post.uri == before.post.uri && post.host == before.post.host, "what is no copy stays as it is");
    law(post.aliases == before.post.aliases, "what is no copy gets no names");
    return;
  }
  law(!post.uri.empty() && !post.host.empty() && !post.author.key.empty(), "an original has names");
  law(!post.author.followers && !post.author.bot, "nothing the bridge says of its account is said of the author");
  for (const auto& name : {before.post.uri, before.post.url})
    law(name == post.uri || std::ranges::find(post.aliases, name) != post.aliases.end(),
        "the copy is found by its names");
  law(std::ranges::find(post.aliases, post.uri) == post.aliases.end(), "no name stands twice");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto lines = lines_of(text_of(data, size));
  const auto copy = copy_of(lines);
  auto carried = copy;
  bool is_copy = name_original(carried);
  hold_to_the_laws(copy, carried, is_copy);
  if (is_copy) {
    bool is_known = host_within(host_of(lines.uri), "brid.gy") || host_of(lines.uri) == "bird.makeup" ||
                    host_of(lines.uri) == "birdmakeup.sboulema.nl" || host_of(lines.uri) == "mostr.pub" ||
                    host_of(lines.uri) == "momostr.pink" || host_of(lines.uri) == "rss-parrot.net";
    law(is_known, "only bridges are believed");
  }
  auto on_bluesky = copy;
  is_copy = name_bluesky_original(on_bluesky, lines.text);
  hold_to_the_laws(copy, on_bluesky, is_copy);
  if (is_copy) law(lines.account.ends_with(".brid.gy"), "only the bridge's own handles are believed");

  Answer answer{Request(lines.uri), 200, {}, lines.text, {}};
  auto object = read_object(answer, lines.uri);
  for (auto count : {object.counters.likes, object.counters.reposts, object.counters.replies})
    law(!count || *count >= 0, "a counter is not negative");
  law(server_in_webfinger(lines.text).find_first_of("/?#@ ") == std::string::npos, "a server is a host");
  return 0;
}
