// Articles from the gate to the figures: one page under several links, one text in several outlets.
#include "tests/unit/newsroom.hpp"

using namespace campaignd;
using namespace campaignd::test;

TEST_CASE("T-19 the same agency text in six outlets is six articles, six outlets, five of them syndicated",
          "[articles]") {
  auto order = outlets;
  for (int round = 0; round < 6; ++round) {
    Newsroom world;
    for (const auto& outlet : order)
      world.read(article("https://" + outlet + "/news/1", headline, morning + 10min, agency_text));
    CHECK(world.figure("M-13") == 6);
    CHECK(world.figure("M-13-outlets") == 6);
    CHECK(world.figure("M-13-syndicated") == 5);
    CHECK(world.ask("SELECT count(DISTINCT cluster) FROM post") == 1);
    CHECK(world.ask("SELECT min(cluster) = min(id) FROM post") == 1);
    std::ranges::rotate(order, order.begin() + 1);
  }
}

TEST_CASE("T-22 articles by country, unknown among them, add up to the total", "[articles]") {
  Newsroom world;
  for (const auto& outlet : outlets)
    world.read(article("https://" + outlet + "/news/1", headline, morning, agency_text));
  for (const char* metric : {"M-13", "M-13-outlets", "M-13-syndicated"}) {
    double sum = 0;
    for (const auto& [country, figure] : world.by_country(metric)) sum += figure.value.value_or(0);
    INFO(metric);
    CHECK(world.figure(metric) == sum);
  }
  auto articles = world.by_country("M-13");
  CHECK(articles.at("unknown").value == 3.0);
  CHECK(articles.at("PL").value == 2.0);
  CHECK(articles.at("FR").value == 1.0);
  auto rows = world.sheet("media_countries").rows;
  CHECK(rows.size() == 3U);
}

TEST_CASE("a search feed's item and the outlet's own are one article, whichever came first", "[articles]") {
  const auto own = article("https://www.lemonde.fr/a/1.html?xtor=RSS-1", headline, morning, agency_text);
  const auto searched = search_item("CBMiB0FVX3lxTE0", headline, morning + 20min);
  for (bool own_first : {true, false}) {
    Newsroom world;
    world.read(own_first ? own : searched, morning + 1h);
    world.read(own_first ? searched : own, morning + 2h);
    world.read(searched, morning + 3h);
    INFO(own_first);
    CHECK(world.ask("SELECT count(*) FROM post") == 1);
    CHECK(world.ask("SELECT count(*) FROM reading") == 1);
    CHECK(world.text("SELECT url FROM post") == "https://www.lemonde.fr/a/1.html?xtor=RSS-1");
    CHECK(world.text("SELECT uri FROM post") == world.text("SELECT url FROM post"));
    CHECK(world.text("SELECT title FROM post") == headline);
    CHECK(world.text("SELECT outlet FROM reading") == "lemonde.fr");
    CHECK(world.text("SELECT outlet_country FROM reading") == "FR");
    CHECK(world.ask("SELECT at_utc FROM reading") == morning.time_since_epoch().count());
    CHECK(world.ask("SELECT count(*) FROM change WHERE what = 'merge'") == 1);
    CHECK(world.figure("M-13") == 1);
  }
}

TEST_CASE("one page under two links is one article", "[articles]") {
  Newsroom world;
  world.read(article("https://www.onet.pl/a/1?utm_source=rss", headline));
  world.read(article("http://m.onet.pl/a/1/amp/", "Another headline for the same page"));
  auto wrapped = article("http://www.bing.com/news/apiclick.aspx?ref=FexRss&url=https%3a%2f%2fwww.onet.pl%2fa%2f1&c=7",
                         "A third headline for it");
  world.read(wrapped);
  CHECK(world.ask("SELECT count(*) FROM post") == 1);
  CHECK(world.text("SELECT url FROM post") == "https://www.onet.pl/a/1");
  CHECK(world.text("SELECT outlet FROM post") == "onet.pl");
}

