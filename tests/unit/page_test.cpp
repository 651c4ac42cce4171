#include "connectors/platforms/page.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <set>

#include "connectors/platforms/page_items.hpp"
#include "connectors/reading/dates/time.hpp"

using namespace campaignd;

namespace {

const sys_ms now = *read_rfc3339("2025-06-20T08:00:00Z");
const std::string address = "https://www.news.example/en/list?key=1";

SourceSettings settings(const ListSelectors& selectors = {}) {
  SourceSettings out;
  out.url = address;
  out.selectors = selectors;
  return out;
}

Result<Page> answered(const Cursor& cursor, int status, const std::string& body, const Headers& headers = {},
                      const SourceSettings& source = settings()) {
  auto job = make_page(source)->discover(cursor);
  auto request = job->ask(now);
  return job->read(Answer{std::move(request), status, headers, body, now});
}

Page polled(const std::string& body, const Cursor& cursor = {}, const Headers& headers = {},
            const ListSelectors& selectors = {}) {
  auto page = answered(cursor, 200, body, headers, settings(selectors));
  INFO((page ? "" : page.error().message));
  REQUIRE(page.has_value());
  return *page;
}

std::string html(const std::string& body) { return "<html><body>" + body + "</body></html>"; }

/// A paragraph and its link.
std::string item(const std::string& text, const std::string& target) {
  return "<p>" + text + " <a href=\"" + target + "\">more&gt;&gt;&gt;</a></p>\n";
}

std::vector<std::string> titles(const Page& page) {
  std::vector<std::string> out;
  for (const auto& each : page.found) out.push_back(each.post.title);
  return out;
}
using Titles = std::vector<std::string>;

std::string day(const Finding& finding) {
  return finding.post.published ? format_utc(*finding.post.published).substr(0, 10) : "none";
}

Page fixture(const std::string& name) {
  std::ifstream in(std::string(TEST_FIXTURES) + "/page/" + name + "/answer.html", std::ios::binary);
  REQUIRE(in.good());
  return polled(std::string((std::istreambuf_iterator<char>(in)), {}));
}

const Post& post_at(const Page& page, std::string_view path) {
  auto found = std::ranges::find_if(page.found, [&](const Finding& each) { return each.post.uri.ends_with(path); });
  REQUIRE(found != page.found.end());
  return found->post;
}

}  // namespace

TEST_CASE("an item ends with the link that leads on", "[page]") {
  auto page = fixture("news");
  CHECK(page.found.size() == 21U);
  CHECK(std::ranges::count(page.found, DateBasis::header, [](const Finding& f) { return f.post.date_basis; }) == 14);
  CHECK(std::ranges::count(page.found, DateBasis::prose, [](const Finding& f) { return f.post.date_basis; }) == 1);
  CHECK(std::ranges::count(page.found, true, [](const Finding& f) { return f.post.date_conflict; }) == 2);
  CHECK(post_at(page, "/node/2").title == "A soup kitchen of newcomers");
  CHECK(post_at(page, "/node/2").text == "A soup kitchen of newcomers\nHot meals for the neighbourhood.");
}

TEST_CASE("an item without a date has none, and says so", "[page]") {
  auto page = fixture("news");
  CHECK_FALSE(post_at(page, "/node/14").published.has_value());
  CHECK(post_at(page, "/node/14").date_basis == DateBasis::first_seen);
  CHECK_FALSE(post_at(page, "/node/9").published.has_value());
  CHECK(post_at(page, "/node/10").date_basis == DateBasis::prose);
}

TEST_CASE("trap: two items of one date and place are two, for their links are two", "[page]") {
  auto page = fixture("news");
  const auto& one = post_at(page, "/node/17");
  const auto& other = post_at(page, "/node/19");
  CHECK(one.place == other.place);
  CHECK(one.published == other.published);
  CHECK(one.title == "Joint efforts");
  CHECK(other.title == "Understanding the indicators");
}

TEST_CASE("a link that occurs twice is one item: the first stands, with the text of both", "[page]") {
  auto page = fixture("news");
  CHECK(post_at(page, "/node/17").text ==
        "25.01.2017 PLOVDIV, BULGARIA // Joint efforts\nIn two months.\nJoint efforts, again");
  std::set<std::string> uris;
  for (const auto& each : page.found) uris.insert(each.post.uri);
  CHECK(uris.size() == page.found.size());
}

