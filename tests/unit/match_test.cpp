#include "connectors/reading/match.hpp"

#include <catch2/catch.hpp>

#include "connectors/reading/vouched.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms noon = utc("2025-06-20T12:00:00Z");

Term make_term(const std::string& id, MatchClass match_class, const std::string& text) {
  Term term;
  term.id = id;
  term.match_class = match_class;
  term.text = text;
  return term;
}

/// In an order that is not that of their strength.
std::vector<Term> campaign_terms() {
  return {make_term("page", MatchClass::link, "forintegration.example"),
          make_term("slogan", MatchClass::phrase, "All In for Integration"),
          make_term("word", MatchClass::plain, "AllInForIntegration"),
          make_term("tag", MatchClass::hashtag, "#AllInForIntegration")};
}

Post saying(const std::string& text) {
  Post post;
  post.text = text;
  return post;
}

std::string judged(const Post& post, std::vector<Term> terms = campaign_terms(), sys_ms at = noon) {
  auto match = Matcher(std::move(terms)).judge(post, at);
  return match ? std::string(name_of(match->match_class)) : std::string("none");
}

}  // namespace

TEST_CASE("T-12 the word without '#' is plain, never a hashtag", "[match]") {
  CHECK(judged(saying("Join AllInForIntegration today")) == "plain");
}

TEST_CASE("T-13 the tag is the tag in every case and width, and no longer tag is", "[match]") {
  CHECK(judged(saying("#allinforintegration2026")) == "none");
  CHECK(judged(saying("#AllInForIntegrationBG")) == "none");
  CHECK(judged(saying("＃AllInForIntegration")) == "hashtag");
  CHECK(judged(saying("#ALLINFORINTEGRATION.")) == "hashtag");
}

TEST_CASE("a post has the strongest class that applies", "[match]") {
  auto everything = saying("#AllInForIntegration AllInForIntegration all in for integration");
  everything.links = {"https://forintegration.example/"};
  CHECK(judged(everything) == "hashtag");
  everything.text = "AllInForIntegration all in for integration";
  CHECK(judged(everything) == "plain");
  everything.text = "We are ALL IN\nfor  integration!";
  CHECK(judged(everything) == "phrase");
  everything.text = "see here";
  CHECK(judged(everything) == "link");
  everything.links.clear();
  CHECK(judged(everything) == "none");
}

TEST_CASE("the match names its term", "[match]") {
  auto match = Matcher(campaign_terms()).judge(saying("#AllInForIntegration"), noon);
  REQUIRE(match.has_value());
  CHECK(match->term == "tag");
}

TEST_CASE("hashtags the platform gives win over those in the text", "[match]") {
  auto post = saying("a word");
  post.tags = std::vector<std::string>{"AllInForIntegration"};
  CHECK(judged(post) == "hashtag");
  post.tags = std::vector<std::string>{"#ALLINFORINTEGRATION"};
  CHECK(judged(post) == "hashtag");
  auto typed = saying("#AllInForIntegration");
  typed.tags = std::vector<std::string>{"refugees"};
  CHECK(judged(typed) == "none");
}

TEST_CASE("title and alt text are text their author typed", "[match]") {
  Post titled;
  titled.title = "All in for integration: a report";
  CHECK(judged(titled) == "phrase");
  auto pictured = saying("Our card");
  pictured.alt_text = "The card says #AllInForIntegration";
  CHECK(judged(pictured) == "hashtag");
  pictured.tags = std::vector<std::string>{};
  CHECK(judged(pictured) == "hashtag");
}

TEST_CASE("a term may ask for all, any and none of other words", "[match]") {
  auto term = make_term("narrow", MatchClass::plain, "integration");
  term.all = {"refugees"};
  term.any = {"Warsaw", "#Sofia"};
  term.none = {"lottery"};
  const std::vector<Term> terms{term};
  CHECK(judged(saying("Integration of refugees in WARSAW"), terms) == "plain");
  CHECK(judged(saying("Integration of refugees #sofia"), terms) == "plain");
  CHECK(judged(saying("Integration of refugees, Sofia"), terms) == "none");
  CHECK(judged(saying("Integration in Warsaw"), terms) == "none");
  CHECK(judged(saying("Integration of refugees in Warsaw: lottery"), terms) == "none");
}

TEST_CASE("when a stronger term's conditions fail a weaker one may hold", "[match]") {
  auto strong = make_term("strong", MatchClass::hashtag, "AllIn");
  strong.none = {"poker"};
  auto weak = make_term("weak", MatchClass::phrase, "refugee day");
  CHECK(judged(saying("#AllIn poker on Refugee Day"), {strong, weak}) == "phrase");
}

