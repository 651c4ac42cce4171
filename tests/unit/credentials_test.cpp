#include "daemon/config/credentials.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "daemon/config/config.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

std::filesystem::path put(const TempDir& dir, const std::string& name, std::string_view text, mode_t mode = 0600) {
  std::filesystem::create_directories(dir.path() / "credentials");
  auto file = dir.write("credentials/" + name, text);
  ::chmod(file.c_str(), mode);
  return file;
}

std::string why_not(const TempDir& dir, const std::string& name) {
  auto read = Credentials(dir.path() / "campaignd.toml").read(name);
  const auto* unreadable = std::get_if<Credentials::Unreadable>(&read);
  return unreadable == nullptr ? std::string() : unreadable->why;
}

}  // namespace

TEST_CASE("a credential is one line of a file that nobody else can read", "[credentials]") {
  TempDir dir;
  put(dir, "good", " secret-4711 \n");
  Credentials credentials(dir.path() / "campaignd.toml");
  auto read = credentials.read("good");
  REQUIRE(std::holds_alternative<Credentials::Secret>(read));
  CHECK(std::get<Credentials::Secret>(read).text == "secret-4711");
  CHECK(credentials.has("good"));
  CHECK_FALSE(credentials.has("other"));
}

TEST_CASE("a credential that others can read, is empty or has lines is none, and what it says is not told",
          "[credentials]") {
  TempDir dir;
  put(dir, "open", "secret-4711", 0644);
  put(dir, "empty", "\n");
  put(dir, "lines", "secret-4711\nx-evil: 1");
  CHECK(why_not(dir, "open").find("chmod 600") != std::string::npos);
  CHECK(why_not(dir, "empty").find("empty") != std::string::npos);
  CHECK(why_not(dir, "lines").find("not one line") != std::string::npos);
  CHECK(why_not(dir, "none").find("LoadCredential=none") != std::string::npos);
  for (const char* name : {"open", "empty", "lines", "none"})
    CHECK(why_not(dir, name).find("4711") == std::string::npos);
}

TEST_CASE("what systemd gives comes before what lies beside the configuration", "[credentials]") {
  TempDir dir, given;
  put(dir, "key", "beside");
  ::chmod(given.write("key", "given").c_str(), 0440);  // as an access list shows
  ::setenv("CREDENTIALS_DIRECTORY", given.path().c_str(), 1);
  auto read = Credentials(dir.path() / "campaignd.toml").read("key");
  ::unsetenv("CREDENTIALS_DIRECTORY");
  REQUIRE(std::holds_alternative<Credentials::Secret>(read));
  CHECK(std::get<Credentials::Secret>(read).text == "given");
}

TEST_CASE("a token of one server is for the sources of that server", "[credentials]") {
  TempDir dir;
  put(dir, "mastodon-a.example", "token");
  put(dir, "mastodon", "of nobody");
  Campaign campaign;
  for (const char* host : {"a.example", "b.example"}) {
    Source source;
    source.id = source.host = host;
    source.connector = "mastodon";
    campaign.sources.push_back(std::move(source));
  }
  std::vector<std::string> warnings;
  give_credentials(campaign, Credentials(dir.path() / "campaignd.toml"), warnings);
  REQUIRE(campaign.sources.size() == 2U);
  CHECK(campaign.sources[0].credential == "mastodon-a.example");
  CHECK(campaign.sources[1].credential.empty());
  CHECK(warnings.empty());
}
