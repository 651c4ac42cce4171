#include "connectors/reading/feeds/discover.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace campaignd;

namespace {

const std::string base = "https://paper.example/news/index.html?x=1";

std::string page_of(const std::string& head) {
  return "<!doctype html><html><head>" + head + "</head><body></body></html>";
}

/// What the page declares, without the usual paths.
std::vector<std::string> declared(const std::string& head, const Headers& headers = {}, const std::string& at = base) {
  auto usual = feed_links("", at, {});
  auto all = feed_links(page_of(head), at, headers);
  std::erase_if(all, [&](const std::string& url) { return std::ranges::find(usual, url) != usual.end(); });
  return all;
}

Headers link_header(const std::string& value) {
  Headers out;
  out.emplace_back("link", value);
  return out;
}

using List = std::vector<std::string>;

}  // namespace

TEST_CASE("a page names its feed in any order of attributes, quoted in any way", "[discover]") {
  for (const char* link :
       {"<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/a.rss\">",
        "<link href='/a.rss' type='application/rss+xml' rel='alternate'/>",
        "<LINK REL=Alternate TYPE=APPLICATION/RSS+XML HREF=/a.rss>",
        "<link\n rel = \"home ALTERNATE\"\n type=\" application/rss+xml; charset=utf-8 \" href=\" /a.rss \" >",
        "<link title=\"a > b\" rel=alternate type=application/rss+xml href=/a.rss#top>",
        "<link rel=feed href=/a.rss>"}) {
    INFO(link);
    CHECK(declared(link) == List{"https://paper.example/a.rss"});
  }
}

TEST_CASE("RSS, Atom, RDF and JSON Feed are feeds; other alternates are not", "[discover]") {
  for (const char* type : {"rss+xml", "atom+xml", "rdf+xml", "feed+json", "json"}) {
    INFO(type);
    CHECK(declared("<link rel=alternate type=application/" + std::string(type) + " href=/a>").size() == 1U);
  }
  for (const char* link :
       {"<link rel=alternate hreflang=pl href=/pl/>",
        "<link rel=\"alternate stylesheet\" type=application/rss+xml href=/a>",
        "<link rel=stylesheet type=text/css href=/a.css>",
        "<link rel=alternate type=application/json+oembed href=/oembed?url=x>",
        "<link rel=alternate type=application/json href=/wp-json/wp/v2/pages/2>",
        "<link rel=alternate type=application/json href=/api/oembed>", "<link rel=alternate type=application/rss+xml>",
        "<link rel=alternate type=application/rss+xml href=\"\">",
        "<link rel=alternate type=application/rss+xml href=javascript:alert(1)>",
        "<link rel=alternate type=application/rss+xml href=file:///etc/passwd>",
        "<link rel=alternate type=application/rss+xml href=https://user:word@paper.example/a>"}) {
    INFO(link);
    CHECK(declared(link).empty());
  }
}

TEST_CASE("relative addresses are against <base>, itself against the page", "[discover]") {
  const std::string link = "<link rel=alternate type=application/rss+xml href=\"a.rss?b=1&amp;c=2\">";
  CHECK(declared(link) == List{"https://paper.example/news/a.rss?b=1&c=2"});
  CHECK(declared("<base href=\"/other/\">" + link) == List{"https://paper.example/other/a.rss?b=1&c=2"});
  CHECK(declared("<base href=\"https://cdn.example/x/\">" + link) == List{"https://cdn.example/x/a.rss?b=1&c=2"});
  CHECK(declared(link, {}, "https://paper.example") == List{"https://paper.example/a.rss?b=1&c=2"});
  CHECK(declared("<link rel=alternate type=application/rss+xml href=//b.example/f>") == List{"https://b.example/f"});
  CHECK(declared("<link rel=alternate type=application/rss+xml href=feed://b.example/f>") ==
        List{"https://b.example/f"});
  CHECK(declared("<link rel=alternate type=application/rss+xml href=feed:http://b.example/f>") ==
        List{"http://b.example/f"});
}

TEST_CASE("comments and scripts declare nothing", "[discover]") {
  const std::string link = "<link rel=alternate type=application/rss+xml href=/a.rss>";
  CHECK(declared("<!-- " + link + " -->").empty());
  CHECK(declared("<script>var s = '" + link + "';</script>").empty());
  CHECK(declared("<title>" + link + "</title>").empty());
  CHECK(declared("<script src=x></SCRIPT>" + link).size() == 1U);
}

TEST_CASE("feeds of comments are tried only where a page names no others", "[discover]") {
  const std::string main = "<link rel=alternate type=application/rss+xml title=\"Paper\" href=/main>";
  const std::string by_path = "<link rel=alternate type=application/rss+xml title=\"x\" href=/comments/feed/>";
  const std::string by_title =
      "<link rel=alternate type=application/rss+xml title=\"Paper » Kanał z komentarzami\" href=/c>";
  CHECK(declared(by_path + by_title + main) == List{"https://paper.example/main"});
  CHECK(declared(by_path + by_title) == List{"https://paper.example/comments/feed/", "https://paper.example/c"});
}

TEST_CASE("a Link header names a feed too, before the page does", "[discover]") {
  CHECK(declared("", link_header("<https://paper.example/wp-json/>; rel=\"https://api.w.org/\", "
                                 "</a.atom>; title=\"a, b; c\"; type=\"application/atom+xml\"; rel=alternate")) ==
        List{"https://paper.example/a.atom"});
  CHECK(declared("<link rel=alternate type=application/rss+xml href=/b>",
                 link_header("</a>; rel=\"alternate\"; type=application/rss+xml")) ==
        List{"https://paper.example/a", "https://paper.example/b"});
  for (const char* broken : {"<", "<a", "<a>; rel", "<a>; rel=", "<a>; rel=\"alternate", ";;;<>", "<a>;=;=", ">,<"})
    CHECK(declared("", link_header(broken)).empty());
}

