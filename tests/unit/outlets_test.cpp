#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

constexpr const char* campaign = R"([campaign]
id = "c"
name = "C"
[[edition]]
id = "2025"
day = 2025-06-20
from = 2025-01-01
until = 2026-01-01
[[term]]
id = "tag"
class = "hashtag"
text = "AllIn"
)";

std::variant<Config, std::vector<Problem>> load(const TempDir& dir, const std::string& outlets) {
  dir.write("c.toml", campaign);
  dir.write("outlets.toml", outlets);
  return load_config(dir.write("main.toml", "include = [\"c.toml\", \"outlets.toml\"]\n"));
}

std::string problem(const std::string& outlets) {
  TempDir dir;
  auto loaded = load(dir, outlets);
  auto* found = std::get_if<std::vector<Problem>>(&loaded);
  if (found == nullptr) return "none";
  return found->front().text().substr(dir.path().string().size() + 1);
}

}  // namespace

TEST_CASE("the table of outlets tells country and role, by domain", "[config]") {
  TempDir dir;
  auto loaded = load(dir, R"(outlet = [
  {domain = "lemonde.fr", name = "Le Monde", country = "FR"},
  {domain = "Wire.Example", name = "The Wire", role = "distribution"},
])");
  REQUIRE(std::holds_alternative<Config>(loaded));
  const auto& outlets = std::get<Config>(loaded).campaign.outlets;
  REQUIRE(outlets.size() == 2U);
  CHECK(outlets.at("lemonde.fr").name == "Le Monde");
  CHECK(outlets.at("lemonde.fr").country == "FR");
  CHECK_FALSE(outlets.at("lemonde.fr").distribution);
  CHECK(outlets.at("wire.example").distribution);
  CHECK(outlets.at("wire.example").country.empty());
}

TEST_CASE("the table of outlets that is shipped is sound, and knows every country of the campaign", "[config]") {
  auto loaded = load_config(std::filesystem::path(TEST_FIXTURES) / "../../config/campaignd.toml");
  if (auto* wrong = std::get_if<std::vector<Problem>>(&loaded))
    for (const auto& each : *wrong) UNSCOPED_INFO(each.text());
  REQUIRE(std::holds_alternative<Config>(loaded));
  const auto& campaign_of_it = std::get<Config>(loaded).campaign;
  std::set<std::string> countries;
  for (const auto& [domain, outlet] : campaign_of_it.outlets) countries.insert(outlet.country);
  for (const auto& partner : campaign_of_it.partners) {
    INFO(partner.id);
    CHECK((partner.country.empty() || countries.contains(partner.country)));
  }
}

TEST_CASE("a campaign may go without a table of outlets", "[config]") {
  TempDir dir;
  dir.write("c.toml", campaign);
  auto loaded = load_config(dir.write("main.toml", "include = [\"c.toml\"]\n"));
  REQUIRE(std::holds_alternative<Config>(loaded));
  CHECK(std::get<Config>(loaded).campaign.outlets.empty());
}

TEST_CASE("what is wrong in the table of outlets is said with its place", "[config]") {
  using Catch::Contains;
  using Catch::StartsWith;
  CHECK_THAT(problem("[[outlet]]\nname = \"A\"\n"), StartsWith("outlets.toml:1:1:") && Contains("domain is missing"));
  CHECK_THAT(problem("[[outlet]]\ndomain = \"a.example\"\n"), Contains("name is missing"));
  CHECK_THAT(problem("[[outlet]]\ndomain = \"a.example\"\nname = \"A\"\ncountry = \"Poland\"\n"),
             StartsWith("outlets.toml:4:11:") && Contains("two-letter"));
  CHECK_THAT(problem("[[outlet]]\ndomain = \"a.example\"\nname = \"A\"\ncountry = \"pl\"\n"), Contains("capitals"));
  CHECK_THAT(problem("[[outlet]]\ndomain = \"a.example\"\nname = \"A\"\ncountry = \"UK\"\n"), Contains("GB"));
  CHECK_THAT(problem("[[outlet]]\ndomain = \"a.example\"\nname = \"A\"\nrole = \"wire\"\n"),
             StartsWith("outlets.toml:4:8:") && Contains("distribution"));
  CHECK_THAT(problem("[[outlet]]\ndomain = \"www.lemonde.fr\"\nname = \"A\"\n"),
             StartsWith("outlets.toml:2:10:") && Contains("lies within lemonde.fr"));
  CHECK_THAT(problem("[[outlet]]\ndomain = \"https://lemonde.fr/\"\nname = \"A\"\n"), Contains("is no domain"));
  CHECK_THAT(problem("outlet = [\n{domain = \"a.example\", name = \"A\"},\n{domain = \"A.example\", name = \"B\"}]\n"),
             StartsWith("outlets.toml:3:") && Contains("there twice"));
  CHECK_THAT(problem("[[outlet]]\ndomain = \"a.example\"\nname = \"A\"\ncontry = \"PL\"\n"),
             Contains("did you mean 'country'?"));
  CHECK_THAT(problem("[[outlet]\n"), Contains("no valid TOML"));
  TempDir dir;
  dir.write("c.toml", campaign);
  auto loaded = load_config(dir.write("main.toml", "include = [\"c.toml\", \"nowhere.toml\"]\n"));
  REQUIRE(std::holds_alternative<std::vector<Problem>>(loaded));
  CHECK_THAT(std::get<std::vector<Problem>>(loaded).front().text(), Contains("nowhere.toml"));
}
