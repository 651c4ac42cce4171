// Keys: whose are different, which are lost, which are destroyed.
#include <catch2/catch.hpp>

#include "daemon/collect/keys.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using collect::KeyProblem;
using collect::Keys;
namespace fs = std::filesystem;

namespace {

fs::path edition_key(const TempDir& dir) { return dir.path() / "edition-2025.key"; }

}  // namespace

TEST_CASE("P-02 two keys give no common pseudonym, alias, suppression or export id", "[privacy]") {
  TempDir one_dir, other_dir;
  auto one = Keys::open(one_dir.path(), {"2025"}, false), other = Keys::open(other_dir.path(), {"2025"}, false);
  CHECK(one.pseudonym("2025", "mastodon", "ala") != other.pseudonym("2025", "mastodon", "ala"));
  CHECK(one.alias("ala") != other.alias("ala"));
  CHECK(one.suppression("fediverse", "ala") != other.suppression("fediverse", "ala"));
  CHECK(one.export_id("ala") != other.export_id("ala"));
}

TEST_CASE("P-02 what one key makes for one purpose is nothing of another purpose's", "[privacy]") {
  TempDir dir;
  auto keys = Keys::open(dir.path(), {"2025"}, false);
  std::string text = "2025|ala";
  CHECK(keys.alias(text) != keys.suppression("2025", "ala"));
  CHECK(keys.alias(text) != keys.pseudonym("2025", "2025", "ala"));
  auto pseudonym = keys.pseudonym("2025", "mastodon", "ala");
  CHECK(keys.suppression(pseudonym) != pseudonym);
  CHECK(keys.export_id(text).size() == 16U);
  CHECK(keys.export_id(text) == Keys::open(dir.path(), {"2025"}, true).export_id(text));
}

TEST_CASE("P-03 a key that the list knows, or pseudonyms in the database need, is never made a second time",
          "[privacy]") {
  TempDir dir;
  Keys::open(dir.path(), {"2025"}, false);
  fs::remove(edition_key(dir));
  CHECK_THROWS_WITH(Keys::open(dir.path(), {"2025"}, true),
                    Catch::Contains("edition-2025.key") && Catch::Contains("restore"));
  dir.write("editions.made", "");
  CHECK_THROWS_WITH(Keys::open(dir.path(), {"2025"}, true, {"2025"}), Catch::Contains("edition-2025.key"));
  CHECK_FALSE(fs::exists(edition_key(dir)));
  CHECK_NOTHROW(Keys::open(dir.path(), {"2025"}, true, {"2024"}));  // a new edition's
  CHECK(fs::exists(edition_key(dir)));
}

TEST_CASE("P-03 without the root key nothing is made beside a database or a list of who asked to be forgotten",
          "[privacy]") {
  TempDir dir;
  Keys::open(dir.path(), {"2025"}, false);
  fs::remove(dir.path() / "root.key");
  CHECK_THROWS_WITH(Keys::open(dir.path(), {"2025"}, true), Catch::Contains("root.key"));
  dir.write("suppressed", "");
  CHECK_THROWS_WITH(Keys::open(dir.path(), {"2025"}, false), Catch::Contains("root.key"));
  CHECK_FALSE(fs::exists(dir.path() / "root.key"));
}

TEST_CASE("P-03 a file with authors says of which editions it holds private ones", "[privacy]") {
  World world;
  CHECK(store::editions_with_authors(world.file).empty());
  auto organisation = make_fact("1", "ngo", utc("2025-06-20T08:00:00Z"));
  organisation.author.name = organisation.author.partner = "ngo";
  world.see({organisation}, utc("2025-06-20T08:00:00Z"));
  CHECK(store::editions_with_authors(world.file).empty());
  world.see({make_fact("2", "ala", utc("2025-06-20T08:00:00Z"))}, utc("2025-06-20T08:00:00Z"));
  CHECK(store::editions_with_authors(world.file) == std::set<std::string>{"2025"});
}

TEST_CASE("a destroyed key is told from a lost one, and is gone from every copy", "[privacy]") {
  TempDir dir;
  auto keys = Keys::open(dir.path(), {"2024", "2025"}, false);
  auto copy = keys;
  copy.destroy("2025");
  CHECK_FALSE(keys.has("2025"));
  CHECK(keys.has("2024"));
  CHECK_THROWS(keys.pseudonym("2025", "mastodon", "ala"));
  CHECK_FALSE(fs::exists(edition_key(dir)));
  auto again = Keys::open(dir.path(), {"2024", "2025"}, true, {"2025"});
  CHECK_FALSE(again.has("2025"));
  CHECK(again.made().empty());
  CHECK(again.alias("x") == keys.alias("x"));
}

TEST_CASE("a destroyed key that comes back with a backup of the keys is destroyed again", "[privacy]") {
  TempDir dir;
  auto keys = Keys::open(dir.path(), {"2025"}, false);
  auto kept = read_file(edition_key(dir));
  keys.destroy("2025");
  dir.write("edition-2025.key", kept);
  CHECK_FALSE(Keys::open(dir.path(), {"2025"}, true).has("2025"));
  CHECK_FALSE(fs::exists(edition_key(dir)));
}
