#include "connectors/reading/feeds/feed_draft.hpp"

#include <algorithm>

#include "connectors/reading/base64.hpp"
#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/html.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

// What stands once in a document and is copied to every entry is kept short.
constexpr std::size_t most_authors = 200, longest_base = 512;

void keep_first(std::string& field, std::string_view value) {
  if (field.empty()) field = trimmed(value);
}

}  // namespace

FeedDraft::Ranks FeedDraft::unranked() {
  Ranks ranks{};
  ranks.fill(100);
  return ranks;
}

FeedDraft::FeedDraft(Feed& feed, std::string base) : feed_(feed), bases_{std::move(base)}, languages_{""} {}

void FeedDraft::inherit(FeedElement& element, const XmlAttributes& attributes) {
  element.bases = bases_.size();
  element.languages = languages_.size();
  for (const auto& each : attributes) {
    if (each.name.prefix != "xml") continue;
    if (each.name.local == "base") {
      auto base =
          each.value.size() > longest_base ? std::string{} : page_link(resolve(bases_[element.base], each.value));
      if (base.empty() || base.size() > longest_base) continue;
      bases_.push_back(std::move(base));
      element.base = bases_.size() - 1;
    }
    if (each.name.local == "lang") {
      languages_.push_back(language_tag(each.value));
      element.language = languages_.size() - 1;
    }
  }
}

/// What a feed says once holds for all its entries.
void FeedDraft::finish() {
  if (feed_.language.empty()) feed_.language = feed_language_;
  finish_manners();
  const auto& document = bases_.front();
  for (auto* link : {&feed_.link, &self_})
    if (!link->empty()) *link = resolve(document, *link);
  auto base = host_of(feed_.link).empty() || (is_atom_ && !document.empty()) ? document : feed_.link;
  if (base.empty()) base = self_;
  if (base.size() > longest_base) base.clear();
  feed_author_ = cut(feed_author_, most_authors);
  for (auto& entry : feed_.entries) {
    if (!entry.link.empty()) entry.link = resolve(base, entry.link);
    for (auto* text : {&entry.title, &entry.summary, &entry.content})
      if (text->base.empty()) text->base = base;
    if (entry.author.empty()) entry.author = feed_author_;
  }
}

void FeedDraft::leave(const FeedElement& element) {
  bases_.resize(element.bases);
  languages_.resize(element.languages);
}

void FeedDraft::begin_entry(const FeedElement& element, const XmlAttributes& attributes) {
  entry_.emplace();
  ranks_ = unranked();
  entry_->language = languages_[element.language];
  for (const auto& each : attributes) {
    auto name = lower_case(each.name.local);
    if (name == "about") {
      keep(entry_->id, Field::id, 2, each.value);
      if (!host_of(each.value).empty()) keep(entry_->link, Field::link, 7, page_link(each.value));
    }
    if (name == "href") keep_url(entry_->link, 1, element, each.value);
    if (name == "lastmod") entry_->updated = read_date(trimmed(each.value));
  }
}

