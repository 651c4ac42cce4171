#include "connectors/reading/look_alike.hpp"

#include <catch2/catch.hpp>

using campaignd::looks_like;

TEST_CASE("a tag with a slip or two may be meant for another", "[look_alike]") {
  CHECK(looks_like("allinforintegraton", "allinforintegration"));
  CHECK(looks_like("allinforintergrations", "allinforintegration"));
  CHECK(looks_like("allinforintegation", "allinforintegration"));
  CHECK_FALSE(looks_like("allinforintegration", "allinforintegration"));
  CHECK_FALSE(looks_like("allinforintegration2027", "allinforintegration"));
  CHECK_FALSE(looks_like("refugees", "allinforintegration"));
}

TEST_CASE("of a short tag fewer slips are forgiven, of a very short one none", "[look_alike]") {
  CHECK(looks_like("allon", "allin"));
  CHECK(looks_like("alin", "allin"));
  CHECK_FALSE(looks_like("allone", "allin"));
  CHECK_FALSE(looks_like("eu", "ue"));
  CHECK_FALSE(looks_like("", "allin"));
}

TEST_CASE("letters that look the same are the same", "[look_alike]") {
  CHECK(looks_like("аllinforintеgrаtiоn", "allinforintegration"));  // four Cyrillic letters
  CHECK(looks_like("pасе", "pace"));                                // three
}