TEST_CASE("trap: the order is not that of the dates, and nothing ends the list early", "[page]") {
  auto first = polled(html(item("25.01.2017 A // Old", "/1")));
  auto page = polled(
      html(item("25.01.2017 A // Old", "/1") + item("9.03.2017 B // New", "/2") + item("2.02.2017 C // Between", "/3")),
      first.cursor);
  CHECK(titles(page) == Titles{"Old", "New", "Between"});
  CHECK(page.joins_last);
  CHECK_FALSE(page.more);
  CHECK_FALSE(page.since.has_value());
}

TEST_CASE("trap: the header's date stands against the body, and the item is flagged", "[page]") {
  auto page = fixture("news");
  CHECK(post_at(page, "/node/20").date_conflict);
  CHECK(format_utc(post_at(page, "/node/20").published.value()) == "2015-12-15T12:00:00.000Z");
  CHECK(post_at(page, "/node/13").date_conflict);
  CHECK_FALSE(post_at(page, "/node/4").date_conflict);
}

TEST_CASE("trap: the place is kept as it is written", "[page]") {
  auto page = fixture("news");
  CHECK(post_at(page, "/node/15").place == "TALLIN, LATVIA");
  CHECK(post_at(page, "/node/5").place == "Volos, Greece");
  CHECK(post_at(page, "/node/16").place == "ITALY");
}

TEST_CASE("trap: a month above 12 dates nothing", "[page]") {
  CHECK_FALSE(post_at(fixture("news"), "/node/21").published.has_value());
}

TEST_CASE("trap: what stands before the list is no item and no part of one", "[page]") {
  auto first_title = [](const std::string& before) {
    return titles(polled(html(before + item("First", "/1") + item("Second", "/2")))).at(0);
  };
  CHECK(fixture("news").found.at(0).post.title == "Children's day: a border is no playground");
  CHECK(first_title("<p>Follow us</p><p>&nbsp;</p><p></p>") == "First");
  CHECK(first_title("Follow us<br><br><br>") == "First");
  CHECK(first_title("<p><a href=\"https://wall.example/\">Follow us</a></p>") == "First");
  CHECK(first_title("<nav><p>Follow us</p></nav>") == "First");
  CHECK(first_title("<h1>News</h1>") == "First");
  CHECK(first_title("<p><a href=\"/1\">A title that is a link</a></p>") == "A title that is a link");
  auto dated = polled(html("<p>Follow us</p>" + item("1.2.2017 RIGA, LATVIA // First", "/1") + item("Second", "/2")));
  CHECK(titles(dated) == Titles{"First", "Second"});
  auto apart = polled("<html><body><p>Follow us</p><div>" + item("First", "/1") + item("Second", "/2") +
                      "</div><p>Imprint</p></body></html>");
  CHECK(titles(apart) == Titles{"First", "Second"});
  CHECK(apart.found.at(1).post.text == "Second");
}

TEST_CASE("where every link has a block of its own, that is the item", "[page]") {
  auto page =
      polled(html("<ul><li><h3>One</h3>a <a href=/1>Read more</a> <i>3 comments</i></li>"
                  "<li><h3>Two</h3>b <a href=/2>Read more<span> about two</span></a></li></ul>"));
  CHECK(titles(page) == Titles{"One", "Two"});
  CHECK(page.found.at(0).post.text == "One\na 3 comments");
  CHECK(titles(fixture("list")) == Titles{"Warszawa gra razem", "Łódź czyta", "Gdańsk gotuje"});
}

TEST_CASE("without a link that leads on, articles are items, else the longest list", "[page]") {
  auto page = fixture("articles");
  CHECK(titles(page) == Titles{"Everybody holds a white card", "The tortoise of Łódź"});
  CHECK(page.found.at(0).post.uri == "https://www.outlet.example/en/2025/card");
  CHECK(day(page.found.at(0)) == "2025-06-20");
  CHECK(page.refused.size() == 1U);
  auto list =
      polled(html("<ul><li><a href=/a>Home</a></li><li><a href=/b>About</a></li></ul>"
                  "<ul><li><a href=/1>A square full of people</a></li><li><a href=/2>A day in the park</a>"
                  "</li></ul>"));
  CHECK(titles(list) == Titles{"A square full of people", "A day in the park"});
}