// Both were stored before the link that shows them to be one.
TEST_CASE("two rows that turn out to be one article keep the best of both, in both orders", "[articles]") {
  auto undated = article("https://onet.pl/a/1", headline, morning, "Nothing but the word AllIn, and a #AllIn");
  undated.post.published.reset();
  auto dated = article("https://onet.pl/b/2", "Quite another headline on the page", morning - 24h, agency_text);
  auto both = article("https://onet.pl/a/1", headline, morning - 1h);
  both.post.aliases.push_back("https://onet.pl/b/2");
  for (bool dated_first : {true, false}) {
    Newsroom world;
    world.read(dated_first ? dated : undated, morning);
    world.read(dated_first ? undated : dated, morning + 1h);
    REQUIRE(world.ask("SELECT count(*) FROM post") == 2);
    world.read(both, morning + 2h);
    INFO(dated_first);
    CHECK(world.ask("SELECT count(*) FROM post") == 1);
    CHECK(world.ask("SELECT published_utc FROM post") == (morning - 24h).time_since_epoch().count());
    CHECK(world.text("SELECT date_basis FROM post") == "stated");
    CHECK(world.text("SELECT url FROM post") == "https://onet.pl/a/1");
    CHECK(world.text("SELECT title FROM post") == headline);
    CHECK(world.ask("SELECT count(*) FROM change WHERE what = 'merge'") == 1);
    CHECK(world.ask("SELECT count(*) FROM match WHERE until_utc IS NULL") == 1);
    CHECK(world.ask("SELECT count(DISTINCT post) FROM alike") == 1);
    CHECK(world.ask("SELECT cluster = id FROM post") == 1);
  }
}

TEST_CASE("a merge keeps the stronger match", "[articles]") {
  for (bool strong_first : {true, false}) {
    Newsroom world;
    auto fact = [&](const Finding& finding, MatchClass match_class) {
      auto out = world.gate.admit({finding}, feed_contract, morning).facts.at(0);
      out.match->match_class = match_class;
      return out;
    };
    auto strong = fact(article("https://onet.pl/a/1", "First of two headlines here"), MatchClass::hashtag);
    auto weak = fact(article("https://onet.pl/b/2", "Second of two headlines here"), MatchClass::phrase);
    world.see({strong_first ? strong : weak}, morning);
    world.see({strong_first ? weak : strong}, morning + 1min);
    auto both = weak;
    both.keys.push_back(strong.keys.at(0));
    world.see({both}, morning + 2min);
    INFO(strong_first);
    CHECK(world.text("SELECT class FROM reading") == "hashtag");
    CHECK(world.ask("SELECT count(*) FROM reading") == 1);
  }
}

TEST_CASE("a headline names an article for seven days", "[articles]") {
  Newsroom world;
  world.read(article("https://onet.pl/a/1", headline, morning), later);
  world.read(article("https://onet.pl/a/2", headline, morning + std::chrono::days(7)), later);
  CHECK(world.ask("SELECT count(*) FROM post") == 1);
  world.read(article("https://onet.pl/a/3", headline, morning + std::chrono::days(8)), later);
  CHECK(world.ask("SELECT count(*) FROM post") == 2);
  // The newer one has the name now, and the older one does not take it back.
  world.read(article("https://onet.pl/a/1", headline, morning), later);
  world.read(article("https://onet.pl/a/4", headline, morning + std::chrono::days(14)), later);
  CHECK(world.ask("SELECT count(*) FROM post") == 2);
  CHECK(world.ask("SELECT count(*) FROM alias WHERE why = 'title'") == 1);
  CHECK(world.ask("SELECT post FROM alias WHERE why = 'title'") == world.ask("SELECT max(id) FROM post"));
}

TEST_CASE("a headline names an article within its outlet only, and a short one never", "[articles]") {
  Newsroom world;
  world.read(article("https://onet.pl/a/1", headline));
  world.read(article("https://rp.pl/a/1", headline));
  world.read(article("https://onet.pl/a/2", "Photo of the day"));
  world.read(article("https://onet.pl/a/3", "Photo of the day"));
  CHECK(world.ask("SELECT count(*) FROM post") == 4);
}