/// Elements that say it in attributes.
void FeedDraft::attributes(const FeedElement& element, Field parent, const XmlAttributes& attributes) {
  switch (element.meaning.field) {
    case Field::link: link(element, parent, attributes); break;
    case Field::category:
      if (parent == Field::source) break;
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

void FeedDraft::link(const FeedElement& element, Field parent, const XmlAttributes& attributes) {
  const auto& rel = element.rel;
  if (entry_ && rel == "replies")
    for (const auto& each : attributes)
      if (each.name.local == "count" && space_of(each.name) == Space::thread)
        entry_->counters.replies = count(each.value);
  const auto* href = find_attribute(attributes, "href");
  // An empty reference is the base itself (RFC 3986): a page may be meant, never an enclosure.
  bool empty = href == nullptr || (trimmed(*href).empty() && (element.base == 0 || rel == "enclosure"));
  if (empty) return;
  if (parent == Field::source) {
    if (entry_ && entry_->source_url.empty() && (rel.empty() || rel == "alternate"))
      entry_->source_url = page_link(against(element.base, *href));
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
    self_ = page_link(against(element.base, *href));
}

/// Relative to the document is left as it is: what that is relative to is known at its end.
std::string FeedDraft::against(std::size_t base, std::string_view reference) const {
  return base == 0 ? std::string(trimmed(reference)) : resolve(bases_[base], reference);
}

void FeedDraft::keep_url(std::string& field, int rank, const FeedElement& element, std::string_view reference) {
  keep(field, Field::link, rank, page_link(against(element.base, reference)));
}

void FeedDraft::keep(std::string& field, Field which, int rank, std::string_view value) {
  auto& standing = (entry_ ? ranks_ : feed_ranks_)[static_cast<std::size_t>(which)];
  auto text = trimmed(value);
  if (text.empty() || rank >= standing) return;
  field = text;
  standing = rank;
}

/// Whether the text of an element is HTML; else it is what it shows. Atom's without a type should be the latter, but
/// people forget to say.
bool FeedDraft::is_html(const FeedElement& element) const {
  if (is_markup_ || element.space != Space::atom || element.type.find("html") != std::string::npos) return true;
  return element.type.empty() && holds_markup(text_);
}

/// RFC 4287 4.1.3.3: content that is neither text nor XML is base64. Some of it is not, for all its type.
void FeedDraft::decode(const FeedElement& element) {
  if (element.space != Space::atom) return;
  bool named = element.type.find('/') == std::string::npos || element.type.starts_with("text/") ||
               element.type.find("html") != std::string::npos || element.type.find("xml") != std::string::npos;
  if ((named && element.mode != "base64") || !is_base64(text_)) return;
  auto bytes = decode_base64(text_);
  text_ = is_valid_utf8(bytes) ? clean_utf8(bytes) : std::string{};  // a picture is no text
  is_markup_ = element.type != "text/plain";
}

std::string FeedDraft::html(const FeedElement& element) const {
  auto text = trimmed(text_);
  return is_html(element) ? std::string(text) : escape_html(text);
}

void FeedDraft::keep_text(FeedText& field, const FeedElement& element) {
  auto& standing = ranks_[static_cast<std::size_t>(element.meaning.field)];
  auto text = html(element);
  if (text.empty() || element.meaning.rank >= standing) return;
  standing = element.meaning.rank;
  field = {std::move(text), element.base == 0 ? std::string{} : bases_[element.base]};
}

void FeedDraft::keep_date(std::optional<sys_ms>& field, const FeedElement& element) {
  auto& standing = ranks_[static_cast<std::size_t>(element.meaning.field)];
  if (element.meaning.rank >= standing) return;
  auto date = read_date(trimmed(text_));
  if (!date) return;
  standing = element.meaning.rank;
  field = date;
}

/// The end of an element whose text means something.
void FeedDraft::take(const FeedElement& element, Field parent, std::string text, bool is_markup) {
  text_ = std::move(text);
  is_markup_ = is_markup;
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

void FeedDraft::take_for_entry(const FeedElement& element, int rank) {
  FeedEntry& entry = *entry_;
  switch (element.meaning.field) {
    case Field::title: keep_text(entry.title, element); break;
    case Field::link:
      if ((element.rel.empty() || element.rel == "alternate") && !trimmed(text_).empty())
        keep_url(entry.link, rank, element, text_);
      break;
    case Field::original_link: entry.original = page_link(text_); break;
    case Field::id: keep_id(element, rank); break;
    case Field::summary: keep_text(entry.summary, element); break;
    case Field::content: keep_text(entry.content, element); break;
    case Field::author: keep_author(entry.author, ranks_, rank); break;
    case Field::published: keep_date(entry.published, element); break;
    case Field::updated: keep_date(entry.updated, element); break;
    case Field::category:
      if (auto text = trimmed(text_); !text.empty()) entry.categories.emplace_back(text);
      break;
    case Field::language: entry.language = language_tag(text_); break;
    case Field::source:
      keep_first(entry.source, text_);
      keep_first(entry.source_url, page_link(element.url));
      break;
    case Field::replies:
      if (auto number = count(text_)) entry.counters.replies = number;
      break;
    default: break;
  }
}

/// Atom's ids are IRIs: xml:base is for them too.
void FeedDraft::keep_id(const FeedElement& element, int rank) {
  bool atom_id = element.space == Space::atom;
  auto id = atom_id ? against(element.base, text_) : std::string(trimmed(text_));
  keep(entry_->id, Field::id, rank, id);
  if (element.permalink && !host_of(id).empty()) keep(entry_->link, Field::link, atom_id ? 9 : 6, page_link(id));
}

/// Several persons stand in one line.
void FeedDraft::keep_author(std::string& author, Ranks& ranks, int rank) {
  auto name = !person_name_.empty()   ? person_name_
              : !person_mail_.empty() ? person_mail_
                                      : decode_entities(trimmed(text_));
  if (!person_name_.empty() && !person_mail_.empty()) name.append(" (").append(person_mail_).append(")");
  person_name_.clear(), person_mail_.clear();
  auto& standing = ranks[static_cast<std::size_t>(Field::author)];
  if (name.empty() || rank > standing || author.size() > most_authors) return;
  if (rank == standing && !lists(author, name))
    author.append(", ").append(name);
  else if (rank < standing)
    author = name;
  standing = rank;
}

void FeedDraft::take_for_feed(const FeedElement& element, int rank) {
  auto& manners = feed_.manners;
  switch (element.meaning.field) {
    case Field::title: keep(feed_.title, Field::title, rank, html(element)); break;
    case Field::link:
      if (!trimmed(text_).empty()) keep_url(feed_.link, rank, element, text_);
      break;
    case Field::author: keep_author(feed_author_, feed_ranks_, rank); break;
    case Field::language: keep(feed_.language, Field::language, rank, language_tag(text_)); break;
    case Field::ttl:
      if (auto minutes = count(text_); minutes && *minutes > 0)
        manners.refresh = std::chrono::minutes(std::min<std::int64_t>(*minutes, 525'600));
      break;
    case Field::period: period_ = lower_case(trimmed(text_)); break;
    case Field::frequency: frequency_ = std::clamp<std::int64_t>(count(text_).value_or(1), 1, 10'000); break;
    default: break;
  }
}

void FeedDraft::finish_manners() {
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

void FeedDraft::take_skipped(const FeedElement& element) {
  constexpr std::array<std::string_view, 7> days{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
  if (element.meaning.field == Field::hour) {
    auto hour = count(text_).value_or(99);
    if (hour <= 24) feed_.manners.skip_hours.set(static_cast<std::size_t>(hour % 24));
  } else if (element.meaning.field == Field::day) {
    auto name = lower_case(trimmed(text_)).substr(0, 3);
    const auto* day = std::ranges::find(days, name);
    if (day != days.end()) feed_.manners.skip_days.set(static_cast<std::size_t>(day - days.begin()));
  }
}

void FeedDraft::take_from_source(const FeedElement& element) {
  if (!entry_) return;
  if (element.meaning.field == Field::title) keep_first(entry_->source, text_);
  if (element.meaning.field == Field::author) keep_author(entry_->author, ranks_, 8);
}

void FeedDraft::finish_entry() {
  if (!entry_->published) entry_->published = entry_->updated;
  feed_.entries.push_back(std::move(*entry_));
  entry_.reset();
  person_name_.clear(), person_mail_.clear();
}

}  // namespace campaignd
