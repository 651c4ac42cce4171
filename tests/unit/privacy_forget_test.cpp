// Accounts that asked to be forgotten, and copies of the database from before they asked.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "daemon/store/lists.hpp"
#include "tests/unit/roster.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms morning = utc("2025-06-20T08:00:00Z");

std::string bytes_of(const store::Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}
store::Digest suppression(const store::Digest& pseudonym) { return digest("suppressed " + bytes_of(pseudonym)); }

store::Fact fact_of(const std::string& name, const std::string& author) {
  auto fact = make_fact(name, author, morning);
  fact.author.handle = digest("handle " + author);
  fact.author.followers = 7;
  fact.counters.likes = 1;
  fact.author.suppressed_as = {suppression(fact.author.pseudonym), suppression(*fact.author.handle)};
  return fact;
}

store::Account account_of_author(const std::string& author) {
  return {{"mastodon:" + author}, {{"2025", "mastodon", digest("handle " + author)}}, {digest("name " + author)}};
}

/// Everything the database is on the disk.
std::string on_disk(const World& world) {
  auto out = read_file(world.file);
  auto log = world.file.string() + "-wal";
  return std::filesystem::exists(log) ? out + read_file(log) : out;
}

std::string hex(const store::Digest& digest) {
  std::string out;
  for (auto byte : digest) out += fmt::format("{:02x}", byte);
  return out;
}

std::string base32(const store::Digest& digest) {
  std::string out;
  unsigned bits = 0;
  int held = 0;
  for (auto byte : digest) {
    bits = bits << 8 | byte;
    for (held += 8; held >= 5; held -= 5) out += "abcdefghijklmnopqrstuvwxyz234567"[bits >> (held - 5) & 31];
  }
  return out;
}

}  // namespace

TEST_CASE("P-09 what is forgotten is in no byte of the database when its log is empty", "[privacy]") {
  World world;
  std::vector<store::Fact> facts;
  for (int i = 0; i < 60; ++i) facts.push_back(fact_of("other" + std::to_string(i), "author" + std::to_string(i % 5)));
  facts.push_back(fact_of("hers", "ala"));
  world.see(facts, morning);
  auto hers = facts.back();
  REQUIRE(on_disk(world).find(hers.uri) != std::string::npos);
  auto gone = world.books.forget(account_of_author("ala"), suppression, morning);
  CHECK(gone.accounts == 1);
  CHECK(gone.posts == 1);
  CHECK(gone.readings == 1);
  CHECK(gone.followers == 1);
  CHECK(gone.sightings == 1);
  REQUIRE(world.books.erase(gone.traces));
  auto left = on_disk(world);
  CHECK(left.find(hers.uri) == left.npos);
  CHECK(left.find(bytes_of(hers.author.pseudonym)) == left.npos);
  CHECK(left.find(bytes_of(*hers.author.handle)) == left.npos);
  CHECK(left.find(bytes_of(hers.keys.front().key)) == left.npos);
  CHECK(left.find(facts.front().uri) != left.npos);
}

TEST_CASE("P-09 an account that was an organisation's once is in no change of the configuration either", "[privacy]") {
  World world;
  world.books.note_settings({{"partner ngo", {{"accounts", "[\"mastodon:ala\", \"mastodon:ola\"]"}}}}, morning);
  world.books.note_settings({{"partner ngo", {{"accounts", "[\"mastodon:ola\"]"}}}}, morning);
  REQUIRE(world.ask("SELECT count(*) FROM change WHERE instr(old, 'mastodon:ala')") == 1);
  auto gone = world.books.forget(account_of_author("ala"), suppression, morning);
  REQUIRE(world.books.erase(gone.traces));
  CHECK(on_disk(world).find("mastodon:ala") == std::string::npos);
  CHECK(world.ask("SELECT count(*) FROM change WHERE old = '[\"…\", \"mastodon:ola\"]'") == 1);
}