TEST_CASE("partners' pages and wires are told apart from media pickup", "[articles]") {
  Newsroom world;
  world.read(article("https://www.ngo.example/a", "We are all in for integration this year"));
  world.read(article("https://www.wire.example/release/1", headline, morning, agency_text));
  world.read(article("https://onet.pl/a/1", headline, morning + 1h, agency_text));
  CHECK(world.figure("M-13") == 1);
  CHECK(world.figure("M-13-outlets") == 1);
  CHECK(world.figure("M-13-owned") == 1);
  CHECK(world.figure("M-13-distribution") == 1);
  // The release is the first of its text, but no media pickup that could be copied.
  CHECK(world.figure("M-13-syndicated") == 0);
  auto rows = world.sheet("media").rows;
  REQUIRE(rows.size() == 3U);
  std::vector<std::string> relations;
  for (const auto& row : rows) relations.push_back(std::get<std::string>(row.at(11)));
  CHECK(relations == std::vector<std::string>{"owned", "distribution", "pickup"});
  CHECK(std::get<std::string>(rows[0].at(13)) == "ngo");
  CHECK(std::holds_alternative<std::monostate>(rows[0].at(12)));
  CHECK(rows[1].at(12) == rows[2].at(12));
}

TEST_CASE("a new table of outlets and new partners reach what is stored", "[articles]") {
  Newsroom world;
  world.read(article("https://onet.pl/a/1", headline));
  REQUIRE(world.text("SELECT outlet_country FROM reading") == "PL");
  auto config = make_config();
  config.campaign.outlets["onet.pl"].distribution = true;
  config.campaign.outlets["onet.pl"].country = "SK";
  collect::Gate wire(config, collect::Keys::open(world.dir.path(), {"2025"}, true));
  auto attribute = [&](const collect::Gate& gate) {
    world.books.attribute(
        {}, [&](const std::string& url, const std::string& host) { return gate.press().owner_of_page(url, host); });
  };
  attribute(wire);
  CHECK(world.text("SELECT outlet_country FROM reading") == "SK");
  CHECK(world.figure("M-13-distribution") == 1);
  config.campaign.partners[0].outlets = {"onet.pl"};
  attribute(collect::Gate(config, collect::Keys::open(world.dir.path(), {"2025"}, true)));
  CHECK(world.figure("M-13-owned") == 1);
  CHECK(world.text("SELECT partner FROM reading") == "ngo");
  config.campaign.partners[0].outlets.clear();
  config.campaign.outlets_owned = {"onet.pl"};
  attribute(collect::Gate(config, collect::Keys::open(world.dir.path(), {"2025"}, true)));
  CHECK(world.figure("M-13-owned") == 1);  // the campaign's own site, and no partner's
  CHECK(world.ask("SELECT count(*) FROM reading WHERE partner IS NULL AND relation = 'owned'") == 1);
}

TEST_CASE("an outlet an aggregator hides is unknown, and its article counts", "[articles]") {
  Newsroom world;
  auto hidden = article("https://news.google.com/rss/articles/CBMiB0FVX3lxTE0?oc=5", headline);
  hidden.post.host = hidden.post.author.key = "news.google.com";
  world.read(hidden);
  CHECK(world.figure("M-13") == 1);
  CHECK(world.figure("M-13-outlets") == 0);
  CHECK(world.by_country("M-13").at("unknown").value == 1.0);
  CHECK(world.ask("SELECT outlet IS NULL FROM reading") == 1);
}

