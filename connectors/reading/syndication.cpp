#include "connectors/reading/syndication.hpp"

#include "connectors/reading/html.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/time.hpp"
#include "connectors/reading/url.hpp"
#include "connectors/reading/xml.hpp"

namespace campaignd {

namespace {

constexpr std::string_view atom = "http://www.w3.org/2005/Atom";
constexpr std::string_view dublin_core = "http://purl.org/dc/elements/1.1/";
constexpr std::string_view content_module = "http://purl.org/rss/1.0/modules/content/";
constexpr std::string_view xml_space = "http://www.w3.org/XML/1998/namespace";
constexpr std::string_view xhtml = "http://www.w3.org/1999/xhtml";

std::string trimmed(std::string_view text) {
  auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

/// RSS core elements stand in no namespace or in one of those some feeds put on everything.
bool is_rss(std::string_view space) {
  return space.empty() || space == "http://purl.org/rss/1.0/" || space == "http://backend.userland.com/rss2" ||
         space == "http://blogs.law.harvard.edu/tech/rss" || space == "http://my.netscape.com/rdf/simple/0.9/";
}

std::string attribute(const std::vector<XmlAttribute>& attributes, std::string_view local) {
  for (const auto& each : attributes)
    if (each.name.local == local && each.name.space.empty()) return each.value;
  return {};
}

void escape_into(std::string& out, std::string_view text) {
  for (char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
}

/// Builds a Feed from XML events: a stack of open elements, the text of the innermost one, the entry being read.
class FeedReader final : public XmlHandler {
 public:
  FeedReader(Feed& feed, std::string base) : feed_(feed) { stack_.push_back({{}, {}, std::move(base), {}}); }

  bool is_feed() const { return is_feed_; }

  void start(XmlName name, const std::vector<XmlAttribute>& attributes) override {
    if (inline_depth_ > 0) return open_inline(name, attributes);
    Element element{std::string(name.space), std::string(name.local), stack_.back().base, stack_.back().language};
    for (const auto& each : attributes) {
      if (each.name.space != xml_space) continue;
      if (each.name.local == "base") element.base = resolve(element.base, trimmed(each.value));
      if (each.name.local == "lang") element.language = each.value;
    }
    if (stack_.size() == 1) is_feed_ = name.local == "rss" || name.local == "RDF" || name.local == "feed";
    element.type = attribute(attributes, "type");
    element.permalink = attribute(attributes, "isPermaLink") != "false";
    bool is_item = (name.local == "item" && is_rss(name.space)) || (name.local == "entry" && name.space == atom);
    stack_.push_back(std::move(element));
    text_.clear();
    if (is_item) begin_entry(attributes);
    if (name.local == "link" && name.space == atom) keep_atom_link(attributes);
    if (name.local == "category" && !attribute(attributes, "term").empty() && entry_)
      entry_->categories.push_back(attribute(attributes, "term"));
    if (name.local == "source" && entry_) entry_->source_url = attribute(attributes, "url");
    if (stack_.back().type == "xhtml" && name.space == atom) inline_depth_ = 1;
  }

  void text(std::string_view piece) override {
    if (inline_depth_ > 0)
      escape_into(text_, piece);
    else
      text_ += piece;
  }

  void end(XmlName name) override {
    if (inline_depth_ > 1) return close_inline(name);
    inline_depth_ = 0;
    if (stack_.size() < 2) return;
    auto element = std::move(stack_.back());
    stack_.pop_back();
    const auto& parent = stack_.back().local;
    bool ends_entry = entry_ && stack_.size() == entry_depth_;
    if (ends_entry)
      finish_entry();
    else if (entry_ && stack_.size() == entry_depth_ + 1)
      keep_entry_field(element);
    else if (entry_ && parent == "author" && element.local == "name")
      keep(entry_->author, text_);
    else if (!entry_ && (parent == "channel" || parent == "feed"))
      keep_feed_field(element);
    text_.clear();
  }

  /// An entry the document broke off in is dropped: what it would have said is not known.
  bool broke_off() const { return stack_.size() > 1; }

 private:
  struct Element {
    std::string space, local, base, language, type{};
    bool permalink = true;
  };

  static void keep(std::string& field, std::string_view value) {
    if (field.empty()) field = trimmed(value);
  }

  void begin_entry(const std::vector<XmlAttribute>& attributes) {
    entry_.emplace();
    entry_->language = stack_.back().language;
    entry_depth_ = stack_.size() - 1;
    for (const auto& each : attributes)
      if (each.name.local == "about") entry_->id = each.value;
  }

  void keep_atom_link(const std::vector<XmlAttribute>& attributes) {
    auto rel = attribute(attributes, "rel");
    if (!rel.empty() && rel != "alternate") return;
    auto url = resolve(stack_.back().base, trimmed(attribute(attributes, "href")));
    if (entry_ && stack_.size() == entry_depth_ + 2)
      keep(entry_->link, url);
    else if (!entry_)
      keep(feed_.link, url);
  }

  void keep_feed_field(const Element& element) {
    bool core = is_rss(element.space) || element.space == atom;
    if (core && element.local == "title") keep(feed_.title, element.type.empty() ? text_ : plain(element));
    if (is_rss(element.space) && element.local == "link") keep(feed_.link, text_);
    if (element.local == "language" && (core || element.space == dublin_core)) keep(feed_.language, text_);
    if (element.space == atom && feed_.language.empty()) feed_.language = stack_.back().language;
  }

  std::string plain(const Element& element) const {
    return element.type == "html" || element.type == "xhtml" ? read_html(text_).text : trimmed(text_);
  }

  void keep_entry_field(const Element& element) {
    const auto& name = element.local;
    if (element.space == dublin_core) {
      if (name == "date" && !entry_->published) entry_->published = read_date(text_);
      if (name == "creator") keep(entry_->author, text_);
      if (name == "language") entry_->language = trimmed(text_);
    } else if (element.space == content_module && name == "encoded") {
      entry_->content = trimmed(text_);
    } else if (element.space == atom) {
      keep_atom_field(element);
    } else if (is_rss(element.space)) {
      keep_rss_field(element);
    }
  }

  void keep_atom_field(const Element& element) {
    const auto& name = element.local;
    if (name == "id") keep(entry_->id, text_);
    if (name == "title") keep(entry_->title, plain(element));
    if (name == "summary") keep(entry_->summary, text_);
    if (name == "content") keep(entry_->content, text_);
    if (name == "published") entry_->published = read_date(trimmed(text_));
    if (name == "updated") entry_->updated = read_date(trimmed(text_));
  }

  void keep_rss_field(const Element& element) {
    const auto& name = element.local;
    if (name == "title") keep(entry_->title, text_);
    if (name == "link") keep(entry_->link, resolve(element.base, trimmed(text_)));
    if (name == "guid") {
      keep(entry_->id, text_);
      permalink_ = element.permalink;
    }
    if (name == "description") keep(entry_->summary, text_);
    if (name == "author") keep(entry_->author, text_);
    if (name == "pubDate") entry_->published = read_date(trimmed(text_));
    if (name == "category" && !trimmed(text_).empty()) entry_->categories.push_back(trimmed(text_));
    if (name == "source") keep(entry_->source, text_);
  }

  void finish_entry() {
    if (entry_->link.empty() && permalink_ && !host_of(entry_->id).empty()) entry_->link = entry_->id;
    if (!entry_->published) entry_->published = entry_->updated;
    feed_.entries.push_back(std::move(*entry_));
    entry_.reset();
    permalink_ = true;
  }

  void open_inline(XmlName name, const std::vector<XmlAttribute>& attributes) {
    ++inline_depth_;
    if (inline_depth_ == 2 && name.local == "div" && name.space == xhtml) return;  // the construct's own wrapper
    text_ += '<';
    text_ += name.local;
    for (const auto& each : attributes) {
      text_.append(" ").append(each.name.local).append("=\"");
      escape_into(text_, each.name.local == "href" ? resolve(stack_.back().base, each.value) : each.value);
      text_ += '"';
    }
    text_ += '>';
  }

  void close_inline(XmlName name) {
    --inline_depth_;
    if (inline_depth_ == 1 && name.local == "div" && name.space == xhtml) return;
    text_.append("</").append(name.local).append(">");
  }

  Feed& feed_;
  std::vector<Element> stack_;
  std::string text_;
  std::optional<FeedEntry> entry_;
  std::size_t entry_depth_ = 0;
  int inline_depth_ = 0;  ///< inside an Atom construct of type xhtml: 1 is the construct itself
  bool permalink_ = true, is_feed_ = false;
};

std::string charset_of(std::string_view content_type) {
  auto lower = fold(content_type);
  auto at = lower.find("charset=");
  if (at == lower.npos) return {};
  auto value = std::string_view(lower).substr(at + 8);
  if (value.starts_with('"')) value.remove_prefix(1);
  return std::string(value.substr(0, value.find_first_of("\"; ")));
}

}  // namespace

Result<Feed> read_feed(std::string_view bytes, std::string_view content_type, const std::string& base) {
  Feed feed;
  FeedReader reader(feed, base);
  read_xml(bytes, charset_of(content_type), reader);
  feed.complete = !reader.broke_off();
  if (!reader.is_feed())
    return Failure{Failure::malformed, "the document is no RSS or Atom feed; is this the address of a web page?"};
  return feed;
}

}  // namespace campaignd
