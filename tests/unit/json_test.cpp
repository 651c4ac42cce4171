#include "connectors/reading/json.hpp"

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

using namespace campaignd;

namespace {

struct Items {
  bool readable = false;
  std::vector<std::string> names;
  std::vector<std::size_t> bad;
};

Items items_of(std::string_view body) {
  Items out;
  auto each = [&](Json item) { out.names.push_back(json_text(item, "n")); };
  auto refuse = [&](std::size_t place, const std::string&) { out.bad.push_back(place); };
  out.readable = read_json_items(body, each, refuse).has_value();
  return out;
}

std::optional<std::int64_t> count_in(std::string_view value) {
  std::optional<std::int64_t> out;
  auto use = [&](Json document) { out = json_count(document, "c"); };
  std::string body = "{\"c\":" + std::string(value) + "}";
  auto read = read_json(body, use);
  REQUIRE(read.has_value());
  return out;
}

using Names = std::vector<std::string>;
using Places = std::vector<std::size_t>;

}  // namespace

TEST_CASE("one item with a number out of range is refused and the others kept", "[json]") {
  auto items = items_of(R"([{"n":"a"},{"n":"b","c":1e400},{"n":"c"}])");
  CHECK(items.readable);
  CHECK(items.names == Names{"a", "c"});
  CHECK(items.bad == Places{1});
}

TEST_CASE("one item with a lone surrogate is refused and the others kept", "[json]") {
  auto items = items_of(R"([{"n":"\ud800"},{"n":"]},{\"b"},{"n":"\ud83c\udf89"}])");
  CHECK(items.names == Names{"]},{\"b", "🎉"});
  CHECK(items.bad == Places{0});
}

TEST_CASE("one item that is a depth bomb is refused and the others kept", "[json]") {
  for (std::size_t depth : {200U, 100'000U}) {
    auto body = R"([{"n":"a"},{"deep":)" + std::string(depth, '[') + std::string(depth, ']') + R"(},{"n":"c"}])";
    auto items = items_of(body);
    CHECK(items.names == Names{"a", "c"});
    CHECK(items.bad == Places{1});
  }
}

TEST_CASE("a body that was cut off is malformed", "[json]") {
  const std::string body = R"([{"n":"a"},{"n":"b"}])";
  for (std::size_t size = 0; size < body.size(); ++size) {
    INFO(body.substr(0, size));
    CHECK_FALSE(items_of(body.substr(0, size)).readable);
  }
  CHECK(items_of(body).readable);
}

TEST_CASE("no item is given twice when a later one is bad", "[json]") {
  auto items = items_of(R"([{"n":"a"},{"n":"b"},nonsense,{"n":"d"}])");
  CHECK(items.names == Names{"a", "b", "d"});
  CHECK(items.bad == Places{2});
}

TEST_CASE("an answer that is no list, or no JSON, is malformed", "[json]") {
  CHECK_FALSE(items_of(R"({"error":"x"})").readable);
  CHECK_FALSE(items_of("<html>login</html>").readable);
  CHECK_FALSE(items_of("[1] trailing").readable);
  CHECK(items_of("[]").readable);
}

TEST_CASE("a page with 200 that is HTML is malformed with a sentence", "[json]") {
  auto use = [](Json) { FAIL("nothing was to be read"); };
  auto read = read_json("<html>", use);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == Failure::malformed);
  CHECK_FALSE(read.error().message.empty());
}

TEST_CASE("invalid UTF-8 and raw control characters are repaired", "[json]") {
  CHECK(items_of("[{\"n\":\"a\xFFz\"}]").names == Names{"a\uFFFDz"});
  CHECK(items_of("[{\"n\":\"a\x01\tb\"}]").names == Names{"ab"});
  CHECK(items_of(std::string_view("[{\"n\":\"a\0b\"}]", 13)).names == Names{"ab"});
  auto mixed = items_of("[{\"n\":\"a\xFF\"},{\"c\":1e400},{\"n\":\"c\"}]");
  CHECK(mixed.names == Names{"a\uFFFD", "c"});
  CHECK(mixed.bad == Places{1});
}

TEST_CASE("counts may be numbers or strings of digits", "[json]") {
  CHECK(count_in("12") == 12);
  CHECK(count_in("\"12\"") == 12);
  CHECK(count_in("0") == 0);
  CHECK(count_in("1000000000000") == 1000000000000);
}

TEST_CASE("a count that is negative, broken or no whole number was not said", "[json]") {
  for (const char* value : {"-1", "\"-1\"", "1.5", "null", "true", "[]", "{}", "\"\"", "\"1k\"", "1000000000001",
                            "9223372036854775807", "9223372036854775808", "\"99999999999999999999\""}) {
    INFO(value);
    CHECK_FALSE(count_in(value).has_value());
  }
}

TEST_CASE("members of the wrong kind read as missing", "[json]") {
  auto use = [](Json document) {
    CHECK(json_text(document, "id") == "42");
    CHECK(json_text(document, "list").empty());
    CHECK(json_text(document, "none").empty());
    CHECK(json_flag(document, "yes") == true);
    CHECK_FALSE(json_flag(document, "id").has_value());
    CHECK_FALSE(json_member(document, "none").has_value());
    CHECK_FALSE(json_member(document, "missing").has_value());
    CHECK(json_member(document, "list").has_value());
    CHECK_FALSE(json_member(*json_member(document, "list"), "id").has_value());
  };
  auto read = read_json(R"({"id":42,"list":[1],"none":null,"yes":true})", use);
  CHECK(read.has_value());
}