TEST_CASE("a link leads on in many languages, and with words that say so only", "[page]") {
  for (const char* label : {"more>>>", "more >>>", "more>>", "MORE\u00A0»", "Read more…", "Read more about Riga",
                            "[...] more", "Link to the report >>>", "więcej", "Czytaj więcej →", "Weiterlesen",
                            "en savoir plus", "Прочети още »", "Διαβάστε περισσότερα", "(leer más)", "Tovább >"}) {
    INFO(label);
    CHECK(leads_on(label));
  }
  for (const char* label : {"", ">>>", "more than 100 people", "Next >", "Moreover", "Read moreover", "older posts »",
                            "Details of the plan", "https://a.example/more"}) {
    INFO(label);
    CHECK_FALSE(leads_on(label));
  }
}

TEST_CASE("links are resolved as browsers do, and only http(s) leads anywhere", "[page]") {
  CHECK(link_target(address, "/node/1") == "https://www.news.example/node/1");
  CHECK(link_target(address, " 2?a=1&b=ż x ") == "https://www.news.example/en/2?a=1&b=%C5%BC%20x");
  CHECK(link_target(address, "/a%20b%zz#x#y") == "https://www.news.example/a%20b%25zz#x%23y");
  CHECK(link_target(address, "//other.example/[1]") == "https://other.example/%5B1%5D");
  CHECK(link_target(address, "/post/#more-12") == "https://www.news.example/post/");
  for (const char* nowhere :
       {"", "javascript:open()", "mailto:a@b.example", "data:text/html,x", "tel:1", "ftp://a.example/"})
    CHECK(link_target(address, nowhere).empty());
  auto page = polled(html(item("Nowhere", "#") + item("Itself", address) + item("Good", "/1")));
  CHECK(titles(page) == Titles{"Good"});
  CHECK(page.refused.size() == 2U);
}

TEST_CASE("selectors say what an item is, where the page is of another shape", "[page]") {
  const std::string body = html(
      "<div class=teaser><h2>Not this</h2><a href=/0>x</a></div><div id=news>"
      "<div class=teaser><a href=/tag>Tag</a><h2>One</h2><time datetime=\"2025-06-19T22:30:00Z\">yesterday</time><a "
      "class=go href=/1>x</a></div>"
      "<div class=teaser><h2>Two</h2><span class=d>3.04.2025</span><a class=go href=/2>x</a></div></div>");
  auto page =
      polled(body, {}, {}, {.list = "#news", .item = ".teaser", .link = "a.go", .title = "h2", .date = "time, .d"});
  CHECK(titles(page) == Titles{"One", "Two"});
  CHECK(page.found.at(0).post.uri == "https://www.news.example/1");
  CHECK(page.found.at(0).post.date_basis == DateBasis::stated);
  CHECK(format_utc(page.found.at(0).post.published.value()) == "2025-06-19T22:30:00.000Z");
  CHECK(page.found.at(1).post.date_basis == DateBasis::header);
  CHECK(day(page.found.at(1)) == "2025-04-03");
  auto by_link = polled(body, {}, {}, {.list = "//div[@id='news']", .link = "a.go"});
  CHECK(by_link.found.size() == 2U);
}

TEST_CASE("a list none of whose items has a link is a failure that names the selector", "[page]") {
  const std::string body =
      html("<p class=i>One <a href=/1>x</a></p><p class=i>Two <a href=/2>x</a></p><p class=i>3</p>");
  auto message = [&](const ListSelectors& selectors, const std::string& list) {
    auto page = answered({}, 200, list, {}, settings(selectors));
    return page ? std::string("read") : page.error().message;
  };
  CHECK(message({.item = ".i", .link = "a.no"}, body) ==
        "3 items, and none has a link: the selector link = \"a.no\" finds nothing");
  CHECK(message({.item = ".i", .link = "a"}, html("<p class=i>One <a href=#>x</a></p>")) ==
        "1 item, and none has a link: the selector link = \"a\" finds no link to another page");
  CHECK(message({.item = ".i"}, html("<p class=i>One</p><p class=i>Two</p>")).find("write a selector link") !=
        std::string::npos);
  CHECK(message({.item = ".i", .link = "a"}, body) == "read");
}

