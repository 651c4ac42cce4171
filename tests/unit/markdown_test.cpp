#include "connectors/reading/markdown.hpp"

#include <catch2/catch.hpp>

#include "connectors/reading/text.hpp"

using namespace campaignd;

namespace {
using Texts = std::vector<std::string>;
Texts tags_in(std::string_view markdown) { return hashtags_in(fold(read_markdown(markdown).text)); }
}  // namespace

TEST_CASE("a hashtag is seen through Markdown", "[markdown]") {
  for (const char* text : {"#AllIn", "**#AllIn**", "_#AllIn_", "say _#AllIn_, please", "\\#AllIn",
                           "[#AllIn](https://social.example/tags/allin)", "&#35;AllIn", "***#AllIn***."}) {
    INFO(text);
    CHECK(tags_in(text) == Texts{"allin"});
  }
  CHECK(tags_in("#All_In") == Texts{"all_in"});
  CHECK(tags_in("[x](https://a.example/#AllIn)").empty());
}

TEST_CASE("links and images of Markdown are kept apart from its text", "[markdown]") {
  auto read = read_markdown(
      "See [the *page*](https://a.example/x_(1) \"title\"), <https://b.example>, or\r\n"
      "https://c.example/y. ![two people](https://d.example/1.jpg)");
  CHECK(read.text == "See the page, <https://b.example>, or\nhttps://c.example/y. ");
  CHECK(read.links == Texts{"https://a.example/x_(1)", "https://b.example", "https://c.example/y"});
  CHECK(read.alt_text == "two people\n");
  CHECK(read.images == 1);
}

TEST_CASE("what is no Markdown stands as it is", "[markdown]") {
  for (const char* text :
       {"a [b] c", "a ] b ( c", "[a](b", "2 * 3 _ 4", "snake_case", "\\", "!", "[", "![", "http", "https://"}) {
    INFO(text);
    CHECK(read_markdown(text).text == text);
  }
  CHECK(read_markdown(std::string(100'000, '[') + std::string(100'000, '_')).images == 0);
}
