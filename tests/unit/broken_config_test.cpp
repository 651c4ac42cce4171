// What a wrong configuration is told, word for word: fixtures/config/broken/NN-name.toml, or NN-name/main.toml where
// layers matter, and NN-name.txt. With UPDATE_GOLDEN=1 in the environment the texts are written anew; then read them
// aloud: do they say what happened, where, and what to do?
#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>

#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
namespace fs = std::filesystem;

namespace {

const fs::path broken = fs::path(TEST_FIXTURES) / "config/broken";

bool is_case(const fs::path& path) {
  auto first = path.filename().string().front();
  return first >= '0' && first <= '9' && path.extension() != ".txt";
}

std::vector<fs::path> cases() {
  std::vector<fs::path> out;
  for (const auto& each : fs::directory_iterator(broken))
    if (is_case(each.path())) out.push_back(each.path());
  std::ranges::sort(out);
  return out;
}

/// As `campaignd check` tells it in the folder of the fixtures. Where shipped data lies, and which connectors there
/// are, is not what the texts are about.
std::string told_of(const fs::path& main) {
  auto loaded = load_config(main);
  std::string out;
  if (const auto* problems = std::get_if<Problems>(&loaded))
    for (const auto& each : *problems) out += each.text() + "\n";
  auto folder = broken.string() + "/";
  for (auto at = out.find(folder); at != out.npos; at = out.find(folder, at)) out.erase(at, folder.size());
  out = std::regex_replace(out, std::regex("none of that name in [^;\n]*"), "none of that name in SHARE");
  return std::regex_replace(out, std::regex("there are [^;\n]* and \\w+"), "there are CONNECTORS");
}

bool is_plain_line(const std::string& text) {
  return std::ranges::none_of(text, [](unsigned char c) { return c < ' '; });
}

/// The files that are shipped, in a folder of their own, to be damaged.
struct Shipped {
  TempDir dir;
  std::map<std::string, std::string> files;
  Shipped() {
    for (const auto* name : {"campaignd.toml", "allinforintegration.toml", "partners.toml"}) {
      files[name] = read_file(fs::path(TEST_FIXTURES) / "../../config" / name);
      dir.write(name, files[name]);
    }
    // Most of the outlets are alike: some stand for all, and the test is quick.
    auto outlets = read_file(fs::path(TEST_FIXTURES) / "../../config/outlets.toml");
    files["outlets.toml"] = outlets.substr(0, outlets.find("\n", 1500)) + "\n]\n";
    dir.write("outlets.toml", files["outlets.toml"]);
  }

  /// With `text` in the place of one of its files: a configuration, or problems that each say something in one line.
  void judge(const std::string& name, const std::string& text) const {
    dir.write(name, text);
    auto loaded = load_config(dir.path() / "campaignd.toml");
    if (const auto* problems = std::get_if<Problems>(&loaded)) {
      REQUIRE_FALSE(problems->empty());
      for (const auto& each : *problems) {
        INFO(each.text());
        REQUIRE((is_plain_line(each.message) && !each.message.empty() && !each.file.empty()));
      }
    } else {
      const auto& campaign = std::get<Config>(loaded).campaign;
      REQUIRE_FALSE((campaign.editions.empty() || campaign.terms.empty()));
    }
    dir.write(name, files.at(name));
  }
};

}  // namespace

TEST_CASE("every kind of mistake is told with its place and what to write instead", "[config]") {
  bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
  auto all = cases();
  CHECK(all.size() >= 30U);
  for (const auto& each : all) {
    INFO(each.filename().string());
    auto told = told_of(fs::is_directory(each) ? each / "main.toml" : each);
    auto expected = fs::path(each).replace_extension(".txt");
    if (update) std::ofstream(expected, std::ios::binary) << told;
    CHECK_FALSE(told.empty());
    CHECK(told == read_file(expected));
  }
}

TEST_CASE("every text of a mistake belongs to a fixture", "[config]") {
  auto all = cases();
  for (const auto& each : fs::directory_iterator(broken)) {
    if (each.path().extension() != ".txt") continue;
    INFO(each.path().filename().string());
    CHECK(std::ranges::any_of(all, [&](fs::path one) { return one.replace_extension(".txt") == each.path(); }));
  }
}

// A line end in a value made two lines of one problem, the second without a place.
TEST_CASE("a problem is one line, whatever stands in the value it quotes", "[config]") {
  Shipped shipped;
  auto text =
      shipped.files.at("partners.toml") + "[[partner]]\nid = \"odd\"\nname = \"Odd\"\ncountry = \"a\\n\\u001b[2J\"\n";
  shipped.dir.write("partners.toml", text);
  auto loaded = load_config(shipped.dir.path() / "campaignd.toml");
  REQUIRE(std::holds_alternative<Problems>(loaded));
  CHECK_THAT(std::get<Problems>(loaded).at(0).message, Catch::StartsWith("country 'a  [2J'"));
}

TEST_CASE("a configuration that is cut off anywhere is a problem or a configuration", "[config]") {
  Shipped shipped;
  shipped.judge("outlets.toml", shipped.files.at("outlets.toml"));
  for (const auto& [name, text] : shipped.files) {
    for (std::size_t length = 0; length < text.size(); length += 397) {
      INFO(name << " cut to " << length << " bytes");
      shipped.judge(name, text.substr(0, length));
    }
  }
}

TEST_CASE("a configuration with a flipped byte is a problem or a configuration", "[config]") {
  Shipped shipped;
  unsigned chance = 20;  // the same bytes in every run
  for (const auto& [name, text] : shipped.files) {
    for (int round = 0; round < 25; ++round) {
      auto damaged = text;
      chance = chance * 1664525U + 1013904223U;
      auto at = (chance >> 8) % damaged.size();
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << (chance >> 29)));
      INFO(name << ", byte " << at);
      shipped.judge(name, damaged);
    }
  }
}
