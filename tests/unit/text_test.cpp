#include "connectors/reading/text.hpp"

#include <catch2/catch.hpp>

using namespace campaignd;

namespace {
using Words = std::vector<std::string>;
Words tags_of(std::string_view text) { return hashtags_in(fold(text)); }
}  // namespace

TEST_CASE("folding makes case, width and invisible characters equal", "[text]") {
  CHECK(fold("#ALLINforIntegration") == "#allinforintegration");
  CHECK(fold("＃ＡｌｌＩｎ") == "#allin");
  CHECK(fold("All\u00ADIn\u200D") == "allin");
  CHECK(fold("STRASSE") == fold("Straße"));
  CHECK(fold("ИНТЕГРАЦИЯ") == "интеграция");
  CHECK(fold("Cafe\u0301") == fold("CAFÉ"));
  CHECK(fold("").empty());
}

TEST_CASE("folding replaces what is no UTF-8", "[text]") {
  CHECK(fold("a\xFFz") == "a\uFFFDz");
  CHECK(fold("\xC3") == "\uFFFD");
}

TEST_CASE("fold_words makes every run of white space one space", "[text]") {
  CHECK(fold_words("  All\u00A0 In\r\n for\tIntegration ") == "all in for integration");
  CHECK(fold_words(" \n ").empty());
}

TEST_CASE("a hashtag runs over letters, marks, digits and connectors", "[text]") {
  CHECK(tags_of("#AllInForIntegration") == Words{"allinforintegration"});
  CHECK(tags_of("#all_in_2025 now") == Words{"all_in_2025"});
  CHECK(tags_of("#Integração #Інтеграція #統合") == Words{"integração", "інтеграція", "統合"});
  CHECK(tags_of("#AllInForIntegration2026") == Words{"allinforintegration2026"});
}

TEST_CASE("an emoji ends a hashtag", "[text]") {
  CHECK(tags_of("#AllIn🎉#Refugees") == Words{"allin", "refugees"});
  CHECK(tags_of("🎉#AllIn❤️") == Words{"allin"});
  CHECK(tags_of("#🎉").empty());
}

TEST_CASE("an apostrophe, a hyphen and a full stop end a hashtag", "[text]") {
  CHECK(tags_of("#AllIn's #AllIn’s") == Words{"allin", "allin"});
  CHECK(tags_of("#All-In") == Words{"all"});
  CHECK(tags_of("(#ALLIN.)") == Words{"allin"});
}

TEST_CASE("a '#' inside a word starts no hashtag", "[text]") {
  CHECK(tags_of("a#AllIn").empty());
  CHECK(tags_of("я#AllIn").empty());
  CHECK(tags_of("x_#AllIn").empty());
  CHECK(tags_of("#one#two") == Words{"one"});
  CHECK(tags_of("##AllIn") == Words{"allin"});
  CHECK(tags_of("# AllIn").empty());
  CHECK(tags_of("ends with #").empty());
}

TEST_CASE("a Greek or Cyrillic letter that looks Latin makes another tag", "[text]") {
  CHECK(tags_of("#\u0391llIn") != tags_of("#AllIn"));  // capital Alpha
  CHECK(tags_of("#\u0410llIn") != tags_of("#AllIn"));  // Cyrillic A
  CHECK(tags_of("#\u0391llIn").size() == 1U);
}

TEST_CASE("a needle stands in a text only as words of its own", "[text]") {
  CHECK(stands_in("we are all in for integration!", "all in for integration"));
  CHECK(stands_in("allin", "allin"));
  CHECK(stands_in("«allin»", "allin"));
  CHECK_FALSE(stands_in("ballin", "allin"));
  CHECK_FALSE(stands_in("allinclusive", "allin"));
  CHECK_FALSE(stands_in("яallin", "allin"));
  CHECK_FALSE(stands_in("anything", ""));
  CHECK_FALSE(stands_in("", "allin"));
}

TEST_CASE("behind a '#' a needle is a hashtag and no word", "[text]") {
  CHECK_FALSE(stands_in("#allin", "allin"));
  CHECK(stands_in("#allin and allin", "allin"));
}

TEST_CASE("cutting counts code points and never splits one", "[text]") {
  CHECK(cut("naïve🎉x", 6) == "naïve🎉");
  CHECK(cut("ab", 5) == "ab");
  CHECK(cut("ab", 0).empty());
  CHECK(is_valid_utf8(cut("ąęółćńżź", 3)));
}

TEST_CASE("cleaning keeps text, tabs and line feeds", "[text]") {
  CHECK(clean_utf8(std::string_view("a\0b\x01"
                                    "c\td\ne",
                                    9)) == "abc\td\ne");
  CHECK(clean_utf8("x\xFFy") == "x\uFFFDy");
  CHECK(clean_utf8("żółw 🎉") == "żółw 🎉");
}

TEST_CASE("cleaning takes the control characters above ASCII and DEL too", "[text]") {
  CHECK(clean_utf8("a\x7F"
                   "b\xC2\x85"
                   "c\xC2\x9F"
                   "d") == "abcd");
}

TEST_CASE("overlong forms, surrogates and cut characters are no UTF-8", "[text]") {
  CHECK(is_valid_utf8("żółw 🎉"));
  CHECK_FALSE(is_valid_utf8("\xC0\xAF"));
  CHECK_FALSE(is_valid_utf8("\xED\xA0\x80"));
  CHECK_FALSE(is_valid_utf8("\xF0\x9F\x8E"));
  CHECK_FALSE(is_valid_utf8("\xF5\x80\x80\x80"));
}

TEST_CASE("marks on a letter are sorted and joined, but not without end", "[text]") {
  CHECK(fold("A\u0301") == "á");
  CHECK(fold("a\u0316\u0301") == fold("a\u0301\u0316"));
  std::string many = "a";
  for (int i = 0; i < 20'000; ++i) many += "\u0301\u0316";
  CHECK(fold(many).size() < 100U);
  CHECK(fold(many + "Z").ends_with("z"));
}

// Control characters went where something else than ASCII stood beside them, and stayed elsewhere.
TEST_CASE("folding a text again changes nothing", "[text]") {
  for (std::string text :
       {std::string("<F \x11\0\x81"
                    "f=>",
                    8),
        std::string("A\rB\x7F"), std::string("\u0085x\u00AD\u0301"), std::string("ŻÓŁW\x01\u0316\u0301")})
    CHECK(fold(fold(text)) == fold(text));
  CHECK(fold("A\x01"
             "B\rC") == "ab\nc");
}
