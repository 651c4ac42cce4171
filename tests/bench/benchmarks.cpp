// Each piece of work against a bare loop over the same library and the same bytes, A B A B in one run: machines drift,
// ratios hold. CPU seconds, medians.
#include <fmt/format.h>
#include <libxml/parser.h>
#include <simdjson.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "connectors/reading/feeds/syndication.hpp"
#include "daemon/collect/gate.hpp"

using namespace campaignd;

namespace {

constexpr int pairs = 7;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](timeval t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double timed(const std::function<void()>& work) {
  auto before = cpu_seconds();
  work();
  return cpu_seconds() - before;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

/// `bare` and `ours` do the same `units` of work; a ratio of 1 is the library's own speed.
void compare(std::string_view name, double units, std::string_view unit, const std::function<void()>& bare,
             const std::function<void()>& ours) {
  std::vector<double> bare_times, our_times, ratios;
  bare();
  ours();
  for (int i = 0; i < pairs; ++i) {
    bare_times.push_back(timed(bare));
    our_times.push_back(timed(ours));
    ratios.push_back(bare_times.back() / our_times.back());
  }
  auto [low, high] = std::ranges::minmax(ratios);
  fmt::print("{:34} bare {:9.0f} {}/s  ours {:9.0f} {}/s  ours/bare {:5.2f} ({:.2f}–{:.2f})\n", name,
             units / median(bare_times), unit, units / median(our_times), unit, median(ratios), low, high);
}

std::string mastodon_page() {
  std::string out = "[";
  for (int i = 0; i < 40; ++i)
    out += fmt::format(
        R"({}{{"id":"11485616973689{:04}","created_at":"2027-06-20T08:00:{:02}.000Z","in_reply_to_id":null,"sensitive":false,)"
        R"("spoiler_text":"","visibility":"public","language":"pl","uri":"https://s{}.example/users/u{}/statuses/{}",)"
        R"("url":"https://s{}.example/@u{}/{}","replies_count":1,"reblogs_count":2,"favourites_count":3,"edited_at":null,)"
        R"("content":"<p>{} <a href=\"https://s.example/tags/x\" class=\"mention hashtag\" rel=\"tag\">#<span>{}</span></a></p>",)"
        R"("reblog":null,"account":{{"id":"{}","username":"u{}","acct":"u{}@s{}.example","display_name":"U","bot":false,)"
        R"("note":"<p>{}</p>","followers_count":120,"indexable":true,"avatar":"https://s.example/a.png","fields":[]}},)"
        R"("media_attachments":[],"mentions":[],"tags":[{{"name":"{}","url":"https://s.example/tags/x"}}],"emojis":[],"card":null}})",
        i == 0 ? "" : ",", i, i, i % 7, i, i, i % 7, i, i, std::string(600, 'w'),
        i % 25 == 0 ? "AllInForIntegration" : "other", i, i, i, i % 7, std::string(400, 'b'),
        i % 25 == 0 ? "AllInForIntegration" : "other");
  return out + "]";
}

/// 25 items in three languages, half of them CDATA, half escaped; one has the tag.
std::string rss_feed() {
  constexpr std::string_view sentences[] = {"The integration of refugees is a task for all of us. ",
                                            "Integracja uchodźców to zadanie dla nas wszystkich. ",
                                            "Η ένταξη των προσφύγων είναι υπόθεση όλων μας. "};
  std::string out = R"(<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>News</title>)";
  for (std::size_t i = 0; i < 25; ++i) {
    std::string text;
    while (text.size() < 1900) text += sentences[i % 3];
    if (i == 7) text += "#AllInForIntegration";
    auto body = i % 2 == 0 ? "<![CDATA[<p>" + text + "</p>]]>" : "&lt;p&gt;" + text + "&lt;/p&gt;";
    out += fmt::format(
        "<item><title>Item {}</title><link>https://news.example/{}</link><guid>https://news.example/{}</guid>"
        "<pubDate>Sun, 20 Jun 2027 14:00:{:02} GMT</pubDate><description>{}</description></item>",
        i, i, i, i, body);
  }
  return out + "</channel></rss>";
}

/// Fields copied into a struct, nothing judged.
void bare_json(simdjson::ondemand::parser& parser, const simdjson::padded_string& page, std::size_t& sum) {
  auto document = parser.iterate(page);
  for (auto item : document.get_array()) {
    Finding finding;
    auto text = [&](const char* key, std::string& into) {
      into = std::string(std::string_view(item[key].get_string()));
    };
    text("id", finding.local_id);
    std::string created;
    text("created_at", created);
    text("language", finding.post.language);
    text("uri", finding.post.uri);
    text("url", finding.post.url);
    finding.counters.replies = std::int64_t(item["replies_count"]);
    finding.counters.reposts = std::int64_t(item["reblogs_count"]);
    finding.counters.likes = std::int64_t(item["favourites_count"]);
    text("content", finding.post.text);
    finding.post.author.key = std::string(std::string_view(item["account"]["acct"].get_string()));
    sum += finding.post.text.size();
  }
}

void bare_xml(const std::string& feed, std::size_t& sum) {
  xmlSAXHandler sax{};
  sax.initialized = XML_SAX2_MAGIC;
  sax.characters = [](void* context, const xmlChar*, int length) {
    *static_cast<std::size_t*>(context) += static_cast<std::size_t>(length);
  };
  sax.cdataBlock = sax.characters;
  auto* context = xmlCreatePushParserCtxt(&sax, &sum, feed.data(), static_cast<int>(feed.size()), nullptr);
  xmlParseChunk(context, nullptr, 0, 1);
  xmlFreeParserCtxt(context);
}

}  // namespace

