#include "connectors/platforms/telegram.hpp"

#include <catch2/catch.hpp>

#include "connectors/platforms/telegram_page.hpp"
#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms now = utc("2025-06-20T12:00:00Z");
const std::string channel = "https://t.me/s/open_kitchen";

/// One message; `inside` is further HTML of it.
std::string message(int id, const std::string& date = "2025-06-20T08:00:00+00:00", const std::string& inside = "",
                    const std::string& classes = "") {
  return "<div class=\"tgme_widget_message " + classes + "\" data-post=\"Open_Kitchen/" + std::to_string(id) +
         "\"><a class=\"tgme_widget_message_owner_name\">Open Kitchen</a>"
         "<div class=\"tgme_widget_message_text js-message_text\">#AllIn</div>" +
         inside + "<a class=\"tgme_widget_message_date\"><time datetime=\"" + date + "\"></time></a></div>";
}

std::string page_of(const std::vector<std::string>& messages, bool older = true) {
  std::string out = "<html><body><section class=\"tgme_channel_history\">";
  if (older) out += "<a class=\"tme_messages_more\" data-before=\"1\"></a>";
  for (const auto& each : messages) out += each;
  return out + "</section></body></html>";
}

const std::string no_posts = page_of({"<div class=\"tme_no_messages_found\">No posts found</div>"}, false);
const std::string card = "<html><body><div class=\"tgme_page\">you can contact @open_kitchen</div></body></html>";

SourceSettings kitchen(const std::string& account = "Open_Kitchen") {
  SourceSettings out;
  out.account = account;
  out.floor = utc("2025-01-01T00:00:00Z");
  return out;
}

Talk poll(const std::string& position, const SourceSettings& settings = kitchen()) {
  return {make_telegram(settings)->discover({position, "", ""}), now};
}

Talk measure(const std::vector<std::string>& ids) {
  std::vector<PostRef> posts;
  for (const auto& id : ids) posts.push_back({1, "t.me", id, "https://t.me/" + id});
  return {make_telegram({})->measure(posts), now};
}

Finding only(const std::string& one) {
  auto page = read_channel(page_of({one}), "", "open_kitchen");
  REQUIRE(page.has_value());
  REQUIRE(page->found.size() == 1U);
  return page->found.front();
}

Failure failure_of(const std::string& position, int status, const std::string& body) {
  auto talk = poll(position);
  talk.ask();
  auto said = talk.hear(status, body);
  REQUIRE(said.has_error());
  return said.error();
}

std::vector<std::string> ids_of(const std::vector<Reading>& readings) {
  std::vector<std::string> out;
  for (const auto& each : readings) out.push_back(each.of.local_id);
  return out;
}

}  // namespace