TEST_CASE("a title or date selector that finds nothing in any item is noted, and the items stand", "[page]") {
  const std::string body = html("<p class=i><b>One</b> <a href=/1>x</a></p><p class=i>Two <a href=/2>x</a></p>");
  auto page = polled(body, {}, {}, {.item = ".i", .link = "a", .title = "h2.x", .date = "time"});
  CHECK(page.found.size() == 2U);
  REQUIRE(page.refused.size() == 2U);
  CHECK(page.refused[0].id.empty());
  CHECK(page.refused[0].why == "the selector title = \"h2.x\" finds nothing in any item");
  CHECK(page.refused[1].why == "the selector date = \"time\" finds nothing in any item");
  CHECK(polled(body, {}, {}, {.item = ".i", .link = "a", .title = "b"}).refused.empty());
  auto flowing = polled(html(item("One", "/1") + item("Two", "/2")), {}, {}, {.title = "b"});
  REQUIRE(flowing.refused.size() == 1U);
  CHECK(flowing.refused[0].why.ends_with("finds nothing in any item; say what an item is with the selector item"));
}

TEST_CASE("a feed where a page should be is a failure that says so", "[page]") {
  for (const char* body : {"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel></channel></rss>",
                           "<feed xmlns=\"http://www.w3.org/2005/Atom\"></feed>",
                           "{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": []}"}) {
    auto page = answered({}, 200, body);
    REQUIRE_FALSE(page.has_value());
    CHECK(page.error().code == Failure::malformed);
    CHECK(page.error().message == "this is a feed: use connector = \"feed\"");
  }
}

TEST_CASE("an item that stands in the list for ever is no sign of an overlap", "[page]") {
  auto list = [](const std::vector<std::string>& targets) {
    std::string out;
    for (const auto& each : targets) out += item("About " + each, "/" + each);
    return html(out);
  };
  auto first = polled(list({"pinned", "3", "2", "1", "imprint"}));
  CHECK_FALSE(polled(list({"pinned", "9", "8", "7", "imprint"}), first.cursor).joins_last);
  CHECK(polled(list({"pinned", "4", "3", "2", "imprint"}), first.cursor).joins_last);
  CHECK(polled(list({"pinned", "3", "2", "1", "imprint"}), first.cursor).joins_last);
}

TEST_CASE("selectors that find nothing, or cannot be read, are failures with a sentence", "[page]") {
  const std::string body = html(item("One", "/1"));
  auto code = [&](const ListSelectors& selectors) {
    auto page = answered({}, 200, body, {}, settings(selectors));
    return page ? std::string("read") : std::string(name_of(page.error().code));
  };
  CHECK(code({.list = "#gone"}) == "malformed");
  CHECK(code({.item = ".gone"}) == "malformed");
  CHECK(code({.link = ".gone"}) == "malformed");
  CHECK(code({.item = "p["}) == "refused");
  CHECK(code({.item = "p", .title = "h2:hover"}) == "refused");
  CHECK(check_selectors({.item = "p", .title = "h2"}).has_value());
  CHECK_FALSE(check_selectors({.item = "p", .title = "h2:hover"}).has_value());
}

TEST_CASE("a page that breaks off is malformed, or read by its selectors but for the last item", "[page]") {
  const std::string body = "<html><body>" + item("One", "/1") + item("Two", "/2");
  auto page = answered({}, 200, body);
  REQUIRE_FALSE(page.has_value());
  CHECK(page.error().code == Failure::malformed);
  auto guided = polled(body, {}, {{"etag", "\"v1\""}}, {.item = "p"});
  CHECK(titles(guided) == Titles{"One"});
  CHECK(guided.refused.size() == 1U);
  CHECK(guided.cursor.etag.empty());
}

