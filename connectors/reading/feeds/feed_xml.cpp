#include "connectors/reading/feeds/feed_xml.hpp"

#include <algorithm>
#include <set>

#include "connectors/reading/feeds/feed_draft.hpp"
#include "connectors/reading/html.hpp"

namespace campaignd {

namespace {

bool is_entry_name(std::string_view local) { return local == "item" || local == "entry"; }
bool is_feed_name(std::string_view local) {
  return local == "rss" || local == "rdf" || local == "feed" || local == "channel";
}
bool is_void(std::string_view name) { return name == "br" || name == "img" || name == "hr" || name == "input"; }

/// Builds a Feed from XML events: a stack of open elements, the text of the innermost one that means something, the
/// entry being read.
class FeedReader final : public XmlHandler {
 public:
  FeedReader(Feed& feed, std::string base) : draft_(feed, std::move(base)) { stack_.push_back({}); }

  bool is_feed() const { return is_feed_; }

  void start(XmlName name, const XmlAttributes& attributes) override {
    if (markup_depth_ > 0) return open_markup(name, attributes);
    auto element = open(name, attributes);
    bool person = element.meaning.field == Field::person_name || element.meaning.field == Field::person_mail;
    auto& parent = stack_.back();
    bool of_person = parent.meaning.field == Field::author && (person || parent.space == Space::atom);
    bool of_source = parent.meaning.field == Field::source && element.space != Space::xhtml;
    if (parent.captures && !of_person && !of_source) {
      draft_.leave(element);
      return open_markup(name, attributes);
    }
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
    if (draft_.in_entry() && stack_.size() == entry_depth_)
      draft_.finish_entry();
    else if (element.captures)
      draft_.take(element, stack_.back().meaning.field, std::move(text_), is_markup_);
    if (element.captures) text_.clear();
    is_markup_ = false;
    draft_.leave(element);
  }

  void finish() { draft_.finish(); }

 private:
  FeedElement open(const XmlName& name, const XmlAttributes& attributes) {
    const auto& parent = stack_.back();
    FeedElement element{.space = known_space(name), .local = in_lower_case(name.local)};
    element.base = parent.base;
    element.language = parent.language;
    bool structural = is_feed_name(element.local) || is_entry_name(element.local);
    if (structural && element.space == Space::other) core_ = name.space;  // a namespace of the feed's own invention
    if (element.space == Space::other && !core_.empty() && name.space == core_) element.space = Space::core;
    if (element.space == Space::rdf && structural) element.space = Space::core;
    draft_.inherit(element, attributes);
    element.meaning = meaning_of(element.space, element.local);
    if (parent.meaning.field == Field::author && element.local == "name") element.meaning = {Field::person_name, 1};
    return element;
  }

  /// The parser keeps a document's names until its end; those it writes in capitals are kept here.
  std::string_view in_lower_case(std::string_view name) {
    bool has_capitals = std::ranges::any_of(name, [](char c) { return c >= 'A' && c <= 'Z'; });
    return has_capitals ? std::string_view(*names_.insert(lower_case(name)).first) : name;
  }

  /// A document has few namespaces, and asks for them again and again.
  Space known_space(const XmlName& name) {
    if (name.space.empty()) return space_of(name);
    for (const auto& [uri, space] : spaces_)
      if (uri == name.space) return space;
    if (spaces_.size() < 50) spaces_.emplace_back(name.space, space_of(name));
    return space_of(name);
  }

  void begin(FeedElement element, const XmlAttributes& attributes) {
    const bool direct = stack_.back().container;
    const auto field = element.meaning.field;
    if (stack_.size() <= 3 && is_feed_name(element.local)) {
      if (element.space == Space::atom) draft_.is_atom();
      is_feed_ = element.local != "channel" || stack_.size() > 1 || element.space == Space::core;
      element.container = true;
    }
    bool begins_entry = !draft_.in_entry() && is_entry_name(element.local) &&
                        (element.space == Space::core || element.space == Space::atom);
    if (begins_entry) element.container = true;
    if (direct && element.space == Space::media &&
        (element.local == "group" || element.local == "content" || element.local == "community"))
      element.container = true;
    if (!attributes.empty()) read_attributes(element, attributes);
    auto parent = stack_.back().meaning.field;
    bool of_parent =
        parent == Field::author || parent == Field::source || parent == Field::skip_hours || parent == Field::skip_days;
    element.captures = (direct || of_parent) && field != Field::none && field != Field::skip_hours &&
                       field != Field::skip_days && !element.container;
    if (element.captures) text_.clear(), is_markup_ = element.type == "xhtml";
    if (begins_entry) {
      is_feed_ = is_feed_ || stack_.size() == 1;
      entry_depth_ = stack_.size();
      draft_.begin_entry(element, attributes);
    }
    if ((direct || of_parent) && !attributes.empty()) draft_.attributes(element, parent, attributes);
    if (!draft_.in_entry() && element.container && element.language != 0) draft_.language_of_feed(element.language);
    stack_.push_back(std::move(element));
  }

  static void read_attributes(FeedElement& element, const XmlAttributes& attributes) {
    element.type = lower_case(attribute(attributes, "type"));
    element.mode = lower_case(attribute(attributes, "mode"));
    element.permalink = lower_case(attribute(attributes, "ispermalink")) != "false";
    element.url = attribute(attributes, "url");
    element.rel = lower_case(attribute(attributes, "rel"));
  }

  /// Elements inside a text are its markup.
  void open_markup(const XmlName& name, const XmlAttributes& attributes) {
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

  FeedDraft draft_;
  std::vector<FeedElement> stack_;
  std::vector<std::pair<std::string, Space>> spaces_;
  std::set<std::string, std::less<>> names_;
  std::string text_, core_;
  std::size_t entry_depth_ = 0;
  int markup_depth_ = 0;
  bool is_markup_ = false, has_wrapper_ = false, is_feed_ = false;
};

/// Where the root of a feed begins.
std::size_t root_in(std::string_view text) {
  auto first = text.npos;
  for (auto name : {"<rss", "<rdf:RDF", "<feed"}) first = std::min(first, text.find(name));
  return first;
}

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

}  // namespace

Result<Feed> read_xml_feed(std::string_view text, const std::string& base) {
  Feed feed;
  bool is_feed = false;
  if (!read_with(read_xml, text, base, feed, is_feed))
    feed.complete = read_with(read_mended_xml, text, base, feed, is_feed);
  // The warnings of a program may stand before it.
  if (auto root = is_feed ? text.npos : root_in(text); root != text.npos && root > 0)
    feed.complete = read_with(read_mended_xml, text.substr(root), base, feed, is_feed);
  if (!is_feed)
    return Failure{Failure::malformed, "the document is no RSS or Atom feed; is this the address of a web page?"};
  return feed;
}

}  // namespace campaignd
