#include "connectors/reading/dates/time_words.hpp"

#include <algorithm>
#include <iterator>

#include "connectors/reading/text.hpp"

namespace campaignd {

namespace {

/// Twelve months and, from Monday on, seven weekdays; '/' stands between the forms of one.
struct Language {
  std::string_view months, weekdays;
};

// A word that several of them know is taken from the first.
constexpr Language languages[] = {
    // English
    {"january february march april may june july august september october november december",
     "monday tuesday wednesday thursday friday saturday sunday"},
    // German
    {"januar/janner/jaenner februar/feber marz/maerz/mrz april mai juni/juno juli/julei august september oktober "
     "november dezember",
     "montag dienstag mittwoch donnerstag freitag samstag/sonnabend sonntag"},
    // French
    {"janvier fevrier/fev mars avril mai juin juillet aout septembre octobre novembre decembre",
     "lundi mardi mercredi jeudi vendredi samedi dimanche"},
    // Spanish
    {"enero febrero marzo abril mayo junio julio agosto septiembre/setiembre octubre noviembre diciembre",
     "lunes martes miercoles jueves viernes sabado domingo"},
    // Portuguese
    {"janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
     "segunda terca quarta quinta sexta sabado domingo"},
    // Italian
    {"gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
     "lunedi martedi mercoledi giovedi venerdi sabato domenica"},
    // Dutch
    {"januari februari maart/mrt april mei juni juli augustus september oktober november december",
     "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"},
    // Polish
    {"styczen/stycznia luty/lutego marzec/marca kwiecien/kwietnia maj/maja czerwiec/czerwca lipiec/lipca "
     "sierpien/sierpnia wrzesien/wrzesnia pazdziernik/pazdziernika listopad/listopada grudzien/grudnia",
     "poniedzialek/pn wtorek sroda czwartek piatek/pt sobota/sb niedziela/nd"},
    // Czech
    {"leden/ledna unor/unora brezen/brezna duben/dubna kveten/kvetna cerven/cervna/cvn cervenec/cervence/cvc "
     "srpen/srpna zari rijen/rijna listopad/listopadu prosinec/prosince",
     "pondeli utery streda ctvrtek patek sobota nedele"},
    // Slovak
    {"januar/januara februar/februara marec/marca april/aprila maj/maja jun/juna jul/jula august/augusta "
     "september/septembra oktober/oktobra november/novembra december/decembra",
     "pondelok utorok streda stvrtok piatok sobota nedela"},
    // Slovenian
    {"januar/januarja februar/februarja marec/marca april/aprila maj/maja junij/junija julij/julija avgust/avgusta "
     "september/septembra oktober/oktobra november/novembra december/decembra",
     "ponedeljek torek sreda cetrtek petek sobota nedelja"},
    // Croatian
    {"sijecanj/sijecnja veljaca/veljace ozujak/ozujka travanj/travnja svibanj/svibnja lipanj/lipnja srpanj/srpnja "
     "kolovoz/kolovoza rujan/rujna listopad/listopada studeni/studenog/studenoga prosinac/prosinca",
     "ponedjeljak utorak srijeda cetvrtak petak subota nedjelja"},
    // Serbian and Bosnian, in Latin letters
    {"januar/januara februar/februara mart/marta april/aprila maj/maja jun/juna jul/jula avgust/avgusta "
     "septembar/septembra oktobar/oktobra novembar/novembra decembar/decembra",
     "ponedeljak utorak sreda cetvrtak petak subota nedelja"},
    // Romanian
    {"ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
     "luni marti miercuri joi vineri sambata duminica"},
    // Hungarian
    {"januar februar marcius aprilis majus junius julius augusztus szeptember oktober november december",
     "hetfo kedd szerda csutortok pentek szombat vasarnap"},
    // Swedish
    {"januari februari mars april maj juni juli augusti september oktober november december",
     "mandag tisdag onsdag torsdag fredag lordag sondag"},
    // Danish and Norwegian
    {"januar februar marts/mars april maj/mai juni juli august september oktober november december/desember",
     "mandag/mandag tirsdag/tysdag onsdag torsdag fredag lordag/laurdag sondag/sundag"},
    // Finnish
    {"tammikuu/tammikuuta helmikuu/helmikuuta maaliskuu/maaliskuuta huhtikuu/huhtikuuta toukokuu/toukokuuta "
     "kesakuu/kesakuuta heinakuu/heinakuuta elokuu/elokuuta syyskuu/syyskuuta lokakuu/lokakuuta "
     "marraskuu/marraskuuta joulukuu/joulukuuta",
     "maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai"},
    // Estonian
    {"jaanuar veebruar marts aprill mai juuni juuli august september oktoober november detsember",
     "esmaspaev teisipaev kolmapaev neljapaev reede laupaev puhapaev"},
    // Latvian
    {"janvaris/janvari/janvara februaris/februari/februara marts/marta aprilis/aprili/aprila maijs/maija "
     "junijs/junija julijs/julija augusts/augusta septembris/septembri/septembra oktobris/oktobri/oktobra "
     "novembris/novembri/novembra decembris/decembri/decembra",
     "pirmdiena otrdiena tresdiena ceturtdiena piektdiena sestdiena svetdiena"},
    // Lithuanian
    {"sausis/sausio vasaris/vasario kovas/kovo balandis/balandzio geguze/geguzes birzelis/birzelio liepa/liepos "
     "rugpjutis/rugpjucio rugsejis/rugsejo spalis/spalio lapkritis/lapkricio gruodis/gruodzio",
     "pirmadienis/pr antradienis treciadienis ketvirtadienis penktadienis sestadienis/st sekmadienis/sk"},
    // Turkish
    {"ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik",
     "pazartesi/pzt sali carsamba persembe cuma cumartesi/cmt pazar"},
    // Catalan
    {"gener febrer marc abril maig juny juliol agost setembre octubre novembre desembre",
     "dilluns dimarts dimecres dijous divendres dissabte diumenge"},
    // Bulgarian
    {"януари февруари март април май юни юли август септември октомври ноември декември",
     "понеделник/пн вторник/вт сряда/ср четвъртък/чт петък/пт събота/сб неделя/нд"},
    // Russian
    {"январь/января февраль/февраля март/марта апрель/апреля май/мая июнь/июня июль/июля август/августа "
     "сентябрь/сентября октябрь/октября ноябрь/ноября декабрь/декабря",
     "понедельник вторник среда четверг пятница суббота воскресенье/вс"},
    // Ukrainian
    {"січень/січня лютий/лютого березень/березня квітень/квітня травень/травня червень/червня липень/липня "
     "серпень/серпня вересень/вересня жовтень/жовтня листопад/листопада грудень/грудня",
     "понеділок вівторок середа четвер п'ятниця субота неділя"},
    // Serbian and Macedonian
    {"јануар/јануари/јануара фебруар/фебруари/фебруара март/марта април/априла мај/маја јун/јуни/јуна "
     "јул/јули/јула август/августа септембар/септември/септембра октобар/октомври/октобра "
     "новембар/ноември/новембра децембар/декември/децембра",
     "понедељак/понеделник уторак/вторник среда четвртак/четврток петак/петок субота/сабота недеља/недела"},
    // Greek
    {"ιανουαριος/ιανουαριου φεβρουαριος/φεβρουαριου μαρτιος/μαρτιου απριλιος/απριλιου μαιος/μαιου ιουνιος/ιουνιου "
     "ιουλιος/ιουλιου αυγουστος/αυγουστου σεπτεμβριος/σεπτεμβριου οκτωβριος/οκτωβριου νοεμβριος/νοεμβριου "
     "δεκεμβριος/δεκεμβριου",
     "δευτερα τριτη τεταρτη πεμπτη παρασκευη σαββατο κυριακη"},
};

struct Zone {
  std::string_view name;
  int minutes;
};

constexpr Zone zones[] = {
    {"gmt", 0},    {"utc", 0},     {"z", 0},      {"ut", 0},     {"est", -300},  {"edt", -240},  {"pst", -480},
    {"pdt", -420}, {"cst", -360},  {"cdt", -300}, {"mst", -420}, {"mdt", -360},  {"at", -240},   {"et", -300},
    {"ct", -360},  {"mt", -420},   {"pt", -480},  {"cet", 60},   {"cest", 120},  {"met", 60},    {"mest", 120},
    {"mez", 60},   {"mesz", 120},  {"wet", 0},    {"west", 60},  {"bst", 60},    {"eet", 120},   {"eest", 180},
    {"ist", 120},  {"idt", 180},   {"msk", 180},  {"msd", 240},  {"trt", 180},   {"sast", 120},  {"gst", 240},
    {"pkt", 300},  {"ict", 420},   {"wib", 420},  {"hkt", 480},  {"sgt", 480},   {"awst", 480},  {"jst", 540},
    {"kst", 540},  {"acst", 570},  {"acdt", 630}, {"aest", 600}, {"aedt", 660},  {"nzst", 720},  {"nzdt", 780},
    {"ast", -240}, {"adt", -180},  {"nst", -210}, {"ndt", -150}, {"akst", -540}, {"akdt", -480}, {"hst", -600},
    {"brt", -180}, {"brst", -120}, {"art", -180},
};

constexpr std::string_view fillers[] = {
    "t",   "at",   "on",     "of",   "the",  "st",   "nd",    "rd",   "th", "er",  "re",    "de",    "del",  "den",
    "der", "um",   "uhr",    "le",   "la",   "las",  "el",    "il",   "a",  "as",  "e",     "o",     "u",    "i",
    "y",   "om",   "kl",     "klo",  "kell", "alle", "ore",   "ora",  "ob", "ur",  "hod",   "hodin", "roku", "r",
    "g",   "god",  "godine", "m",    "d",    "gada", "plkst", "saat", "h",  "hrs", "feira", "dia",   "etc",  "г",
    "год", "года", "р",      "року", "в",    "о",    "ч",     "στις", "年", "月",  "日",    "号",    "號",   "년",
    "월",  "일",   "요",     "曜",   "星",   "期",   "周",    "週",   "一", "二",  "三",    "四",    "五",   "六",
    "天",  "火",   "水",     "木",   "金",   "土",   "화",    "수",   "목", "금",  "토",
};

// The base letters of U+00E0 to U+017F, in order.
constexpr std::string_view latin =
    "aaaaaaaceeeeiiiidnooooo ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrsssssssstttttt"
    "uuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(latin.size() == 0x180 - 0xE0);

struct Plain {
  std::string_view letter, base;
};
constexpr Plain others[] = {{"ș", "s"}, {"ț", "t"}, {"ё", "е"}, {"ΐ", "ι"}, {"ά", "α"}, {"έ", "ε"}, {"ή", "η"},
                            {"ί", "ι"}, {"ΰ", "υ"}, {"ϊ", "ι"}, {"ϋ", "υ"}, {"ό", "ο"}, {"ύ", "υ"}, {"ώ", "ω"},
                            {"−", "-"}, {"،", " "}, {"·", " "}, {"•", " "}, {"’", "'"}, {"ʼ", "'"}};

unsigned byte(char c) { return static_cast<unsigned char>(c); }

std::size_t letter_size(std::string_view text) {
  auto lead = byte(text.front());
  std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return std::min(size, text.size());
}

void append_plain(std::string& out, std::string_view letter) {
  auto known = std::ranges::find(others, letter, &Plain::letter);
  if (known != std::end(others)) {
    out += known->base;
  } else if (letter.size() == 2) {
    auto code = (byte(letter[0]) & 0x1FU) << 6 | (byte(letter[1]) & 0x3FU);
    if (code < 0xE0) {
      out += ' ';
    } else if (code < 0x180) {
      out += latin[code - 0xE0];
    } else if (code < 0x300 || code >= 0x370) {  // between them stand accents that found no letter
      out += letter;
    }
  } else if (letter.starts_with("\xE2\x80")) {  // U+2000 to U+203F: dashes from 2010 to 2015
    out += byte(letter[2]) >= 0x90 && byte(letter[2]) <= 0x95 ? '-' : ' ';
  } else {
    out += letter;
  }
}

/// Takes the part before the separator off the text.
std::string_view next_part(std::string_view& text, char separator) {
  auto part = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

std::size_t count_letters(std::string_view word) {
  return static_cast<std::size_t>(std::ranges::count_if(word, [](char c) { return (byte(c) & 0xC0U) != 0x80; }));
}

/// Bit n for the n-th name, from 1, that the word is or begins.
unsigned names_matching(std::string_view names, std::string_view word, bool may_begin) {
  unsigned found = 0;
  for (unsigned number = 1; !names.empty(); ++number) {
    auto forms = next_part(names, ' ');
    while (!forms.empty()) {
      auto form = next_part(forms, '/');
      if (form == word || (may_begin && form.starts_with(word))) found |= 1U << number;
    }
  }
  return found;
}

template <std::size_t size>
bool stands_among(std::string_view word, const std::string_view (&words)[size]) {
  return std::ranges::find(words, word) != std::end(words);
}

}  // namespace

std::string plain_words(std::string_view text) {
  auto folded = fold(text);
  if (is_ascii(folded)) return folded;
  std::string out;
  for (std::string_view rest = folded; !rest.empty();) {
    auto letter = rest.substr(0, letter_size(rest));
    rest.remove_prefix(letter.size());
    if (letter.size() == 1) {
      out += letter;
    } else {
      append_plain(out, letter);
    }
  }
  return out;
}

std::optional<std::chrono::minutes> zone_named(std::string_view name) {
  auto found = std::ranges::find(zones, name, &Zone::name);
  if (found == std::end(zones)) return std::nullopt;
  return std::chrono::minutes(found->minutes);
}

DateWord date_word(std::string_view word) {
  DateWord out;
  auto letters = count_letters(word);
  for (const auto& language : languages) {
    auto months = names_matching(language.months, word, letters >= 3);
    for (int month = 1; out.month == 0 && month <= 12; ++month)
      if ((months >> month & 1U) != 0) out.month = month;
    out.months = static_cast<std::uint16_t>(out.months | months);
    auto weekdays = names_matching(language.weekdays, word, letters >= 2);
    out.weekdays = static_cast<std::uint8_t>(out.weekdays | (weekdays & 0x7EU) | weekdays >> 7);
  }
  return out;
}

bool is_filler(std::string_view word) { return stands_among(word, fillers); }

HalfOfDay half_of_day(std::string_view word) {
  constexpr std::string_view mornings[] = {"am", "오전", "上午", "午前", "πμ", "ص", "oo"};
  constexpr std::string_view afternoons[] = {"pm", "오후", "下午", "午後", "μμ", "م", "os", "مساء"};
  if (stands_among(word, mornings)) return HalfOfDay::morning;
  return stands_among(word, afternoons) ? HalfOfDay::afternoon : HalfOfDay::unsaid;
}

bool marks_hours(std::string_view word) {
  constexpr std::string_view words[] = {"h", "ч", "时", "時", "点", "點", "시"};
  return stands_among(word, words);
}

bool marks_minutes(std::string_view word) {
  constexpr std::string_view words[] = {"m", "min", "分", "분"};
  return stands_among(word, words);
}

bool marks_seconds(std::string_view word) {
  constexpr std::string_view words[] = {"s", "sec", "秒", "초"};
  return stands_among(word, words);
}

}  // namespace campaignd