TEST_CASE("a term's window is half-open", "[match]") {
  auto term = make_term("tag", MatchClass::hashtag, "AllIn");
  term.from = noon;
  term.until = noon + std::chrono::hours(1);
  auto post = saying("#AllIn");
  const std::vector<Term> terms{term};
  CHECK(judged(post, terms, noon - std::chrono::milliseconds(1)) == "none");
  CHECK(judged(post, terms, noon) == "hashtag");
  CHECK(judged(post, terms, noon + std::chrono::milliseconds(3'599'999)) == "hashtag");
  CHECK(judged(post, terms, noon + std::chrono::hours(1)) == "none");
}

TEST_CASE("a link term covers the host, its subdomains and every page below", "[match]") {
  auto linked = [](const std::string& url) {
    Post post;
    post.links = {url};
    return judged(post);
  };
  CHECK(linked("https://forintegration.example") == "link");
  CHECK(linked("https://WWW.ForIntegration.example/about?x=1") == "link");
  CHECK(linked("http://forintegration.example:8080/") == "link");
  CHECK(linked("https://notforintegration.example/") == "none");
  CHECK(linked("https://forintegration.example.evil.example/") == "none");
  CHECK(linked("https://evil.example/forintegration.example") == "none");
  CHECK(linked("ftp://forintegration.example/") == "none");
  CHECK(judged(saying("see forintegration.example for more")) == "link");
  CHECK(judged(saying("see notforintegration.example for more")) == "none");
}

TEST_CASE("a link term with a path covers what starts so", "[match]") {
  const std::vector<Term> terms{make_term("ministry", MatchClass::link, "gov.example/web/interior")};
  Post post;
  post.links = {"https://www.gov.example/web/interior/news"};
  CHECK(judged(post, terms) == "link");
  post.links = {"https://www.gov.example/web/finance"};
  CHECK(judged(post, terms) == "none");
  post.links = {"https://www.gov.example"};
  CHECK(judged(post, terms) == "none");
}

// The term was folded and the link was not, so a path with a capital letter never matched.
TEST_CASE("a link term's path is compared without case on both sides", "[match]") {
  const std::vector<Term> terms{make_term("ministry", MatchClass::link, "gov.example/Web/Interior")};
  Post post;
  post.links = {"https://gov.example/Web/Interior/news"};
  CHECK(judged(post, terms) == "link");
}

TEST_CASE("match classes have names both ways", "[match]") {
  for (auto each : {MatchClass::hashtag, MatchClass::plain, MatchClass::phrase, MatchClass::link, MatchClass::owned}) {
    auto back = match_class_named(name_of(each));
    REQUIRE(back.has_value());
    CHECK(name_of(*back) == name_of(each));
  }
  CHECK_FALSE(match_class_named("tag").has_value());
}

TEST_CASE("a text that is passed over unfolded holds no term folded either", "[match]") {
  // A term without an ASCII word makes the matcher fold every text: both must agree.
  auto thorough = campaign_terms();
  thorough.push_back(make_term("greek", MatchClass::plain, "ένταξη"));
  for (const char* text :
       {"#AllInForIntegration", "＃ＡｌｌＩｎＦｏｒＩｎｔｅｇｒａｔｉｏｎ", "#All\u00ADInFor\u200BIntegration",
        "#𝐀𝐥𝐥𝐈𝐧𝐅𝐨𝐫𝐈𝐧𝐭𝐞𝐠𝐫𝐚𝐭𝐢𝐨𝐧", "#ⒶllInForIntegration", "AllInForIntegrat\u2071on", "all in for integration",
        "All\u00A0in\u2003for\nIntegration", "ALLINFORINTEGRATİON", "AllInForIntegratıon", "интеграция", "…’“”",
        "all in forintegration.example/page", "ﬀ ß K Å", "allinforintegration\u0301"})
    CHECK(judged(saying(text)) == judged(saying(text), thorough));
  CHECK(judged(saying("＃ＡｌｌＩｎＦｏｒＩｎｔｅｇｒａｔｉｏｎ")) == "hashtag");
  CHECK(judged(saying("#All\u00ADInFor\u200BIntegration")) == "hashtag");
  CHECK(judged(saying("#𝐀𝐥𝐥𝐈𝐧𝐅𝐨𝐫𝐈𝐧𝐭𝐞𝐠𝐫𝐚𝐭𝐢𝐨𝐧")) == "hashtag");
}

