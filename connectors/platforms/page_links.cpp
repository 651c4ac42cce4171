// Which links lead on to an article, and where to.
#include <algorithm>
#include <array>
#include <cctype>

#include "connectors/platforms/page_items.hpp"
#include "connectors/reading/pages/spaces.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

/// The whole label, arrows and dots aside.
constexpr std::string_view alone[] = {"more",
                                      "details",
                                      "full story",
                                      "full article",
                                      "more info",
                                      "more information",
                                      "więcej",
                                      "szczegóły",
                                      "dalej",
                                      "mehr",
                                      "weiter",

                                      "plus",
                                      "suite",
                                      "la suite",
                                      "más",
                                      "mais",
                                      "altro",
                                      "continua",
                                      "meer",
                                      "mer",
                                      "още",
                                      "повече",
                                      "více",
                                      "viac",
                                      "tovább",
                                      "bővebben",
                                      "részletek",
                                      "συνέχεια",
                                      "διαβάστε",
                                      "detalii",
                                      "mai mult",
                                      "mai multe",
                                      "vairāk",
                                      "daugiau",
                                      "plačiau",
                                      "več",
                                      "rohkem",
                                      "mere",
                                      "lisää",
                                      "više",
                                      "opširnije",
                                      "детальніше",
                                      "докладніше",
                                      "більше",
                                      "подробнее",
                                      "дальше",
                                      "περισσότερα",
                                      "celý článek",
                                      "lasīt",
                                      "skaityti",
                                      "læs",
                                      "leer",
                                      "več o tem",
                                      "további részletek"};

/// The label's first words; what they lead to may follow.
constexpr std::string_view opening[] = {
    "read more",          "read on",          "see more",          "learn more",
    "find out more",      "continue reading", "read the full",     "link to the report",
    "link to report",     "read the report",  "czytaj więcej",     "czytaj dalej",
    "dowiedz się więcej", "zobacz więcej",    "przeczytaj więcej", "mehr lesen",
    "weiterlesen",        "mehr erfahren",    "lire la suite",     "en savoir plus",
    "lire plus",          "leer más",         "seguir leyendo",    "ver más",
    "más información",    "ler mais",         "leia mais",         "saber mais",
    "saiba mais",         "leggi tutto",      "leggi di più",      "continua a leggere",
    "lees meer",          "lees verder",      "meer lezen",        "läs mer",
    "läs vidare",         "виж още",          "вижте още",         "прочети още",
    "прочетете още",      "прочетете повече", "вижте повече",      "научете повече",
    "číst více",          "číst dále",        "zjistit více",      "čítať viac",
    "čítať ďalej",        "olvass tovább",    "tovább olvasom",    "διαβάστε περισσότερα",
    "δείτε περισσότερα",  "citește mai mult", "citeste mai mult",  "citește mai departe",
    "află mai multe",     "afla mai multe",   "lasīt vairāk",      "lasīt tālāk",
    "uzzināt vairāk",     "skaityti daugiau", "skaityti toliau",   "preberi več",
    "preberite več",      "loe edasi",        "loe rohkem",        "læs mere",
    "lue lisää",          "pročitaj više",    "читати далі",       "читати більше",
    "читать далее"};

/// Without arrows, dots and brackets at either end.
std::string_view without_marks(std::string_view label) {
  constexpr std::array<std::string_view, 17> marks{" ", ">", "<", "»", "«", "›", "→", "⇒", "▶",
                                                   "►", ".", "…", ":", "-", "[", "]", "("};
  auto strip = [&](auto has, auto drop) {
    for (bool again = true; again;) {
      again = false;
      for (auto mark : marks)
        if (has(mark)) drop(mark), again = true;
      if (has(")")) drop(")"), again = true;
    }
  };
  strip([&](std::string_view m) { return label.starts_with(m); },
        [&](std::string_view m) { label.remove_prefix(m.size()); });
  strip([&](std::string_view m) { return label.ends_with(m); },
        [&](std::string_view m) { label.remove_suffix(m.size()); });
  return label;
}

bool is_plain(char c) {
  return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
         std::string_view("-._~:/?#@!$&'()*+,;=%").find(c) != std::string_view::npos;
}

/// What browsers forgive and RFC 3986 does not: spaces at the ends, bytes that must be encoded, a second '#'.
std::string tidy_reference(std::string_view raw) {
  std::string out;
  bool fragment = false;
  auto text = trimmed(raw);
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\n' || c == '\r' || c == '\t') continue;
    bool hex = c == '%' && i + 2 < text.size() && std::isxdigit(static_cast<unsigned char>(text[i + 1])) != 0 &&
               std::isxdigit(static_cast<unsigned char>(text[i + 2])) != 0;
    bool stands = is_plain(c) && (c != '%' || hex) && !(c == '#' && fragment);
    fragment = fragment || c == '#';
    out += stands ? std::string(1, c) : percent_encode(std::string_view(&c, 1));
  }
  return out;
}

}  // namespace

bool leads_on(std::string_view label) {
  if (label.size() > 300) return false;
  auto folded = fold_words(label);
  auto words = without_marks(folded);
  if (std::ranges::find(alone, words) != std::end(alone)) return true;
  return std::ranges::any_of(opening,
                             [&](std::string_view each) { return words.starts_with(each) && stands_in(words, each); });
}

std::string link_target(const std::string& base, std::string_view reference) {
  auto tidy = tidy_reference(reference);
  if (tidy.empty() || tidy.size() > 2000) return {};
  auto out = resolve(base, tidy);
  if (host_of(out).empty()) return {};
  if (auto at = out.find("#more"); at != out.npos) out.resize(at);
  return out;
}

}  // namespace campaignd