TEST_CASE("a page without items has changed, and that is a failure", "[page]") {
  auto page = answered({}, 200, html("<p>Under construction</p>"));
  REQUIRE_FALSE(page.has_value());
  CHECK(page.error().code == Failure::malformed);
}

TEST_CASE("an article of a page is of the page's outlet", "[page]") {
  auto page = polled("<html lang=en><body>" +
                     item("One <a href=https://card.example/x>card</a>", "https://other.example/1") + "</body></html>");
  REQUIRE(page.found.size() == 1U);
  const auto& finding = page.found.front();
  CHECK(finding.local_id == "https://other.example/1");
  CHECK(finding.post.platform == "page");
  CHECK(finding.post.kind == Kind::article);
  CHECK(finding.post.host == "news.example");
  CHECK(finding.post.author.key == "news.example");
  CHECK(finding.post.author.media);
  CHECK(finding.post.language == "en");
  CHECK(finding.post.links == std::vector<std::string>{"https://card.example/x"});
  CHECK_FALSE(finding.post.tags.has_value());
  CHECK(finding.counters == Counters{});
}

TEST_CASE("a day that has not come is an event's: the article has no date yet", "[page]") {
  auto page =
      polled(html(item("21.06.2025 RIGA, LATVIA // Tomorrow", "/1") + item("20.06.2025 RIGA, LATVIA // Today", "/2")));
  CHECK(day(page.found.at(0)) == "none");
  CHECK(page.found.at(0).post.date_basis == DateBasis::first_seen);
  CHECK(page.found.at(0).post.place == "RIGA, LATVIA");
  CHECK(day(page.found.at(1)) == "2025-06-20");
}

TEST_CASE("the list is asked for conditionally, and a 304 joins the last poll", "[page]") {
  auto first =
      polled(html(item("One", "/1")), {}, {{"etag", "\"v1\""}, {"last-modified", "Fri, 20 Jun 2025 07:00:00 GMT"}});
  CHECK_FALSE(first.joins_last);
  auto request = make_page(settings())->discover(first.cursor)->ask(now);
  CHECK(header(request.headers, "if-none-match") == "\"v1\"");
  CHECK(request.url == address);
  CHECK(request.bucket == "page");
  auto second = answered(first.cursor, 304, "");
  REQUIRE(second.has_value());
  CHECK(second->joins_last);
  CHECK(second->cursor.position == first.cursor.position);
  auto apart = polled(html(item("Other", "/7")), first.cursor);
  CHECK_FALSE(apart.joins_last);
}

TEST_CASE("what is not 200 is a failure named for its remedy, without the query", "[page]") {
  const std::pair<int, Failure::Code> answers[] = {
      {403, Failure::refused}, {404, Failure::gone}, {429, Failure::throttled}, {503, Failure::unavailable}};
  for (const auto& [status, code] : answers) {
    INFO(status);
    auto page = answered({}, status, "");
    REQUIRE_FALSE(page.has_value());
    CHECK(page.error().code == code);
    CHECK(page.error().message.find("key=1") == std::string::npos);
  }
}

TEST_CASE("a list of more than 2000 items is read that far, and says so", "[page]") {
  std::string body;
  for (int i = 0; i < 2100; ++i) body += item("Item " + std::to_string(i), "/" + std::to_string(i));
  auto page = polled(html(body));
  CHECK(page.found.size() == 2000U);
  CHECK(page.refused.size() == 1U);
}

TEST_CASE("a file is read the same way", "[page]") {
  auto parsed = parse_page(html(item("30-31.08.2017 LUND, SWEDEN // What a city can do", "/1")), {.url = address});
  REQUIRE(parsed.has_value());
  auto list = boost::json::parse(*parsed).at("items").as_array();
  REQUIRE(list.size() == 1U);
  CHECK(list[0].at("title").as_string() == "What a city can do");
  CHECK(list[0].at("link").as_string() == "https://www.news.example/1");
  CHECK(list[0].at("published").as_string() == "2017-08-30T12:00:00.000Z");
  CHECK(list[0].at("date_basis").as_string() == "header");
  CHECK(list[0].at("country").as_string() == "SE");
  CHECK_FALSE(list[0].at("date_conflict").as_bool());
}
