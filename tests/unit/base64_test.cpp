#include "connectors/reading/base64.hpp"

#include <catch2/catch.hpp>
#include <utility>

using namespace campaignd;

TEST_CASE("base64 is written as RFC 4648 has it, and read back", "[base64]") {
  using namespace std::string_literals;
  for (const auto& [bytes, text] : {std::pair(""s, ""s),
                                    {"f", "Zg=="},
                                    {"fo", "Zm8="},
                                    {"foo", "Zm9v"},
                                    {"foob", "Zm9vYg=="},
                                    {"fooba", "Zm9vYmE="},
                                    {"foobar", "Zm9vYmFy"},
                                    {"\xFF\xFE\x00\x01"s, "//4AAQ=="}}) {
    CHECK(encode_base64(bytes) == text);
    CHECK(decode_base64(text) == bytes);
  }
}
