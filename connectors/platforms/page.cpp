#include "connectors/platforms/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "connectors/platforms/feed_overlap.hpp"
#include "connectors/platforms/page_items.hpp"
#include "connectors/reading/articles/article.hpp"
#include "connectors/reading/feeds/discover.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::array budgets{Budget{"page", 30, std::chrono::minutes(5), std::chrono::seconds(5)}};
constexpr std::array keys{SourceKey{"url", true}, SourceKey{"language"}, SourceKey{"list"}, SourceKey{"item"},
                          SourceKey{"link"},      SourceKey{"title"},    SourceKey{"date"}};
constexpr std::size_t remembered = 10;

std::string outlet_of(const std::string& url) {
  auto outlet = host_of(url);
  if (outlet.starts_with("www.")) outlet.erase(0, 4);
  return outlet;
}

/// A page that broke off would be cut in another way than the whole: it is read only where the configuration says what
/// an item is, and then without its last one, which may have lost its end.
Result<ItemList> read_whole_items(const Document& page, const std::string& url, const ListSelectors& selectors) {
  bool guided = !selectors.item.empty() || !selectors.link.empty();
  if (!page.whole() && !guided)
    return Failure{Failure::malformed, "the page breaks off before </body>; without an item selector it is not read"};
  auto list = read_items(page, url, selectors);
  if (list && !page.whole()) list->items.pop_back();
  return list;
}

Result<Document> read_document(std::string_view body, std::string_view content_type) {
  if (looks_like_feed(body)) return Failure{Failure::malformed, "this is a feed: use connector = \"feed\""};
  return Document::parse(body, content_type);
}

/// A list none of whose items leads anywhere is no list, and why.
std::optional<Failure> link_failure(const ListSelectors& selectors, const ItemList& list) {
  auto count = list.items.size();
  auto has_link = [](const PageItem& item) { return !item.link.empty(); };
  if (count == 0 || std::ranges::any_of(list.items, has_link)) return std::nullopt;
  auto why = selectors.link.empty() ? std::string("write a selector link for what leads to the article")
                                    : fmt::format("the selector link = \"{}\" finds {}", selectors.link,
                                                  list.link_found ? "no link to another page" : "nothing");
  return Failure{Failure::malformed,
                 fmt::format("{} item{}, and none has a link: {}", count, count == 1 ? "" : "s", why)};
}

/// Selectors that look within items and find nothing in any.
void note_idle(const ListSelectors& selectors, const ItemList& list, Page& page) {
  auto note = [&](std::string_view name, const std::string& selector, bool found) {
    if (selector.empty() || found || list.items.empty()) return;
    auto hint = selectors.item.empty() ? "; say what an item is with the selector item" : "";
    page.refused.push_back(
        {"", fmt::format("the selector {} = \"{}\" finds nothing in any item{}", name, selector, hint)});
  };
  note("title", selectors.title, list.title_found);
  note("date", selectors.date, list.date_found);
}

/// The marks a position holds, each ended by a space.
std::vector<std::string> marks_in(std::string_view position) {
  std::vector<std::string> out;
  for (auto end = position.find(' '); end != position.npos; end = position.find(' ')) {
    out.emplace_back(position.substr(0, end));
    position.remove_prefix(end + 1);
  }
  return out;
}

/// A day that has not come is the day of an event, not of an article.
bool is_announced(const Dateline& dateline, sys_ms received) {
  return dateline.date && received > sys_ms{} && *dateline.date - std::chrono::hours(12) > received;
}

Finding to_finding(PageItem item, const std::string& outlet, const std::string& language, sys_ms received) {
  Finding finding;
  Post& post = finding.post;
  finding.local_id = item.link;
  post.platform = "page";
  post.host = outlet;
  post.uri = item.link;
  post.url = item.link;
  post.author.key = outlet;
  post.author.name = outlet;
  post.author.media = true;
  post.kind = Kind::article;
  bool announced = is_announced(item.dateline, received);
  if (!announced) post.published = item.dateline.date;
  post.date_basis = announced ? DateBasis::first_seen : item.dateline.basis;
  post.date_conflict = item.dateline.conflict;
  post.place = std::move(item.dateline.place);
  post.language = language;
  post.title = std::move(item.title);
  post.text = std::move(item.text);
  post.links = std::move(item.links);
  return finding;
}

/// One conditional GET of the whole list. The position remembers the first items, so that the next poll knows whether
/// it joins this one. Lists are not in the order of their dates, so no poll claims to reach back to one.
class PagePoll final : public Job {
 public:
  PagePoll(const SourceSettings& source, Cursor cursor) : source_(source), cursor_(std::move(cursor)) {}

