#pragma once
/// What a feed's elements say, gathered into a Feed: of several that say the same the best stands (feed_names' ranks),
/// addresses are resolved, what a feed says once holds for all its entries.
#include <array>

#include "connectors/reading/feeds/feed_names.hpp"
#include "connectors/reading/feeds/feed_words.hpp"
#include "connectors/reading/feeds/syndication.hpp"

namespace campaignd {

/// An open element, as far as it means something.
struct FeedElement {
  Space space = Space::other;
  std::string_view local{};  ///< in lower case
  std::string type{}, mode{}, url{}, rel{};
  Meaning meaning{};
  std::size_t base = 0, language = 0;    ///< of FeedDraft; 0: the document's own
  std::size_t bases = 0, languages = 0;  ///< there were so many outside it
  bool container = false;                ///< its children speak of the feed or the entry
  bool captures = false;                 ///< its text means something
  bool permalink = true;
};

class FeedDraft {
 public:
  FeedDraft(Feed& feed, std::string base);

  /// What xml:base and xml:lang of an element make of its parent's.
  void inherit(FeedElement& element, const XmlAttributes& attributes);
  void leave(const FeedElement& element);
  void is_atom() { is_atom_ = true; }
  void language_of_feed(std::size_t language) { feed_language_ = languages_[language]; }

  bool in_entry() const { return entry_.has_value(); }
  void begin_entry(const FeedElement& element, const XmlAttributes& attributes);
  void finish_entry();

  /// An element that says something in its attributes; `parent` is the meaning of the one around it.
  void attributes(const FeedElement& element, Field parent, const XmlAttributes& attributes);
  /// The end of an element: `text` is what it held, as markup or as it is read.
  void take(const FeedElement& element, Field parent, std::string text, bool is_markup);
  void finish();

 private:
  /// The lowest rank so far of each field of an entry or feed.
  using Ranks = std::array<int, 32>;
  static Ranks unranked();

  void link(const FeedElement& element, Field parent, const XmlAttributes& attributes);
  std::string against(std::size_t base, std::string_view reference) const;
  void keep(std::string& field, Field which, int rank, std::string_view value);
  void keep_url(std::string& field, int rank, const FeedElement& element, std::string_view reference);
  void keep_text(FeedText& field, const FeedElement& element);
  void keep_date(std::optional<sys_ms>& field, const FeedElement& element);
  void keep_id(const FeedElement& element, int rank);
  void keep_author(std::string& author, Ranks& ranks, int rank);
  bool is_html(const FeedElement& element) const;
  void decode(const FeedElement& element);
  std::string html(const FeedElement& element) const;
  void take_for_entry(const FeedElement& element, int rank);
  void take_for_feed(const FeedElement& element, int rank);
  void take_from_source(const FeedElement& element);
  void take_skipped(const FeedElement& element);
  void finish_manners();

  Feed& feed_;
  std::vector<std::string> bases_, languages_;  ///< of the open elements that set one
  std::optional<FeedEntry> entry_;
  Ranks ranks_ = unranked(), feed_ranks_ = unranked();
  std::string text_;  ///< of the element being taken
  bool is_markup_ = false;
  std::string person_name_, person_mail_, feed_author_, feed_language_, period_, self_;
  std::int64_t frequency_ = 1;
  bool is_atom_ = false;
};

}  // namespace campaignd