TEST_CASE("what a search vouches for counts as text, and never as a tag", "[match]") {
  Post article;
  article.title = "City celebrates";
  CHECK(judged(article) == "none");
  article.vouched = {"all in for integration"};
  CHECK(judged(article) == "phrase");
  article.vouched = {"#AllInForIntegration"};
  CHECK(judged(article) == "plain");
  article.title = "We are all in";
  article.vouched = {"for integration"};
  CHECK(judged(article) == "none");
}

TEST_CASE("of what a search leaves a choice of, the weakest counts, and only if all would", "[match]") {
  Post article;
  article.title = "City celebrates";
  article.vouched = {"AllInForIntegration", "all in for integration"};
  CHECK(judged(article) == "phrase");
  article.vouched = {"AllInForIntegration", "forintegration.example"};
  CHECK(judged(article) == "link");
  article.vouched = {"AllInForIntegration", "poker"};
  CHECK(judged(article) == "none");
  article.title = "#AllInForIntegration in the city";
  CHECK(judged(article) == "hashtag");
}

TEST_CASE("a query vouches for its quoted phrases", "[match]") {
  using Texts = std::vector<std::string>;
  CHECK(vouched_by("\"all in for integration\"") == Texts{"all in for integration"});
  CHECK(vouched_by(" \"all in\" refugees \"world day\" sourcelang:polish") == Texts{"all in . world day"});
  CHECK(vouched_by("\"all in\" -\"poker night\" near20:\"a b\"") == Texts{"all in"});
  for (const char* choice :
       {"\"a b\" OR \"c d\"", "(\"a b\" OR \"c d\")", "\"a b\"|\"c d\" x", "x (\"a b\" | \"c d\") when:7d",
        "((\"a b\") OR \"c d\")", "(\"a b\" OR \"c d\") (\"e\" OR f)"})
    CHECK(vouched_by(choice) == Texts{"a b", "c d"});
  CHECK(vouched_by("\"x\" \"a b\" OR \"c d\"") == Texts{"a b", "c d"});
  CHECK(vouched_by("\"x\" (\"a b\" OR \"c d\")") == Texts{"x . a b", "x . c d"});
  for (const char* none : {"", "all in", "\"\"", "\"a b\" OR c", "(\"a b\" OR c)", "(\"a b\" \"c d\")",
                           "\"a b\" OR -\"c d\"", "\"a\" OR \"b\" \"c\" OR \"d\"", "(\"a\" OR \"b\"", "\"never closed",
                           "-\"never closed", "-(\"a b\")", ")\"a b\"", "OR", "((((", "\"a\" OR \"b\")"})
    CHECK(vouched_by(none).empty());
}

TEST_CASE("another campaign's tag is the weakest of all, and no word", "[match]") {
  auto terms = campaign_terms();
  terms.insert(terms.begin(), make_term("rival", MatchClass::comparison, "#OtherDay"));
  CHECK(judged(saying("#otherday"), terms) == "comparison");
  CHECK(judged(saying("OtherDay"), terms) == "none");
  CHECK(judged(saying("#OtherDay #AllInForIntegration"), terms) == "hashtag");
  CHECK(judged(saying("#OtherDay, all in for integration"), terms) == "phrase");
  auto linking = saying("#OtherDay");
  linking.links = {"https://forintegration.example/"};
  CHECK(judged(linking, terms) == "link");
}

// They read the same: Cyrillic А at the head, Greek Ι, and NIEM in Greek letters throughout.
TEST_CASE("misspelt tags and look-alike letters are counted apart, never as the tag", "[match]") {
  const std::vector<Term> terms{make_term("tag", MatchClass::hashtag, "AllInForIntegration"),
                                make_term("niem", MatchClass::hashtag, "NIEM"),
                                make_term("typo", MatchClass::variant, "AllInForIntergration"),
                                make_term("cyrillic", MatchClass::variant, "АllInForIntegration"),
                                make_term("greek", MatchClass::variant, "AllΙnForΙntegration"),
                                make_term("niem-greek", MatchClass::variant, "ΝΙΕΜ")};
  auto term_of = [&](const std::string& text) {
    auto match = Matcher(terms).judge(saying(text), noon);
    return match ? match->term : std::string("none");
  };
  CHECK(term_of("#allinforintegration") == "tag");
  CHECK(term_of("#АllInForIntegration") == "cyrillic");
  CHECK(term_of("#AllΙnForΙntegration") == "greek");
  CHECK(term_of("#AllInForIntergration") == "typo");
  CHECK(term_of("#NIEM") == "niem");
  CHECK(term_of("#ΝΙΕΜ") == "niem-greek");
  CHECK(term_of("#νιεμ") == "niem-greek");
  CHECK(term_of("#АllInForIntergration") == "none");
  CHECK(judged(saying("#ΝΙΕΜ"), terms) == "variant");
}