  Request ask(sys_ms) override {
    Request request(source_.url);
    request.bucket = "page";
    request.headers.emplace_back("accept", "text/html, application/xhtml+xml;q=0.9, */*;q=0.1");
    ask_conditionally(request, cursor_);
    return request;
  }

  Result<Page> read(const Answer& answer) override {
    Page page;
    bool whole = true;
    if (answer.status == 304) {
      page.joins_last = true;
    } else if (answer.status != 200) {
      return standard_failure(answer);
    } else {
      auto document = read_document(answer.body, header(answer.headers, "content-type"));
      if (!document) return document.error();
      auto list = read_whole_items(*document, answer.asked.url, source_.selectors);
      if (!list) return list.error();
      if (auto failure = link_failure(source_.selectors, *list)) return *failure;
      whole = document->whole();
      auto language = source_.language.empty() ? document->language() : source_.language;
      note_idle(source_.selectors, *list, page);
      take(std::move(*list), language, answer, page);
      join(page, whole);
      if (!whole) page.refused.push_back({"", "the page breaks off; its last item was left out"});
    }
    keep_validators(cursor_, answer);
    if (!whole) cursor_.etag.clear(), cursor_.last_modified.clear();  // a 304 would hide the rest for ever
    page.cursor = cursor_;
    return page;
  }

 private:
  void take(ItemList list, const std::string& language, const Answer& answer, Page& page) {
    auto outlet = outlet_of(answer.asked.url);
    for (auto& item : list.items) {
      if (item.link.empty())
        page.refused.push_back({item.title, "an item whose link leads nowhere"});
      else
        page.found.push_back(to_finding(std::move(item), outlet, language, answer.received));
    }
    if (list.cut_off) page.refused.push_back({"", "the page holds more than 2000 items; the rest was left out"});
  }

  void join(Page& page, bool whole) {
    std::vector<std::string> marks;
    for (const auto& each : page.found) marks.push_back(fmt::format("{:016x}", stable_hash(each.local_id)));
    page.joins_last = overlaps(marks_in(cursor_.position), marks, whole);
    if (marks.empty() || (!whole && marks.size() < 2)) return;
    marks.resize(std::min(marks.size(), remembered));
    cursor_.position.clear();
    for (const auto& mark : marks) cursor_.position += mark + " ";
  }

  const SourceSettings source_;
  Cursor cursor_;
};

class PageConnector final : public Connector {
 public:
  explicit PageConnector(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return page_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override {
    return std::make_unique<PagePoll>(settings_, std::move(cursor));
  }
  std::unique_ptr<Job> measure(std::vector<PostRef>) const override { return nullptr; }

 private:
  const SourceSettings settings_;
};

}  // namespace

constinit const Contract page_contract{
    .name = "page",
    .network = "web",
    .counters = "",
    .access = Access::open,
    .budgets = budgets,
    .batch = 0,
    .every = std::chrono::minutes(60),
    .keys = keys,
    .blind = "the articles behind the list; items that left it between two polls; the day of items without a date"};

std::unique_ptr<Connector> make_page(SourceSettings settings) {
  return std::make_unique<PageConnector>(std::move(settings));
}

Result<void> check_selectors(const ListSelectors& selectors) {
  for (const auto* each : {&selectors.list, &selectors.item, &selectors.link, &selectors.title, &selectors.date}) {
    if (each->empty()) continue;
    if (auto readable = check_selector(*each); !readable) return readable;
  }
  return {};
}

Result<std::string> parse_page(const std::string& body, const ParseHints& hints) {
  auto document = read_document(body, hints.content_type);
  if (!document) return document.error();
  auto list = read_whole_items(*document, hints.url, {});
  if (!list) return list.error();
  boost::json::array items;
  for (const auto& item : list->items)
    items.push_back({{"title", json_or_null(item.title)},
                     {"link", json_or_null(item.link)},
                     {"published", json_or_null(item.dateline.date)},
                     {"until", json_or_null(item.dateline.until)},
                     {"date_basis", name_of(item.dateline.basis)},
                     {"date_conflict", item.dateline.conflict},
                     {"place", json_or_null(item.dateline.place)},
                     {"city", json_or_null(item.dateline.city)},
                     {"country", json_or_null(item.dateline.country)},
                     {"text", json_or_null(item.text)}});
  auto language = hints.language.empty() ? document->language() : hints.language;
  return boost::json::serialize(boost::json::object{{"language", json_or_null(language)}, {"items", std::move(items)}});
}

}  // namespace campaignd
