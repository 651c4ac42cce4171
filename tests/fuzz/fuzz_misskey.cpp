#include <boost/json.hpp>

#include "connectors/platforms/misskey.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/text.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

const std::string account = "a@a.example";
const std::string asked = "&asked=9000000000000&software=";

std::string written(const Result<Page>& page) {
  return page ? boost::json::serialize(to_json(*page)) + page->cursor.position : page.error().message;
}

Answer answer_to(const Request& request, std::string_view body, int status) {
  return {request, status, {}, std::string(body), {}};
}

Result<Page> read_once(std::unique_ptr<Job> job, std::string_view body, int status) {
  auto request = job->ask(sys_ms(std::chrono::milliseconds(1)));
  auto page = job->read(answer_to(request, body, status));
  if (!page || !page->more) return page;
  auto next = job->ask(sys_ms(std::chrono::milliseconds(2)));
  law(next.url != request.url || next.body != request.body, "asking again moves forward");
  return page;
}

void hold_to_the_laws(const Page& page) {
  for (const auto& each : page.found) {
    law(!each.local_id.empty() && !each.post.uri.empty() && !each.post.host.empty(), "a post has its names");
    law(is_valid_utf8(each.post.text) && is_valid_utf8(each.post.author.key), "text is UTF-8");
    for (auto count : {each.counters.likes, each.counters.reposts, each.counters.replies})
      law(!count || (*count >= 0 && *count <= 1'000'000'000'000), "a counter is a count");
  }
}

Result<Page> poll(const Connector& connector, const std::string& position, std::string_view body, int status = 200) {
  auto page = read_once(connector.discover({position, "", ""}), body, status);
  auto again = read_once(connector.discover({position, "", ""}), body, status);
  law(written(page) == written(again), "reading twice gives the same");
  if (page) hold_to_the_laws(*page);
  return page;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto tag = make_misskey({.host = "a.example", .tags = {"t"}});
  static const auto partner = make_misskey({.host = "a.example", .account = account});
  auto body = text_of(data, size);

  const auto* start =
      one_of<const char*>(body, {"newest=", "newest=9&oldest=", "newest=9&oldest=5&pages=1", "newest=9&known=3&low=7"});
  {
    auto page = poll(*tag, start + asked, body);
    if (page && page->joins_last && page->found.empty() && page->refused.empty())
      law(body.find('[') != body.npos, "an empty page joins nothing");
  }
  auto posts = poll(*partner, "newest=9&account=7&looked=9000000000000" + asked, body);
  if (posts)
    for (const auto& each : posts->found) law(each.post.author.key == account, "an account's posts are its own");
  auto looked_up = poll(*partner, "newest=9" + asked, body);
  if (looked_up) law(looked_up->more && looked_up->found.empty(), "a look-up is followed by the posts");
  law(poll(*tag, "newest=9" + asked, body, 400).has_error(), "an error is a failure");

  auto measured = read_once(partner->measure({{1, "a.example", "9", ""}}), body, 200);
  if (measured)
    law(measured->readings.size() + measured->gone.size() + measured->refused.size() == 1, "each post has one outcome");
  return 0;
}