TEST_CASE("an article that joins two clusters makes them one, and one that parts them two", "[articles]") {
  Newsroom world;
  world.read(article("https://a.example/1", headline, morning));
  world.read(article("https://b.example/1", headline, morning + std::chrono::days(12)));
  CHECK(world.figure("M-13-syndicated") == 0);
  auto between = article("https://c.example/1", headline, morning + std::chrono::days(6));
  world.read(between);
  CHECK(world.figure("M-13-syndicated") == 2);
  CHECK(world.ask("SELECT count(DISTINCT cluster) FROM reading") == 1);
  // It turns out to be older than its feed said: the last one is more than a week away from all others now.
  between.post.published = morning + std::chrono::days(2);
  world.read(between);
  CHECK(world.ask("SELECT count(DISTINCT cluster) FROM reading") == 2);
  CHECK(world.figure("M-13-syndicated") == 1);
}

TEST_CASE("clusters are the same in whatever order articles arrive", "[articles]") {
  std::vector<Finding> all;
  for (int i = 0; i < 12; ++i)
    all.push_back(article("https://o" + std::to_string(i) + ".example/1",
                          i % 3 == 0 ? headline : "Headline number " + std::to_string(i) + " of a dozen papers",
                          morning + std::chrono::days(i * 3 % 20), i % 4 == 0 ? agency_text : "Short #AllIn"));
  auto shape = [&](const std::vector<Finding>& order) {
    Newsroom world;
    for (const auto& each : order) world.read(each);
    std::map<std::string, std::set<std::string>> by_cluster;
    std::set<std::set<std::string>> out;
    store::Database db(world.file, store::Access::read);
    for (store::Query query(db, "SELECT cluster, outlet FROM reading"); query.next();)
      by_cluster[query.text(0)].insert(query.text(1));
    for (auto& [cluster, members] : by_cluster) out.insert(members);
    return out;
  };
  auto first = shape(all);
  CHECK(first.size() < all.size());
  auto order = all;
  std::ranges::reverse(order);
  CHECK(shape(order) == first);
  std::ranges::rotate(order, order.begin() + 5);
  CHECK(shape(order) == first);
}

TEST_CASE("a stated date beats prose and the first sight, and the earliest stated one stands", "[articles]") {
  Newsroom world;
  auto undated = article("https://onet.pl/a/1", headline);
  undated.post.published.reset();
  world.read(undated, morning + 48h);
  CHECK(world.text("SELECT date_basis FROM post") == "first_seen");
  auto prose = article("https://onet.pl/a/1", headline, morning - 48h);
  prose.post.date_basis = DateBasis::prose;
  world.read(prose, morning + 49h);
  CHECK(world.text("SELECT date_basis FROM post") == "prose");
  auto header = article("https://onet.pl/a/1", headline, morning - 1h);
  header.post.date_basis = DateBasis::header;
  header.post.date_conflict = true;
  header.post.place = "Warszawa";
  world.read(header, morning + 50h);
  CHECK(world.text("SELECT date_basis FROM post") == "header");
  CHECK(world.ask("SELECT date_conflict FROM post") == 1);
  world.read(article("https://onet.pl/a/1", headline, morning + 5h), morning + 51h);
  world.read(article("https://onet.pl/a/1", headline, morning), morning + 52h);
  world.read(article("https://onet.pl/a/1", headline, morning + 1h), morning + 53h);
  CHECK(world.text("SELECT date_basis FROM post") == "stated");
  CHECK(world.ask("SELECT at_utc FROM reading") == morning.time_since_epoch().count());
  CHECK(world.ask("SELECT date_conflict FROM post") == 0);
  CHECK(world.text("SELECT place FROM post") == "Warszawa");
  world.read(prose, morning + 54h);
  CHECK(world.ask("SELECT published_utc FROM post") == morning.time_since_epoch().count());
}

TEST_CASE("an article whose headline changes at every poll is not followed for ever", "[articles]") {
  Newsroom world;
  for (int i = 0; i < 100; ++i)
    world.read(article("https://onet.pl/a/1", "Number " + std::to_string(i) + " of many headlines here", morning));
  CHECK(world.ask("SELECT count(*) FROM post") == 1);
  CHECK(world.ask("SELECT count(*) FROM alike") == 72);
  CHECK(world.text("SELECT title FROM post") == "Number 99 of many headlines here");
}