TEST_CASE("the first poll of a channel reads its newest page, then back to the floor", "[telegram]") {
  auto talk = poll("");
  CHECK(talk.ask() == channel);
  CHECK(talk.asked().bucket == "telegram");
  CHECK_FALSE(talk.asked().follows_redirects);
  CHECK(header(talk.asked().headers, "accept-language") == "en");
  auto first = talk.page(200, page_of({message(99), message(100)}));
  CHECK(first.found.size() == 2U);
  CHECK(first.more);
  CHECK_FALSE(first.joins_last);
  CHECK(talk.ask() == channel + "?before=99");
  auto last = talk.page(200, page_of({message(9, "2024-12-01T00:00:00+00:00")}));
  CHECK_FALSE(last.more);
  CHECK(shown(last.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("the first message of a channel ends the read back", "[telegram]") {
  auto talk = poll("");
  talk.ask();
  auto page =
      talk.page(200, page_of({message(1, "2025-03-01T00:00:00+00:00", "", "service_message"), message(2)}, false));
  CHECK(page.found.size() == 1U);
  CHECK_FALSE(page.more);
  CHECK(shown(page.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("numbers of messages are compared as numbers", "[telegram]") {
  auto talk = poll("newest=98&oldest=");
  talk.ask();
  auto page = talk.page(200, page_of({message(98), message(101)}));
  CHECK(page.joins_last);
  CHECK_FALSE(page.more);
  CHECK(page.cursor.position.find("newest=101&") == 0U);
}

TEST_CASE("a later poll pages down to what the last one knew", "[telegram]") {
  auto talk = poll("newest=50&oldest=");
  CHECK(talk.ask() == channel);
  CHECK(talk.page(200, page_of({message(80), message(99)})).more);
  CHECK(talk.ask() == channel + "?before=80");
  auto page = talk.page(200, page_of({message(49), message(79)}));
  CHECK(page.joins_last);
  CHECK_FALSE(page.more);
}

TEST_CASE("messages without a post count for paging", "[telegram]") {
  auto talk = poll("newest=50&oldest=");
  talk.ask();
  auto forwarded =
      message(50, "2025-06-20T08:00:00+00:00", "<div class=\"tgme_widget_message_forwarded_from\">x</div>");
  auto page = talk.page(200, page_of({forwarded, message(51, "2025-06-20T08:00:00+00:00", "", "service_message")}));
  CHECK(page.found.empty());
  CHECK(page.refused.empty());
  CHECK(page.joins_last);
}

// Under load t.me answers 200 with "No posts found".
TEST_CASE("a channel without posts is busy where posts were known, and else proves nothing", "[telegram]") {
  auto busy = failure_of("newest=50&oldest=", 200, no_posts);
  CHECK(busy.code == Failure::throttled);
  CHECK(busy.retry_after == std::chrono::minutes(15));

  auto talk = poll("");
  talk.ask();
  auto empty = talk.page(200, no_posts);
  CHECK_FALSE(empty.more);
  CHECK_FALSE(empty.since.has_value());
  CHECK_FALSE(empty.joins_last);
}

TEST_CASE("a page without a link to older posts ends a channel only with its first message, or if none follow",
          "[telegram]") {
  auto talk = poll("");
  talk.ask();
  auto page = talk.page(200, page_of({message(3), message(4)}, false));
  CHECK(page.more);
  CHECK(talk.ask() == channel + "?before=3");
  auto end = talk.page(200, no_posts);
  CHECK_FALSE(end.more);
  CHECK(shown(end.since) == "2025-01-01T00:00:00.000Z");
  CHECK_FALSE(end.pause.has_value());

  auto resumed = poll(page.cursor.position);  // where the poll broke off in between
  resumed.ask();
  resumed.page(200, page_of({message(4), message(5)}));
  CHECK(resumed.ask() == channel + "?before=3");
  CHECK(shown(resumed.page(200, no_posts).since) == "2025-01-01T00:00:00.000Z");

  auto wrong = poll("newest=50&oldest=");
  wrong.ask();
  CHECK(wrong.page(200, page_of({message(80), message(99)}, false)).more);
  CHECK(wrong.ask() == channel + "?before=80");
  auto below = wrong.page(200, page_of({message(49), message(79)}));
  CHECK(below.joins_last);
  CHECK_FALSE(below.since.has_value());

  auto gap = poll("newest=50&oldest=");  // what is known lies below
  gap.ask();
  gap.page(200, page_of({message(80), message(99)}, false));
  gap.ask();
  auto empty = gap.page(200, no_posts);
  CHECK_FALSE(empty.joins_last);
  CHECK_FALSE(empty.since.has_value());
  CHECK(empty.pause == std::chrono::minutes(15));
}

TEST_CASE("no posts where there may be some are waited for in two polls, and then given up", "[telegram]") {
  std::string position;
  for (int times = 1; times <= 3; ++times) {
    INFO(times);
    auto talk = poll(position);
    talk.ask();
    talk.page(200, page_of({message(99)}));
    CHECK(talk.ask() == channel + "?before=99");
    auto page = talk.page(200, no_posts);
    CHECK_FALSE(page.more);
    CHECK_FALSE(page.since.has_value());
    CHECK_FALSE(page.joins_last);
    CHECK(page.pause.has_value() == (times < 3));
    CHECK(page.refused.size() == (times < 3 ? 1U : 0U));
    position = page.cursor.position;
  }
  auto after = poll(position);
  after.ask();
  auto page = after.page(200, page_of({message(99)}));
  CHECK_FALSE(page.more);
  CHECK(page.joins_last);
}

TEST_CASE("a post below a page that is not known to be its channel's first is not gone", "[telegram]") {
  auto talk = measure({"open_kitchen/9", "open_kitchen/8"});
  talk.ask();
  auto page = talk.page(200, page_of({message(9), message(10)}, false));
  CHECK(page.readings.size() == 1U);
  CHECK(page.gone.empty());
  CHECK(page.more);
  CHECK(talk.ask() == channel + "?before=9");
  CHECK(talk.page(200, page_of({message(1), message(7)}, false)).gone.size() == 1U);
}

TEST_CASE("what t.me says of a channel it does not show", "[telegram]") {
  auto closed = failure_of("", 302, "");
  CHECK(closed.code == Failure::refused);
  CHECK(closed.message.find("t.me shows no preview of the channel open_kitchen") == 0U);
  auto unknown = failure_of("", 200, card);
  CHECK(unknown.code == Failure::gone);
  CHECK(unknown.message.find("open_kitchen") != std::string::npos);
  CHECK(failure_of("", 429, "").code == Failure::throttled);
  CHECK(failure_of("", 503, "<html>").code == Failure::unavailable);
  CHECK(failure_of("", 404, "").code == Failure::gone);
  CHECK(failure_of("", 200, "<html><body>Hello</body></html>").code == Failure::malformed);
  CHECK(failure_of("", 200, "").code == Failure::malformed);
  CHECK(failure_of("", 200, "{}").code == Failure::malformed);
  CHECK(failure_of("", 200, page_of({message(1)}).substr(0, 300)).code == Failure::malformed);
}

TEST_CASE("a channel's posts are those of the account that is configured", "[telegram]") {
  auto talk = poll("newest=1&oldest=", kitchen("@Open_Kitchen_PL"));
  CHECK(talk.ask() == "https://t.me/s/open_kitchen_pl");
  auto page = talk.page(200, page_of({message(2)}));
  REQUIRE(page.found.size() == 1U);
  CHECK(page.found[0].post.author.key == "open_kitchen_pl");
  CHECK(page.found[0].local_id == "open_kitchen_pl/2");
  CHECK(page.found[0].post.uri == "https://t.me/open_kitchen/2");
  CHECK(page.found[0].post.url == "https://t.me/Open_Kitchen/2");
  CHECK(page.found[0].post.host == "t.me");
}

TEST_CASE("rounded numbers are what they say", "[telegram]") {
  CHECK(read_short_number("950") == 950);
  CHECK(read_short_number("37.2K") == 37'200);
  CHECK(read_short_number("1.1M") == 1'100'000);
  CHECK(read_short_number("2B") == 2'000'000'000);
  CHECK(read_short_number("0") == 0);
  CHECK(read_short_number("11 012 345") == 11'012'345);
  CHECK(read_short_number("11\xC2\xA0"
                          "012") == 11'012);
  for (const char* text :
       {"", "K", "-1", "1.5", "1.", ".5K", "1,5K", "1.2345K", "many", "1KK", "9999999999999", "999999999999B"})
    CHECK_FALSE(read_short_number(text).has_value());
}

TEST_CASE("views and reactions are read as shown, and what is not shown is not said", "[telegram]") {
  auto plain = only(message(5));
  CHECK_FALSE(plain.counters.views.has_value());
  CHECK_FALSE(plain.counters.likes.has_value());
  CHECK_FALSE(plain.post.author.followers.has_value());

  auto full = only(message(5, "2025-06-20T08:00:00+00:00",
                           "<div class=\"tgme_widget_message_reactions\">"
                           "<span class=\"tgme_reaction\"><i class=\"emoji\"><b>❤</b></i>1.2K</span>"
                           "<span class=\"tgme_reaction\"><tg-emoji><i><b>1️⃣</b></i></tg-emoji>3</span>"
                           "<span class=\"tgme_reaction\"><b>👍</b></span>"
                           "<span class=\"tgme_reaction\"><b>OK</b>1K</span>"
                           "<span class=\"tgme_reaction tgme_reaction_paid\">500</span></div>"
                           "<span class=\"tgme_widget_message_views\">37.2K</span>"));
  CHECK(full.counters.likes == 2'203);
  CHECK(full.counters.views == 37'200);
}

TEST_CASE("a message keeps its links, and those of its hashtags lead nowhere", "[telegram]") {
  auto finding = only(
      "<div class=\"tgme_widget_message\" data-post=\"Open_Kitchen/5\"><div class=\"tgme_widget_message_text "
      "js-message_text\">"
      "A<br>B <a href=\"?q=%23AllIn\">#AllIn</a> <a href=\"https://a.example/x\">x</a> <a "
      "href=\"tg://resolve\">y</a></div>"
      "<a class=\"tgme_widget_message_link_preview\" href=\"https://b.example/\"></a>"
      "<a class=\"tgme_widget_message_date\"><time datetime=\"2025-06-20T08:00:00+00:00\"></time></a></div>");
  CHECK(finding.post.text == "A\nB #AllIn x y");
  CHECK(finding.post.links == std::vector<std::string>{"https://a.example/x", "https://b.example/"});
  CHECK_FALSE(finding.post.tags.has_value());
}

TEST_CASE("a message with a hostile number or without a date costs its page nothing", "[telegram]") {
  std::string bad;
  for (const char* name : {"Open_Kitchen/0", "Open_Kitchen/-4", "Open_Kitchen/9999999999999999", "Open_Kitchen", "/4",
                           "../4", "Open_Kitchen/4?single"})
    bad += "<div class=\"tgme_widget_message\" data-post=\"" + std::string(name) + "\"></div>";
  auto page = read_channel(page_of({bad, message(6, "yesterday"), message(7)}), "", "open_kitchen");
  REQUIRE(page.has_value());
  CHECK(page->found.size() == 1U);
  CHECK(page->refused.size() == 8U);
  CHECK(page->ids == std::vector<std::string>{"6", "7"});
}

TEST_CASE("posts are measured by the pages they stand on", "[telegram]") {
  auto talk = measure({"open_kitchen/60", "open_kitchen/100", "open_kitchen/98", "choir/5", "open_kitchen/99"});
  CHECK(talk.ask() == "https://t.me/s/choir?before=6");
  auto choir = talk.page(302, "");  // a closed preview is no deletion, and holds up no other channel
  CHECK(choir.refused.size() == 1U);
  CHECK(choir.gone.empty());
  CHECK(choir.more);

  CHECK(talk.ask() == channel + "?before=101");
  auto page = talk.page(200, page_of({message(97), message(98), message(100)}));
  CHECK(ids_of(page.readings) == std::vector<std::string>{"open_kitchen/100", "open_kitchen/98"});
  CHECK(page.readings[0].now.has_value());
  REQUIRE(page.gone.size() == 1U);
  CHECK(page.gone[0].of.local_id == "open_kitchen/99");
  CHECK(page.more);

  CHECK(talk.ask() == channel + "?before=61");
  auto last = talk.page(200, page_of({message(59), message(60)}));
  CHECK(ids_of(last.readings) == std::vector<std::string>{"open_kitchen/60"});
  CHECK_FALSE(last.more);
}

TEST_CASE("a busy t.me is no deletion, a channel that is there no more is one", "[telegram]") {
  auto busy = measure({"open_kitchen/9", "open_kitchen/8"});
  busy.ask();
  auto page = busy.page(200, no_posts);
  CHECK(page.gone.empty());
  CHECK(page.refused.size() == 2U);
  CHECK_FALSE(page.more);

  auto lost = measure({"open_kitchen/9", "open_kitchen/8"});
  lost.ask();
  CHECK(lost.page(200, card).gone.size() == 2U);

  for (int status : {429, 500, 503}) {
    auto talk = measure({"open_kitchen/9"});
    talk.ask();
    CHECK(talk.hear(status, "").has_error());
  }
}

TEST_CASE("a page other than the one asked for is no deletion, and the next post has its turn", "[telegram]") {
  auto talk = measure({"open_kitchen/9", "open_kitchen/8"});
  talk.ask();
  auto page = talk.page(200, page_of({message(200), message(201)}));
  CHECK(page.gone.empty());
  CHECK(page.refused.size() == 1U);
  CHECK(page.more);
  CHECK(talk.ask() == channel + "?before=9");
}
