#include "connectors/platforms/gdelt_articles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/json_list.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

/// Three quick requests have earned an hour of 429; who comes back sooner prolongs it.
constexpr std::chrono::seconds rest_after_trouble = std::chrono::hours(1);
constexpr std::size_t longest_sentence = 200;
constexpr std::string_view blanks = " \t\r\n";

struct Language {
  std::string_view name, tag;
};
constexpr std::array languages{
    Language{"afrikaans", "af"},  Language{"albanian", "sq"},    Language{"arabic", "ar"},
    Language{"armenian", "hy"},   Language{"azerbaijani", "az"}, Language{"basque", "eu"},
    Language{"belarusian", "be"}, Language{"bengali", "bn"},     Language{"bosnian", "bs"},
    Language{"bulgarian", "bg"},  Language{"catalan", "ca"},     Language{"chinese", "zh"},
    Language{"croatian", "hr"},   Language{"czech", "cs"},       Language{"danish", "da"},
    Language{"dutch", "nl"},      Language{"english", "en"},     Language{"estonian", "et"},
    Language{"finnish", "fi"},    Language{"french", "fr"},      Language{"galician", "gl"},
    Language{"georgian", "ka"},   Language{"german", "de"},      Language{"greek", "el"},
    Language{"hebrew", "he"},     Language{"hindi", "hi"},       Language{"hungarian", "hu"},
    Language{"icelandic", "is"},  Language{"indonesian", "id"},  Language{"irish", "ga"},
    Language{"italian", "it"},    Language{"japanese", "ja"},    Language{"kazakh", "kk"},
    Language{"korean", "ko"},     Language{"kurdish", "ku"},     Language{"latvian", "lv"},
    Language{"lithuanian", "lt"}, Language{"macedonian", "mk"},  Language{"malay", "ms"},
    Language{"maltese", "mt"},    Language{"norwegian", "no"},   Language{"norwegiannynorsk", "nn"},
    Language{"pashto", "ps"},     Language{"persian", "fa"},     Language{"polish", "pl"},
    Language{"portuguese", "pt"}, Language{"romanian", "ro"},    Language{"russian", "ru"},
    Language{"serbian", "sr"},    Language{"slovak", "sk"},      Language{"slovenian", "sl"},
    Language{"somali", "so"},     Language{"spanish", "es"},     Language{"swahili", "sw"},
    Language{"swedish", "sv"},    Language{"tamil", "ta"},       Language{"thai", "th"},
    Language{"turkish", "tr"},    Language{"ukrainian", "uk"},   Language{"urdu", "ur"},
    Language{"vietnamese", "vi"}, Language{"welsh", "cy"}};

