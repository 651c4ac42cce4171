#include "connectors/reading/feed_xml.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "connectors/reading/feed_names.hpp"
#include "connectors/reading/html.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/time.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 32);
  return out;
}

const std::string* find_attribute(const std::vector<XmlAttribute>& attributes, std::string_view local) {
  for (const auto& each : attributes)
    if (each.name.prefix.empty() && lower(each.name.local) == local) return &each.value;
  return nullptr;
}

std::string attribute(const std::vector<XmlAttribute>& attributes, std::string_view local) {
  const auto* found = find_attribute(attributes, local);
  return found == nullptr ? std::string{} : *found;
}

/// "1,234" is a number to some feeds; what is none was not said.
std::optional<std::int64_t> count(std::string_view text) {
  std::int64_t value = 0;
  int digits = 0;
  for (char c : trimmed(text)) {
    if (c == ',' || c == ' ') continue;
    if (c < '0' || c > '9' || ++digits > 12) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return digits > 0 ? std::optional(value) : std::nullopt;
}

std::string decode_base64(std::string_view text) {
  std::string out;
  unsigned bits = 0;
  int have = 0;
  for (char c : text) {
    int value = c >= 'A' && c <= 'Z'   ? c - 'A'
                : c >= 'a' && c <= 'z' ? c - 'a' + 26
                : c >= '0' && c <= '9' ? c - '0' + 52
                : c == '+'             ? 62
                : c == '/'             ? 63
                                       : -1;
    if (value < 0) continue;
    bits = (bits << 6 | static_cast<unsigned>(value)) & 0xFFFFFF;
    have += 6;
    if (have >= 8) out += static_cast<char>(bits >> (have -= 8) & 0xFF);
  }
  return out;
}

/// Whether there is an end tag or a character reference in it.
bool looks_like_html(std::string_view text) {
  if (text.find("</") != text.npos || text.find("/>") != text.npos) return true;
  auto at = text.find('&');
  return at != text.npos && text.substr(at, 12).find(';') != text.npos;
}

/// Whole groups of four of its alphabet, white space aside.
bool is_base64(std::string_view text) {
  std::size_t digits = 0;
  for (char c : text) {
    bool space = c == ' ' || (c >= '\t' && c <= '\r');
    bool digit = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '+' || c == '/' || c == '=';
    if (!space && !digit) return false;
    if (digit) ++digits;
  }
  return digits > 0 && digits % 4 == 0;
}

bool is_entry_name(std::string_view local) { return local == "item" || local == "entry"; }
bool is_feed_name(std::string_view local) {
  return local == "rss" || local == "rdf" || local == "feed" || local == "channel";
}
bool is_void(std::string_view name) { return name == "br" || name == "img" || name == "hr" || name == "input"; }

/// Builds a Feed from XML events: a stack of open elements, the text of the innermost one that means something, the
/// entry being read.
class FeedReader final : public XmlHandler {
 public:
  FeedReader(Feed& feed, std::string base) : feed_(feed), bases_{std::move(base)}, languages_{""} {
    stack_.push_back({});
  }

  bool is_feed() const { return is_feed_; }

  void start(XmlName name, const std::vector<XmlAttribute>& attributes) override {
    if (markup_depth_ > 0) return open_markup(name, attributes);
    auto element = open(name, attributes);
    bool person = element.meaning.field == Field::person_name || element.meaning.field == Field::person_mail;
    auto& parent = stack_.back();
    bool of_person = parent.meaning.field == Field::author && (person || parent.space == Space::atom);
    if (parent.captures && !of_person && !(parent.meaning.field == Field::source && element.space != Space::xhtml))
      return open_markup(name, attributes);
    begin(std::move(element), attributes);
  }

  void text(std::string_view piece) override {
    if (!stack_.back().captures) return;
    if (is_markup_)
      text_ += escape_html(piece);
    else
      text_ += piece;
  }

  void end(XmlName name) override {
    if (markup_depth_ > 0) return close_markup(name);
    if (stack_.size() < 2) return;
    auto element = std::move(stack_.back());
    stack_.pop_back();
    if (entry_ && stack_.size() == entry_depth_)
      finish_entry();
    else if (element.captures)
      take(element);
    if (element.captures) text_.clear();
    is_markup_ = false;
  }

  /// What a feed says once holds for all its entries.
  void finish() {
    if (feed_.language.empty()) feed_.language = feed_language_;
    finish_manners();
    const auto& document = bases_.front();
    for (auto* link : {&feed_.link, &self_})
      if (!link->empty()) *link = resolve(document, *link);
    auto base = host_of(feed_.link).empty() || (is_atom_ && !document.empty()) ? document : feed_.link;
    if (base.empty()) base = self_;
    for (auto& entry : feed_.entries) {
      if (!entry.link.empty()) entry.link = resolve(base, entry.link);
      for (auto* text : {&entry.title, &entry.summary, &entry.content})
        if (text->base.empty()) text->base = base;
      if (entry.author.empty()) entry.author = feed_author_;
    }
  }

 private:
  struct Element {
    Space space = Space::other;
    std::string_view local{};
    std::string type{}, mode{}, url{}, rel{};
    Meaning meaning{};
    std::size_t base = 0, language = 0;
    bool container = false;  ///< its children speak of the feed or the entry
    bool captures = false;   ///< its text means something
    bool permalink = true;
  };

  /// The lowest rank so far of each field of an entry or feed.
  using Ranks = std::array<int, 32>;
  static Ranks unranked() {
    Ranks ranks{};
    ranks.fill(100);
    return ranks;
  }

  Element open(const XmlName& name, const std::vector<XmlAttribute>& attributes) {
    const auto& parent = stack_.back();
    Element element{.space = known_space(name), .local = in_lower_case(name.local)};
    element.base = parent.base;
    element.language = parent.language;
    bool structural = is_feed_name(element.local) || is_entry_name(element.local);
    if (structural && element.space == Space::other) core_ = name.space;  // a namespace of the feed's own invention
    if (element.space == Space::other && !core_.empty() && name.space == core_) element.space = Space::core;
    if (element.space == Space::rdf && structural) element.space = Space::core;
    for (const auto& each : attributes) {
      bool is_xml = each.name.prefix == "xml";
      if (is_xml && each.name.local == "base") {
        bases_.push_back(resolve(bases_[element.base], trimmed(each.value)));
        element.base = bases_.size() - 1;
      }
      if ((is_xml && each.name.local == "lang")) {
        languages_.emplace_back(trimmed(each.value));
        element.language = languages_.size() - 1;
      }
    }
    element.meaning = meaning_of(element.space, element.local);
    return element;
  }

  /// The parser keeps a document's names until its end; those it writes in capitals are kept here.
  std::string_view in_lower_case(std::string_view name) {
    bool has_capitals = std::ranges::any_of(name, [](char c) { return c >= 'A' && c <= 'Z'; });
    return has_capitals ? std::string_view(*names_.insert(lower(name)).first) : name;
  }

  /// A document has few namespaces, and asks for them again and again.
  Space known_space(const XmlName& name) {
    if (name.space.empty()) return space_of(name);
    for (const auto& [uri, space] : spaces_)
      if (uri == name.space) return space;
    spaces_.emplace_back(name.space, space_of(name));
    return spaces_.back().second;
  }

  void begin(Element element, const std::vector<XmlAttribute>& attributes) {
    const bool direct = stack_.back().container;
    const auto field = element.meaning.field;
    if (stack_.size() <= 3 && is_feed_name(element.local)) {
      is_atom_ = is_atom_ || element.space == Space::atom;
      is_feed_ = element.local != "channel" || stack_.size() > 1 || element.space == Space::core;
      element.container = true;
    }
    bool begins_entry = !entry_ && is_entry_name(element.local) &&
                        (element.space == Space::core || element.space == Space::atom);
    if (begins_entry) element.container = true;
    if (direct && element.space == Space::media && (element.local == "group" || element.local == "content" ||
                                                    element.local == "community"))
      element.container = true;
    if (!attributes.empty()) read_attributes(element, attributes);
    auto parent = stack_.back().meaning.field;
    bool of_parent = parent == Field::author || parent == Field::source || parent == Field::skip_hours ||
                     parent == Field::skip_days;
    element.captures = (direct || of_parent) && field != Field::none && !element.container;
    if (element.captures) text_.clear(), is_markup_ = element.type == "xhtml";
    auto base = element.base, language = element.language;
    stack_.push_back(std::move(element));
    if (begins_entry) begin_entry(attributes, base, language);
    if ((direct || of_parent) && !attributes.empty()) keep_attributes(attributes);
    if (!entry_ && stack_.back().container && !languages_[language].empty()) feed_language_ = languages_[language];
  }

  static void read_attributes(Element& element, const std::vector<XmlAttribute>& attributes) {
    element.type = lower(attribute(attributes, "type"));
    element.mode = lower(attribute(attributes, "mode"));
    element.permalink = lower(attribute(attributes, "ispermalink")) != "false";
    element.url = attribute(attributes, "url");
    element.rel = lower(attribute(attributes, "rel"));
  }

  void begin_entry(const std::vector<XmlAttribute>& attributes, std::size_t base, std::size_t language) {
    is_feed_ = is_feed_ || stack_.size() == 2;
    entry_.emplace();
    ranks_ = unranked();
    entry_depth_ = stack_.size() - 1;
    entry_->language = languages_[language];
    for (const auto& each : attributes) {
      auto name = lower(each.name.local);
      if (name == "about") {
        keep(entry_->id, Field::id, 2, each.value);
        if (!host_of(each.value).empty()) keep(entry_->link, Field::link, 7, each.value);
      }
      if (name == "href") keep(entry_->link, Field::link, 1, against(base, each.value));
      if (name == "lastmod") entry_->updated = read_date(trimmed(each.value));
    }
  }

  /// Elements that say it in attributes.
  void keep_attributes(const std::vector<XmlAttribute>& attributes) {
    const auto& element = stack_.back();
    switch (element.meaning.field) {
      case Field::link: keep_link(element, attributes); break;
      case Field::category:
        for (const char* name : {"term", "label", "text"})
          if (auto term = attribute(attributes, name); !term.empty() && entry_) {
            entry_->categories.push_back(std::move(term));
            break;
          }
        break;
      case Field::enclosure:
        if (entry_) keep_url(entry_->link, 10, element, element.url);
        break;
      case Field::views:
        if (entry_) entry_->counters.views = count(attribute(attributes, "views"));
        break;
      case Field::likes:
        if (entry_) entry_->counters.likes = count(attribute(attributes, "count"));
        break;
      default: break;
    }
  }

  void keep_link(const Element& element, const std::vector<XmlAttribute>& attributes) {
    const auto& rel = element.rel;
    if (entry_ && rel == "replies")
      for (const auto& each : attributes)
        if (each.name.local == "count" && space_of(each.name) == Space::thread) entry_->counters.replies = count(each.value);
    const auto* href = find_attribute(attributes, "href");
    // An empty reference is the base itself (RFC 3986): a page may be meant, never an enclosure.
    bool empty = href == nullptr || (trimmed(*href).empty() && (element.base == 0 || rel == "enclosure"));
    if (empty) return;
    bool of_source = stack_.size() > 2 && stack_[stack_.size() - 2].meaning.field == Field::source;
    if (of_source) {
      if (entry_ && entry_->source_url.empty()) entry_->source_url = against(element.base, *href);
      return;
    }
    struct Relation {
      std::string_view name;
      int rank;
    };
    constexpr std::array relations{Relation{"related", 8}, Relation{"via", 8}, Relation{"enclosure", 10},
                                   Relation{"self", 11}};
    int rank = 100;
    if (rel.empty() || rel == "alternate" || rel.ends_with("/alternate"))
      rank = element.type.find("html") != std::string::npos ? 3 : element.type.empty() ? 4 : 5;
    else if (const auto* found = std::ranges::find(relations, rel, &Relation::name); found != relations.end())
      rank = found->rank;
    if (entry_)
      keep_url(entry_->link, rank, element, *href);
    else if (rank <= 5)
      keep_url(feed_.link, rank, element, *href);
    else if (rel == "self")
      self_ = against(element.base, *href);
  }

  /// Relative to the document is left as it is: what that is relative to is known at its end.
  std::string against(std::size_t base, std::string_view reference) const {
    return base == 0 ? std::string(trimmed(reference)) : resolve(bases_[base], trimmed(reference));
  }

  void keep_url(std::string& field, int rank, const Element& element, std::string_view reference) {
    keep(field, Field::link, rank, against(element.base, reference));
  }

  void keep(std::string& field, Field which, int rank, std::string_view value) {
    auto& standing = (entry_ ? ranks_ : feed_ranks_)[static_cast<std::size_t>(which)];
    auto text = trimmed(value);
    if (text.empty() || rank >= standing) return;
    field = text;
    standing = rank;
  }

  /// Whether the text of an element is HTML; else it is what it shows. Atom's without a type should be the latter, but
  /// people forget to say.
  bool is_html(const Element& element) const {
    if (is_markup_ || element.space != Space::atom || element.type.find("html") != std::string::npos) return true;
    return element.type.empty() && looks_like_html(text_);
  }

  /// RFC 4287 4.1.3.3: content that is neither text nor XML is base64. Some of it is not, for all its type.
  void decode(const Element& element) {
    if (element.space != Space::atom) return;
    bool named = element.type.find('/') == std::string::npos || element.type.starts_with("text/") ||
                 element.type.find("html") != std::string::npos || element.type.find("xml") != std::string::npos;
    if ((named && element.mode != "base64") || !is_base64(text_)) return;
    text_ = clean_utf8(decode_base64(text_));
    is_markup_ = true;
  }

  std::string html(const Element& element) const {
    auto text = trimmed(text_);
    return is_html(element) ? std::string(text) : escape_html(text);
  }

  void keep_text(FeedText& field, const Element& element) {
    auto& standing = ranks_[static_cast<std::size_t>(element.meaning.field)];
    auto text = html(element);
    if (text.empty() || element.meaning.rank >= standing) return;
    standing = element.meaning.rank;
    field = {std::move(text), element.base == 0 ? std::string{} : bases_[element.base]};
  }

  void keep_date(std::optional<sys_ms>& field, const Element& element) {
    auto& standing = ranks_[static_cast<std::size_t>(element.meaning.field)];
    if (element.meaning.rank >= standing) return;
    auto date = read_date(trimmed(text_));
    if (!date) return;
    standing = element.meaning.rank;
    field = date;
  }

  /// The end of an element whose text means something.
  void take(const Element& element) {
    auto parent = stack_.back().meaning.field;
    if (parent == Field::skip_hours || parent == Field::skip_days) return take_skipped(element);
    if (parent == Field::source) return take_from_source(element);
    const auto [field, rank] = element.meaning;
    if (field == Field::person_name) return keep_first(person_name_, text_);
    if (field == Field::person_mail) return keep_first(person_mail_, text_);
    decode(element);
    if (entry_)
      take_for_entry(element, rank);
    else
      take_for_feed(element, rank);
  }

  static void keep_first(std::string& field, std::string_view value) {
    if (field.empty()) field = trimmed(value);
  }

  void take_for_entry(const Element& element, int rank) {
    FeedEntry& entry = *entry_;
    switch (element.meaning.field) {
      case Field::title: keep_text(entry.title, element); break;
      case Field::link:
        if ((element.rel.empty() || element.rel == "alternate") && !trimmed(text_).empty())
          keep_url(entry.link, rank, element, text_);
        break;
      case Field::original_link: entry.original = trimmed(text_); break;
      case Field::id: keep_id(element, rank); break;
      case Field::summary: keep_text(entry.summary, element); break;
      case Field::content: keep_text(entry.content, element); break;
      case Field::author: keep_author(entry.author, ranks_, rank); break;
      case Field::published: keep_date(entry.published, element); break;
      case Field::updated: keep_date(entry.updated, element); break;
      case Field::category:
        if (auto text = trimmed(text_); !text.empty()) entry.categories.emplace_back(text);
        break;
      case Field::language: entry.language = trimmed(text_); break;
      case Field::source:
        keep_first(entry.source, text_);
        keep_first(entry.source_url, element.url);
        break;
      case Field::replies:
        if (auto number = count(text_)) entry.counters.replies = number;
        break;
      default: break;
    }
  }

  /// Atom's ids are IRIs: xml:base is for them too.
  void keep_id(const Element& element, int rank) {
    bool atom_id = element.space == Space::atom;
    auto id = atom_id ? against(element.base, text_) : std::string(trimmed(text_));
    keep(entry_->id, Field::id, rank, id);
    if (element.permalink && !host_of(id).empty()) keep(entry_->link, Field::link, atom_id ? 9 : 6, id);
  }

  /// Several persons stand in one line.
  void keep_author(std::string& author, Ranks& ranks, int rank) {
    auto name = !person_name_.empty() ? person_name_ : !person_mail_.empty() ? person_mail_ : decode_entities(trimmed(text_));
    if (!person_name_.empty() && !person_mail_.empty()) name.append(" (").append(person_mail_).append(")");
    person_name_.clear(), person_mail_.clear();
    auto& standing = ranks[static_cast<std::size_t>(Field::author)];
    if (name.empty() || rank > standing) return;
    if (rank == standing && author.find(name) == author.npos)
      author.append(", ").append(name);
    else if (rank < standing)
      author = name;
    standing = rank;
  }

  void take_for_feed(const Element& element, int rank) {
    auto& manners = feed_.manners;
    switch (element.meaning.field) {
      case Field::title: keep(feed_.title, Field::title, rank, html(element)); break;
      case Field::link:
        if (!trimmed(text_).empty()) keep_url(feed_.link, rank, element, text_);
        break;
      case Field::author: keep_author(feed_author_, feed_ranks_, rank); break;
      case Field::language: keep(feed_.language, Field::language, rank, text_); break;
      case Field::ttl:
        if (auto minutes = count(text_); minutes && *minutes > 0)
          manners.refresh = std::chrono::minutes(std::min<std::int64_t>(*minutes, 525'600));
        break;
      case Field::period: period_ = lower(trimmed(text_)); break;
      case Field::frequency: frequency_ = std::clamp<std::int64_t>(count(text_).value_or(1), 1, 10'000); break;
      default: break;
    }
  }

  void finish_manners() {
    struct Period {
      std::string_view name;
      int minutes;
    };
    constexpr std::array periods{Period{"hourly", 60}, Period{"daily", 1440}, Period{"weekly", 10'080},
                                 Period{"monthly", 43'200}, Period{"yearly", 525'600}};
    const auto* period = std::ranges::find(periods, period_, &Period::name);
    if (!feed_.manners.refresh && period != periods.end())
      feed_.manners.refresh = std::chrono::minutes(period->minutes / frequency_);
  }

  void take_skipped(const Element& element) {
    constexpr std::array<std::string_view, 7> days{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    if (element.meaning.field == Field::hour) {
      auto hour = count(text_).value_or(99);
      if (hour <= 24) feed_.manners.skip_hours.set(static_cast<std::size_t>(hour % 24));
    } else if (element.meaning.field == Field::day) {
      auto name = lower(trimmed(text_)).substr(0, 3);
      const auto* day = std::ranges::find(days, name);
      if (day != days.end()) feed_.manners.skip_days.set(static_cast<std::size_t>(day - days.begin()));
    }
  }

  void take_from_source(const Element& element) {
    if (!entry_) return;
    if (element.meaning.field == Field::title) keep_first(entry_->source, text_);
    if (element.meaning.field == Field::author) keep_author(entry_->author, ranks_, 8);
  }

  void finish_entry() {
    if (!entry_->published) entry_->published = entry_->updated;
    feed_.entries.push_back(std::move(*entry_));
    entry_.reset();
    person_name_.clear(), person_mail_.clear();
  }

  /// Elements inside a text are its markup.
  void open_markup(const XmlName& name, const std::vector<XmlAttribute>& attributes) {
    auto& element = stack_.back();
    bool wrapper = markup_depth_ == 0 && is_markup_ && element.type == "xhtml" && name.local == "div";
    if (!is_markup_) text_ = escape_html(text_), is_markup_ = true;
    ++markup_depth_;
    if (markup_depth_ == 1) has_wrapper_ = wrapper;
    if (wrapper) return;
    text_.append("<").append(name.local);
    for (const auto& each : attributes)
      text_.append(" ").append(each.name.local).append("=\"").append(escape_html(each.value)).append("\"");
    text_ += is_void(name.local) ? " />" : ">";
  }

  void close_markup(const XmlName& name) {
    --markup_depth_;
    if (markup_depth_ == 0 && has_wrapper_) return;
    if (!is_void(name.local)) text_.append("</").append(name.local).append(">");
  }

  Feed& feed_;
  std::vector<Element> stack_;
  std::vector<std::string> bases_, languages_;  ///< of all elements that set one
  std::vector<std::pair<std::string, Space>> spaces_;
  std::set<std::string, std::less<>> names_;
  std::string text_, core_;
  std::optional<FeedEntry> entry_;
  std::size_t entry_depth_ = 0;
  Ranks ranks_ = unranked(), feed_ranks_ = unranked();
  std::string person_name_, person_mail_, feed_author_, feed_language_, period_, self_;
  std::int64_t frequency_ = 1;
  int markup_depth_ = 0;
  bool is_markup_ = false, has_wrapper_ = false, is_feed_ = false, is_atom_ = false;
};

}  // namespace


/// Whether the document was well formed or, mended, whether it ended as it should.
template <class Read>
bool read_with(Read read, std::string_view text, const std::string& base, Feed& feed, bool& is_feed) {
  feed = {};
  FeedReader reader(feed, base);
  bool whole = read(text, reader);
  reader.finish();
  is_feed = reader.is_feed();
  return whole;
}

Result<Feed> read_xml_feed(std::string_view text, const std::string& base) {
  Feed feed;
  bool is_feed = false;
  if (!read_with(read_xml, text, base, feed, is_feed))
    feed.complete = read_with(read_mended_xml, text, base, feed, is_feed);
  if (!is_feed)
    return Failure{Failure::malformed, "the document is no RSS or Atom feed; is this the address of a web page?"};
  return feed;
}

}  // namespace campaignd