TEST_CASE("behind what is declared come the usual paths, here and at the root", "[discover]") {
  auto links = feed_links("<html></html>", base, {});
  CHECK(links.size() == 10U);
  CHECK(links[0] == "https://paper.example/news/feed/");
  CHECK(links[1] == "https://paper.example/feed/");
  auto at_root = feed_links("", "https://paper.example/", {});
  CHECK(at_root.size() == 5U);
  CHECK(std::ranges::find(at_root, "https://paper.example/") == at_root.end());
}

TEST_CASE("the page itself is no feed of its own", "[discover]") {
  CHECK(declared("<link rel=alternate type=application/rss+xml href=\"\"><link rel=alternate type=application/rss+xml "
                 "href=\"?x=1\">",
                 {}, "https://paper.example/?x=1")
            .empty());
}

TEST_CASE("however many links a page has, few are tried", "[discover]") {
  std::string many;
  for (int i = 0; i < 20'000; ++i)
    many += "<link rel=alternate type=application/rss+xml href=/f" + std::to_string(i) + " title=\"x";
  CHECK(feed_links(many, base, {}).size() <= 20U);
  std::string proper;
  for (int i = 0; i < 20'000; ++i)
    proper += "<link rel=alternate type=application/rss+xml href=/f" + std::to_string(i) + ">";
  CHECK(feed_links(proper, base, {}).size() <= 20U);
  for (const char* piece : {"<", "<!--", "<script", "</", "<link ", "<link a=\"", "<base href='"}) {
    std::string bytes;
    while (bytes.size() < (1U << 20)) bytes += piece;
    CHECK(feed_links(bytes, base, {}).size() <= 20U);
  }
}

// Each of them would end the poll without an answer and count against the source.
TEST_CASE("addresses that can only be somebody's own network are not tried", "[discover]") {
  auto names = [](const std::string& href, const std::string& at = base) {
    return !declared("<link rel=alternate type=application/rss+xml href=\"" + href + "\">", {}, at).empty();
  };
  for (const char* href : {"http://localhost/f",
                           "http://feeds.localhost/f",
                           "http://printer/f",
                           "http://nas.local/f",
                           "http://127.0.0.1/f",
                           "http://127.1/f",
                           "http://0x7f000001/f",
                           "http://2130706433/f",
                           "http://10.1.2.3/f",
                           "http://172.16.0.1/f",
                           "http://172.31.255.255/f",
                           "http://192.168.0.1/f",
                           "http://169.254.169.254/f",
                           "http://100.64.0.1/f",
                           "http://0.0.0.0/f",
                           "http://224.0.0.1/f",
                           "http://127.0.0.1./f",
                           "http://010.8.8.8/f",
                           "http://[::1]/f",
                           "http://[fd00::1]/f",
                           "http://[fe80::1]/f",
                           "http://[::ffff:10.0.0.1]/f",
                           "https://paper.example:8443/f",
                           "https://paper.example:22/f"}) {
    INFO(href);
    CHECK_FALSE(names(href));
  }
  for (const char* href : {"https://feeds.other.example/f", "http://8.8.8.8/f", "http://172.32.0.1/f",
                           "http://100.128.0.1/f", "http://[2001:db8::1]/f", "https://paper.example:443/f",
                           "http://paper.example:80/f", "https://localhost.example/f"}) {
    INFO(href);
    CHECK(names(href));
  }
  CHECK(names("http://127.0.0.1:8080/f", "http://127.0.0.1:8080/"));
  CHECK(names("/f", "https://paper.example:8443/"));
  CHECK_FALSE(names("https://paper.example:8444/f", "https://paper.example:8443/"));
}

TEST_CASE("no address of more than 2000 bytes is tried", "[discover]") {
  auto link = [](std::size_t length) {
    return "<link rel=alternate type=application/rss+xml href=/" + std::string(length, 'a') + ">";
  };
  CHECK(declared(link(1900)).size() == 1U);
  CHECK(declared(link(1990)).empty());
  CHECK(declared(link(100'000)).empty());
}

TEST_CASE("a feed is told by its first bytes", "[discover]") {
  for (const char* feed :
       {"<rss version=\"2.0\">", "\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- a > b --><feed xmlns=\"x\">",
        "<?xml version=\"1.0\"?><!DOCTYPE rss SYSTEM \"x\"><RSS>", "<rdf:RDF xmlns:rdf=\"x\">",
        "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[]}"})
    CHECK(looks_like_feed(feed));
  for (const char* other : {"", "<", "<?xml", "<?xml version=\"1.0\"?><html>", "<!-- <rss>", "<feedback>", "<rsss>",
                            "{\"items\":[]}", "<html><rss>", "rss"})
    CHECK_FALSE(looks_like_feed(other));
}

TEST_CASE("a page is told by its bytes", "[discover]") {
  for (const char* page : {"<!DOCTYPE html><p>x", "\xEF\xBB\xBF\n<HTML lang=pl>",
                           "<?xml version=\"1.0\"?><html xmlns=\"x\">", "<!-- x --><html>", "<body>"})
    CHECK(looks_like_html(page));
  for (const char* other : {"", "hello", "<rss version=\"2.0\"><channel><link>x</link>", "{\"items\":[]}", "<feed>"})
    CHECK_FALSE(looks_like_html(other));
}