std::string tag_of(const std::string& name) {
  auto word = fold(name);
  std::erase(word, ' ');
  const auto* found = std::ranges::find(languages, word, &Language::name);
  return found == languages.end() ? std::string{} : std::string(found->tag);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "20240615T123000Z"
std::optional<sys_ms> read_seen_date(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  auto day = text.substr(0, 8), time = text.substr(9, 6);
  if (!std::ranges::all_of(day, is_digit) || !std::ranges::all_of(time, is_digit)) return std::nullopt;
  return read_rfc3339(fmt::format("{}-{}-{}T{}:{}:{}Z", day.substr(0, 4), day.substr(4, 2), day.substr(6),
                                  time.substr(0, 2), time.substr(2, 2), time.substr(4)));
}

/// The failure says why an item is none.
Result<Finding> read_article(Json item, sys_ms received) {
  auto url = json_text(item, "url");
  auto outlet = host_of(url);
  if (outlet.empty()) return Failure{Failure::malformed, "an article without an http(s) address"};
  if (outlet.starts_with("www.")) outlet.erase(0, 4);
  Finding finding;
  Post& post = finding.post;
  finding.local_id = url;
  post.platform = "gdelt";
  post.host = outlet;
  post.uri = url;
  post.url = url;
  if (auto mobile = json_text(item, "url_mobile"); !host_of(mobile).empty() && mobile != url)
    post.aliases.push_back(std::move(mobile));
  post.author.key = outlet;
  post.author.name = outlet;
  post.author.media = true;
  post.kind = Kind::article;
  // When GDELT saw it, to the quarter of an hour: no word of the outlet on when it was published.
  post.published = read_seen_date(json_text(item, "seendate"));
  if (post.published > received) post.published.reset();
  post.date_basis = DateBasis::first_seen;
  post.language = tag_of(json_text(item, "language"));
  post.title = json_text(item, "title");
  return finding;
}

bool is_hex(char c) { return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f'); }

/// How many characters an escape has that begins at `at`; 0 where it is none.
std::size_t escape_at(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size()) return 0;
  if (std::string_view("\"\\/bfnrt").find(text[at + 1]) != std::string_view::npos) return 2;
  auto digits = text.substr(at + 2, 4);
  return text[at + 1] == 'u' && digits.size() == 4 && std::ranges::all_of(digits, is_hex) ? 6 : 0;
}

/// Whether a quotation mark before `at` ends a string: what may follow a string does.
bool ends_string(std::string_view text, std::size_t at) {
  at = std::min(text.find_first_not_of(blanks, at), text.size());
  if (at == text.size() || std::string_view(":}]").find(text[at]) != std::string_view::npos) return true;
  if (text[at] != ',') return false;
  at = text.find_first_not_of(blanks, at + 1);
  return at != text.npos && std::string_view("\"{[").find(text[at]) != std::string_view::npos;
}

/// Titles come with backslashes, quotation marks and controls that nobody escaped. Quotation marks become single ones,
/// the others spaces.
std::string mended(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool in_string = false;
  for (std::size_t at = 0; at < text.size();) {
    char c = text[at];
    auto escape = in_string && c == '\\' ? escape_at(text, at) : 0;
    if (escape > 0) {
      out += text.substr(at, escape);
      at += escape;
      continue;
    }
    ++at;
    if (c == '"' && !in_string)
      in_string = true;
    else if (c == '"' && ends_string(text, at))
      in_string = false;
    else if (c == '"')
      c = '\'';
    else if (in_string && (c == '\\' || static_cast<unsigned char>(c) < ' '))
      c = ' ';
    out += c;
  }
  return out;
}

struct Draft {
  ArticleList list;
  bool whole = true;  ///< nothing in it was no JSON
};

Result<Draft> read_list(std::string_view body, sys_ms received) {
  Draft draft;
  auto& out = draft.list;
  std::set<std::string> seen;
  bool is_object = true, has_list = true;
  auto look = [&](Json document) {
    is_object = document.is_object();
    auto list = json_member(document, "articles");
    has_list = !list || list->is_array();
  };
  auto each = [&](Json item) {
    ++out.items;
    auto finding = read_article(item, received);
    if (!finding)
      out.refused.push_back({fmt::format("item {}", out.items), finding.error().message});
    else if (seen.insert(finding->local_id).second)
      out.found.push_back(std::move(*finding));
  };
  auto refuse = [&](std::size_t place, std::string why) {
    ++out.items;
    draft.whole = false;
    out.refused.push_back({fmt::format("item {}", place + 1), std::move(why)});
  };
  if (auto read = read_json_list(body, "articles", look, each, refuse); !read) return read.error();
  if (!is_object || !has_list) return Failure{Failure::malformed, "the answer is JSON but not a list of articles"};
  return draft;
}

/// Not before an hour has gone by, whatever the answer says.
Failure patiently(Failure failure) {
  failure.retry_after = std::max(failure.retry_after.value_or(rest_after_trouble), rest_after_trouble);
  return failure;
}

std::optional<Failure> failure_in(const Answer& answer) {
  std::string_view body = answer.body;
  auto first = std::min(body.find_first_not_of(blanks), body.size());
  auto sentence = cut(clean_utf8(body.substr(first, longest_sentence * 4)), longest_sentence);
  while (!sentence.empty() && blanks.find(sentence.back()) != blanks.npos) sentence.pop_back();
  auto host = host_of(answer.asked.url);
  bool is_list = sentence.starts_with('{') || sentence.starts_with('[');
  if (answer.status == 429 || (!is_list && fold(sentence).find("limit requests to") != std::string::npos))
    return patiently({Failure::throttled, fmt::format("{} wants fewer requests ({}); waiting", host, answer.status),
                      read_retry_after(answer.headers, answer.received)});
  if (answer.status == 404 || answer.status == 410)
    return patiently({Failure::unavailable,
                      fmt::format("{} answered {}: its search is not there at the moment", host, answer.status)});
  if (answer.status != 200) {
    auto failure = standard_failure(answer);
    return failure.code == Failure::unavailable ? patiently(failure) : failure;
  }
  if (is_list) return std::nullopt;
  if (sentence.empty()) return Failure{Failure::malformed, host + " answered with nothing (200, 0 bytes)"};
  if (sentence.starts_with('<'))
    return patiently({Failure::unavailable, host + " shows a web page in place of the articles"});
  return Failure{Failure::refused, fmt::format("{} does not take the query: {} (it said: \"{}\")", host,
                                               "write it another way in the configuration", sentence)};
}

}  // namespace

Result<ArticleList> read_articles(const Answer& answer, const std::vector<std::string>& vouched) {
  if (auto failure = failure_in(answer)) return *failure;
  auto list = read_list(answer.body, answer.received);
  if (!list || !list->whole)
    if (auto again = read_list(mended(answer.body), answer.received)) list = std::move(again);
  if (!list) return list.error();
  for (auto& each : list->list.found) each.post.vouched = vouched;
  return std::move(list->list);
}

std::string gdelt_language(std::string_view tag) {
  auto language = tag.substr(0, tag.find('-'));
  if (language == "nb") language = "no";
  const auto* found = std::ranges::find(languages, language, &Language::tag);
  return found == languages.end() ? std::string{} : std::string(found->name);
}

}  // namespace campaignd
