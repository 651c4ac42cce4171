// What a newer program makes of an older database.
#include <catch2/catch.hpp>

#include "daemon/store/embedded.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;

TEST_CASE("articles of a database of before are media until the configuration says more", "[store]") {
  TempDir dir;
  auto file = dir.path() / "campaign.db";
  {
    store::Database old(file, store::Access::write);
    old.run(std::string(embedded("0001_facts.sql")).c_str());
    old.run(
        "PRAGMA application_id = 1129140292; PRAGMA user_version = 1;"
        "INSERT INTO author(id, edition, platform, pseudonym) VALUES (1, '2025', 'feed', x'00');"
        "INSERT INTO post(id, edition, platform, network, host, author, kind, published_utc, first_seen_utc, "
        "confirmed_utc, uri, url) VALUES (1, '2025', 'feed', 'web', 'onet.pl', 1, 'article', 7200000, 9000000, "
        "9000000, 'https://onet.pl/a/1', 'https://onet.pl/a/1'), (2, '2025', 'mastodon', 'fediverse', 'm.example', 1, "
        "'original', 7200000, 9000000, 9000000, '', '');"
        "INSERT INTO match VALUES (1, '2025', 'tag', 'hashtag', 9000000, NULL);"
        "INSERT INTO reading VALUES (1, '2025', 7200000, 'feed', 'web', 'onet.pl', 1, NULL, NULL, 'article', "
        "'hashtag', 'tag', NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, 0, 9000000);");
  }
  auto behind = [&] {
    store::Database db(file, store::Access::read);
    return store::behind(db);
  };
  CHECK(behind().starts_with("the database has schema 1, and this program reads "));
  store::Store books(file);
  CHECK(behind().empty());
  auto ask = [&](const char* sql) {
    store::Database db(file, store::Access::read);
    store::Query query(db, sql);
    return query.next() ? query.text(0) : "no row";
  };
  CHECK(ask("SELECT relation FROM post WHERE id = 1") == "pickup");
  CHECK(ask("SELECT relation IS NULL AND cluster IS NULL FROM post WHERE id = 2") == "1");
  CHECK(ask("SELECT relation FROM reading") == "pickup");
  CHECK(ask("SELECT hour_utc FROM dirty") == "7200000");
  books.attribute({}, [](const std::string& url, const std::string& host) {
    store::PageOwner owner;
    CHECK(url == "https://onet.pl/a/1");
    owner.outlet = host;
    return owner;
  });
  CHECK(ask("SELECT outlet FROM reading") == "onet.pl");
}
