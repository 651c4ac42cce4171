// A busy tag beside a source's own: when it is asked for, and what its pages say.
#include "daemon/collect/control.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;
using collect::ControlSeen;
using collect::next_control;

namespace {

/// A campaign whose one source is written so; what is wrong with it, or its control tag.
std::string told_of(const std::string& source) {
  TempDir dir;
  auto loaded = load_config(dir.write("campaignd.toml", R"([campaign]
id = "c"
name = "C"
[[edition]]
id = "2025"
day = 2025-06-20
from = 2025-01-01
until = 2026-01-01
[[term]]
id = "tag"
class = "hashtag"
text = "AllIn"
[[source]]
id = "s"
)" + source));
  if (const auto* problems = std::get_if<Problems>(&loaded)) return problems->front().message;
  return std::get<Config>(loaded).campaign.sources.front().control;
}

}  // namespace

TEST_CASE("a control tag is a busy tag of others, for a source that asks for tags", "[control][config]") {
  using Catch::Matchers::Contains;
  const std::string server = "connector = \"mastodon\"\nhost = \"a.example\"\n";
  CHECK(told_of(server).empty());
  CHECK(told_of(server + "control = \"#News\"\n") == "News");
  CHECK_THAT(told_of(server + "control = \"two words\"\n"), Contains("cannot be a hashtag"));
  CHECK_THAT(told_of(server + "control = \"allin\"\n"), Contains("one of the source's own tags"));
  CHECK_THAT(told_of("connector = \"feed\"\nurl = \"https://a.example/\"\ncontrol = \"news\"\n"),
             Contains("asks for no hashtag"));
  CHECK_THAT(told_of("connector = \"bluesky\"\nengine = \"jetstream\"\ncontrol = \"news\"\n"),
             Contains("a stream shows everybody's posts"));
  for (const char* platform : {"x", "tumblr"})
    CHECK_THAT(told_of(fmt::format("connector = \"{}\"\ntags = [\"AllIn\"]\ncontrol = \"news\"\n", platform)),
               Contains("paid or limited"));
}

TEST_CASE("a control tag is asked for once in every hour", "[control]") {
  auto now = utc("2025-06-20T08:00:00Z");
  for (const char* source : {"mastodon.social", "mas.to", "bluesky-search"}) {
    INFO(source);
    auto first = next_control(source, now);
    CHECK(first > now);
    CHECK(first <= now + 1h);
    CHECK(shown(next_control(source, first)) == shown(first + 1h));
    CHECK(shown(next_control(source, first - 1ms)) == shown(first));
  }
}

TEST_CASE("pages of a control tag are counted, and the newest post is never ahead of the clock", "[control]") {
  auto now = utc("2025-06-20T08:00:00Z");
  ControlSeen seen;
  Page step;
  step.more = true;
  note(seen, step, now);
  CHECK(seen.found == 0);
  CHECK_FALSE(seen.is_over);
  Page page;
  page.found = {make_finding("1", "a@home.example", now - 2h), make_finding("2", "b@home.example", now + 3h)};
  page.refused = {{"3", "it has no date"}, {"", "the server shows visitors its own posts only"}};
  note(seen, page, now);
  CHECK(seen.found == 3);
  CHECK(shown(seen.newest) == shown(now));
  CHECK(seen.is_over);
}