int main() {
  auto folder = std::filesystem::temp_directory_path() / fmt::format("campaignd-bench-{}", ::getpid());
  std::filesystem::create_directories(folder);
  Config config;
  config.campaign.editions.push_back({.id = "2027",
                                      .day = "2027-06-20",
                                      .from = *day_start("UTC", 2027, 1, 1),
                                      .until = *day_start("UTC", 2028, 1, 1)});
  config.campaign.terms.push_back({.id = "tag", .match_class = MatchClass::hashtag, .text = "AllInForIntegration"});
  collect::Gate gate(config, collect::Keys::open(folder, {"2027"}, false));
  const Contract& contract = find_platform("mastodon")->contract;
  auto noon = *day_start("UTC", 2027, 6, 21);
  std::size_t sum = 0;

  constexpr int rounds = 300;
  auto page = mastodon_page();
  simdjson::padded_string padded(page);
  simdjson::ondemand::parser parser;
  auto read_page = [&] {
    auto job = find_platform("mastodon")
                   ->make({.host = "s.example", .tags = {"x"}})
                   ->discover({"newest=1&asked=9000000000000", "", ""});
    Answer answer{job->ask(noon), 200, {}, page, noon};
    return *job->read(answer);
  };
  auto times = [](const std::function<void()>& work) {
    return [work] {
      for (int i = 0; i < rounds; ++i) work();
    };
  };
  auto bare = times([&] { bare_json(parser, padded, sum); });
  compare("Mastodon page read", rounds * 40.0, "posts", bare, times([&] { sum += read_page().found.size(); }));
  compare("Mastodon page read, matched, gated", rounds * 40.0, "posts", bare,
          times([&] { sum += gate.admit(read_page().found, contract, noon).facts.size(); }));

  auto feed = rss_feed();
  compare("feed read", rounds * static_cast<double>(feed.size()) / 1e6, "MB", times([&] { bare_xml(feed, sum); }),
          times([&] { sum += read_feed(feed, "", "https://news.example/")->entries.size(); }));
  auto broken = feed;
  broken.insert(broken.find("<item>"), "<br>");
  compare("broken feed read", rounds * static_cast<double>(feed.size()) / 1e6, "MB",
          times([&] { bare_xml(feed, sum); }),
          times([&] { sum += read_feed(broken, "", "https://news.example/")->entries.size(); }));
  auto read_articles = [&] {
    auto job = find_platform("feed")->make({.url = "https://news.example/feed.xml"})->discover({});
    Answer answer{job->ask(noon), 200, {}, feed, noon};
    return *job->read(answer);
  };
  compare("feed read, matched, gated", rounds * static_cast<double>(feed.size()) / 1e6, "MB",
          times([&] { bare_xml(feed, sum); }),
          times([&] { sum += gate.admit(read_articles().found, find_platform("feed")->contract, noon).facts.size(); }));
  std::filesystem::remove_all(folder);
  return sum == 0 ? 1 : 0;
}