TEST_CASE("P-09 nothing of a forgotten account is kept again, under whichever of its names it is met", "[privacy]") {
  World world;
  world.see({fact_of("1", "ala")}, morning);
  world.books.forget(account_of_author("ala"), suppression, morning);
  CHECK(world.see({fact_of("2", "ala")}, morning).fresh == 0);
  auto by_id = fact_of("3", "ala");
  by_id.author.handle.reset();
  by_id.author.suppressed_as = {suppression(by_id.author.pseudonym)};
  CHECK(world.see({by_id}, morning).fresh == 0);
  CHECK(world.see({fact_of("4", "ola")}, morning).fresh == 1);
}

TEST_CASE("an account that is forgotten before it was ever seen is known by its id once that is seen with its handle",
          "[privacy]") {
  World world;
  world.books.forget(account_of_author("ala"), suppression, morning);
  CHECK(world.see({fact_of("1", "ala")}, morning).fresh == 0);
  auto by_id = fact_of("2", "ala");
  by_id.author.handle.reset();
  by_id.author.suppressed_as = {suppression(by_id.author.pseudonym)};
  CHECK(world.see({by_id}, morning).fresh == 0);
}

TEST_CASE("P-10 a backup from before a forget and a removal is restored without what went", "[privacy]") {
  World world;
  world.see({fact_of("hers", "ala"), fact_of("removed", "ola"), fact_of("kept", "ela")}, morning);
  auto copy = world.dir.path() / "copy.db";
  store::back_up(world.file, copy, {}, morning);
  world.books.forget(account_of_author("ala"), suppression, morning);
  auto page = make_page({}, morning);
  page.deleted.push_back(digest("removed"));
  world.books.save(page, morning);
  store::Store restored(copy);  // in the same directory, where the lists are
  CHECK(restored.replay(suppression, morning) == 2);
  CHECK(restored.replay(suppression, morning) == 0);
  auto late = make_page({fact_of("hers", "ala"), fact_of("removed", "ola")}, morning);
  restored.save(late, morning);
  CHECK(late.poll.fresh == 0);
  store::Database db(copy, store::Access::read);
  store::Query query(db, "SELECT count(*) FROM post");
  REQUIRE(query.next());
  CHECK(query.integer(0) == 1);
}

TEST_CASE("a list with a torn last line says what the lines before it say; what is over leaves it", "[privacy]") {
  TempDir dir;
  auto file = dir.path() / "removed";
  CHECK(store::read_list(file).empty());
  store::append_to_list(file, {{digest("a"), morning}, {digest("b"), morning + std::chrono::hours(2)}});
  std::ofstream(file, std::ios::app) << "0123456789abcdef";
  REQUIRE(store::read_list(file).size() == 2U);
  CHECK(store::read_list(file)[1].hash == digest("b"));
  CHECK(store::read_list(file)[1].at == morning + std::chrono::hours(2));
  store::shorten_list(file, morning + std::chrono::hours(1));
  REQUIRE(store::read_list(file).size() == 1U);
  CHECK(store::read_list(file)[0].hash == digest("b"));
}

TEST_CASE("P-11 no sheet has a private link, a word of a private post, or what its author is stored as", "[privacy]") {
  Roster roster;
  roster.read_all();
  roster.post("used@social.example", "Lunch #AllIn");
  roster.post("ala@home.example", "A secret sentence #AllIn");
  roster.post("ola@home.example", "Another secret #AllIn");
  std::vector<std::string> forbidden{"ala@", "ola@", "secret"};
  {
    store::Database db(roster.file, store::Access::read);
    for (store::Query query(db, "SELECT pseudonym, handle FROM author WHERE partner IS NULL AND name IS NULL");
         query.next();)
      for (int column : {0, 1}) {
        if (query.is_null(column)) continue;
        forbidden.push_back(hex(query.digest(column)));
        forbidden.push_back(base32(query.digest(column)).substr(0, 16));
      }
    for (store::Query query(db,
                            "SELECT url, uri FROM post JOIN author ON author.id = post.author WHERE author.partner IS "
                            "NULL AND author.name IS NULL");
         query.next();)
      for (int column : {0, 1}) forbidden.push_back(query.text(column));
  }
  REQUIRE(forbidden.size() >= 9U);
  for (auto name : report::sheet_names()) {
    auto csv = report::to_csv(roster.sheet(name));
    for (const auto& word : forbidden) {
      CAPTURE(name, word);
      CHECK(csv.find(word) == csv.npos);
    }
  }
}
