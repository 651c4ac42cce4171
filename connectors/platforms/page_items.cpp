#include "connectors/platforms/page_items.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/pages/spaces.hpp"
#include "connectors/reading/text.hpp"

namespace campaignd {

namespace {

constexpr std::size_t most_items = 2000;
constexpr std::size_t longest_title = 200;  // code points

struct Stretch {
  std::size_t begin = 0, end = 0;
};

bool is_within(Node node, const std::set<Node>& nodes) {
  for (; node != nullptr; node = parent_of(node))
    if (nodes.contains(node)) return true;
  return false;
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

/// Whether a node belongs to what stands around a page's content.
bool stands_around(Node node) {
  bool around = false;
  for (; node != nullptr; node = parent_of(node))
    around = around || is_one_of(name_of(node), {"nav", "aside", "header", "footer", "form"});
  return around;
}

/// The page itself is no article of it.
bool is_page_itself(std::string_view target, std::string_view url) {
  return target.substr(0, target.find('#')) == url.substr(0, url.find('#'));
}

/// A title is a line; of a line that is a whole paragraph, its first sentence, or as much as is fit to be one.
std::string short_title(std::string_view line) {
  auto title = std::string(trimmed(line.substr(0, line.find('\n'))));
  auto head = cut(title, longest_title);
  if (head.size() == title.size()) return title;
  auto end = std::min({head.find(". "), head.find("! "), head.find("? ")});
  if (end != head.npos && end > 10) return head.substr(0, end + 1);
  auto space = head.rfind(' ');
  return head.substr(0, space == head.npos ? head.size() : space) + "…";
}

/// Cuts a page; what its selectors and links resolve to is kept here.
class Cutter {
 public:
  Cutter(const Document& page, const std::string& url, const ListSelectors& selectors)
      : page_(page), url_(url), selectors_(selectors), base_(url) {
    auto base = link_target(url, page.base_href());
    if (!base.empty()) base_ = base;
  }

  Result<ItemList> all() {
    auto roots = roots_of_list();
    if (!roots) return roots.error();
    for (Node root : *roots) {
      auto done = selectors_.item.empty() ? cut_by_links(root) : cut_by_items(root);
      if (!done) return done.error();
    }
    if (!out_.items.empty()) return std::move(out_);
    return Failure{Failure::malformed,
                   selectors_.item.empty() && selectors_.link.empty()
                       ? "the page shows no items: no link reads like \"more\", and there are no articles or lists"
                       : "the item and link selectors find no items on the page"};
  }

 private:
  Result<std::vector<Node>> roots_of_list() const {
    if (selectors_.list.empty()) return std::vector<Node>{page_.body()};
    auto roots = page_.select(page_.body(), selectors_.list);
    if (roots && roots->empty()) return Failure{Failure::malformed, "the list selector finds nothing on the page"};
    if (roots) drop_nested(*roots);
    return roots;
  }

  static void drop_nested(std::vector<Node>& nodes) {
    std::set<Node> all(nodes.begin(), nodes.end());
    std::erase_if(nodes, [&](Node node) { return parent_of(node) != nullptr && is_within(parent_of(node), all); });
  }

  Result<void> cut_by_items(Node root) {
    auto blocks = page_.select(root, selectors_.item);
    if (!blocks) return blocks.error();
    drop_nested(*blocks);
    keep_first(*blocks);
    for (Node block : *blocks)
      if (auto done = cut_block(block, nullptr); !done) return done;
    return {};
  }

  void keep_first(std::vector<Node>& nodes) {
    out_.cut_off = out_.cut_off || nodes.size() > most_items;
    nodes.resize(std::min(nodes.size(), most_items));
  }

  /// By the links that lead on; without any and without selectors by articles or lists.
  Result<void> cut_by_links(Node root) {
    auto chosen = chosen_links(root);
    if (!chosen) return chosen.error();
    auto flow = flow_of(root, Around::left_out);
    std::vector<Node> ends;
    for (const auto& each : flow.anchors)
      if (ends_item(each, *chosen)) ends.push_back(each.node);
    out_.link_found = out_.link_found || !chosen->empty();
    if (ends.empty()) return selectors_.link.empty() ? cut_by_blocks(root) : Result<void>{};
    keep_first(ends);
    std::set<Node> links(ends.begin(), ends.end());
    Node container = container_of(ends, root);
    auto blocks = own_blocks(ends, container);
    if (blocks.empty()) return cut_flow(flow_of(container, Around::left_out), links, container);
    for (std::size_t i = 0; i < blocks.size(); ++i)
      if (auto done = cut_block(blocks[i], ends[i]); !done) return done;
    return {};
  }

  Result<std::set<Node>> chosen_links(Node root) const {
    if (selectors_.link.empty()) return std::set<Node>{};
    auto nodes = page_.select(root, selectors_.link);
    if (!nodes) return nodes.error();
    return std::set<Node>(nodes->begin(), nodes->end());
  }

  bool ends_item(const Anchor& anchor, const std::set<Node>& chosen) const {
    return selectors_.link.empty() ? leads_on(anchor.label) : is_within(anchor.node, chosen);
  }

  /// The smallest element that holds all the links; of a single link the nearest that may hold an item.
  static Node container_of(const std::vector<Node>& links, Node root) {
    if (links.size() == 1) {
      Node node = links[0];
      while (node != root && !is_one_of(name_of(node), {"article", "li", "section", "main", "td", "div"}))
        node = parent_of(node);
      return node;
    }
    std::map<Node, std::size_t> held;
    for (Node link : links)
      for (Node node = link; node != nullptr; node = parent_of(node)) ++held[node];
    Node node = links[0];
    while (node != root && held[node] < links.size()) node = parent_of(node);
    return node;
  }

  /// For each link the largest element below the container that holds no other; nothing where one of them is no item.
  static std::vector<Node> own_blocks(const std::vector<Node>& links, Node container) {
    std::map<Node, std::size_t> held;
    for (Node link : links)
      for (Node node = link; node != container && node != nullptr; node = parent_of(node)) ++held[node];
    std::vector<Node> blocks;
    for (Node link : links) {
      Node block = link;
      while (parent_of(block) != container && parent_of(block) != nullptr && held[parent_of(block)] == 1)
        block = parent_of(block);
      bool may_hold = is_one_of(name_of(block), {"article", "li", "section", "tr"});
      if (!may_hold && !(name_of(block) == "div" && holds_lines(block, link))) return {};
      blocks.push_back(block);
    }
    return links.size() > 1 ? blocks : std::vector<Node>{};
  }

  /// Whether there is a line of words before the line the link stands on.
  static bool holds_lines(Node block, Node link) {
    auto flow = flow_of(block, Around::left_out);
    for (const auto& each : flow.anchors)
      if (each.node == link) return std::string_view(flow.text).substr(0, each.begin).find('\n') != std::string::npos;
    return false;
  }

  /// Articles; else the list with the most text in its items, if they are more than the words of a menu.
  Result<void> cut_by_blocks(Node root) {
    auto blocks = page_.select(root, "article");
    if (!blocks) return blocks.error();
    std::erase_if(*blocks, stands_around);
    drop_nested(*blocks);
    if (blocks->empty()) {
      auto lines = page_.select(root, "li");
      if (!lines) return lines.error();
      std::erase_if(*lines, stands_around);
      drop_nested(*lines);
      *blocks = longest_list(*lines);
    }
    keep_first(*blocks);
    for (Node block : *blocks)
      if (auto done = cut_block(block, nullptr); !done) return done;
    return {};
  }

  static std::vector<Node> longest_list(const std::vector<Node>& lines) {
    constexpr std::size_t sentence = 20;  // bytes a line; a menu's are shorter
    std::map<Node, std::pair<std::vector<Node>, std::size_t>> lists;
    for (Node line : lines) {
      Node parent = parent_of(line);
      if (parent == nullptr) continue;
      auto flow = flow_of(line);
      if (flow.anchors.empty()) continue;
      lists[parent].first.push_back(line);
      lists[parent].second += flow.text.size();
    }
    const std::vector<Node>* best = nullptr;
    std::size_t most = 0;
    for (Node line : lines) {  // in the order of the page, so that a tie is decided the same way every time
      auto found = lists.find(parent_of(line));
      if (found == lists.end() || found->second.second <= most) continue;
      const auto& [nodes, size] = found->second;
      if (nodes.size() >= 2 && size / nodes.size() >= sentence) best = &nodes, most = size;
    }
    return best == nullptr ? std::vector<Node>{} : *best;
  }

  /// One element that is an item. `end`: its link, where that is known already.
  Result<void> cut_block(Node block, Node end) {
    auto flow = flow_of(block, Around::left_out);
    std::set<Node> chosen;
    if (end != nullptr) chosen.insert(end);
    if (end == nullptr && !selectors_.link.empty()) {
      auto nodes = chosen_links(block);
      if (!nodes) return nodes.error();
      chosen = std::move(*nodes);
      out_.link_found = out_.link_found || !chosen.empty();
    }
    PageItem item;
    const Anchor* link = link_of(flow, chosen);
    if (link != nullptr) item.link = target_of(*link);
    auto gap = link != nullptr && leads_on(link->label) ? Stretch{link->begin, link->end} : Stretch{};
    item.text = trimmed(flow.text.substr(0, gap.begin) + flow.text.substr(std::min(gap.end, flow.text.size())));
    gather_links(item, flow, {0, flow.text.size()});
    if (auto done = take_named(item, block); !done) return done;
    if (item.title.empty() && link != nullptr && gap.end == 0 && item.dateline.basis != DateBasis::header)
      item.title = short_title(link->label);
    add(std::move(item));
    return {};
  }

  /// The chosen link; else the one that leads on; else the one with the longest label, as titles have.
  const Anchor* link_of(const Flow& flow, const std::set<Node>& chosen) const {
    const Anchor* best = nullptr;
    for (const auto& each : flow.anchors) {
      if (!chosen.empty() && is_within(each.node, chosen)) return &each;
      if (chosen.empty() && selectors_.link.empty() && leads_on(each.label)) return &each;
      if (best == nullptr || each.label.size() > best->label.size()) best = &each;
    }
    return chosen.empty() && selectors_.link.empty() ? best : nullptr;
  }

  /// The title and date selectors within an item.
  Result<void> take_named(PageItem& item, Node block) {
    item.dateline = read_dateline(item.text);
    if (!selectors_.title.empty()) {
      auto nodes = page_.select(block, selectors_.title);
      if (!nodes) return nodes.error();
      if (!nodes->empty()) item.title = short_title(flow_of(nodes->front()).text), out_.title_found = true;
    }
    if (selectors_.date.empty()) return {};
    auto nodes = page_.select(block, selectors_.date);
    if (!nodes) return nodes.error();
    if (!nodes->empty()) take_date(item.dateline, nodes->front()), out_.date_found = true;
    return {};
  }

  /// A machine's instant is the platform's word; else the element's text is the header.
  static void take_date(Dateline& dateline, Node node) {
    auto datetime = attribute_of(node, "datetime");
    auto stated = read_lone_date(datetime);
    if (!stated) stated = read_rfc3339(datetime);
    if (stated) {
      dateline.date = stated;
      dateline.basis = DateBasis::stated;
    } else if (auto header = read_dateline(flow_of(node).text); header.basis != DateBasis::first_seen) {
      dateline.date = header.date;
      dateline.until = header.until;
      dateline.basis = DateBasis::header;
    }
  }

  /// What stands between the links, in the order of the document.
  Result<void> cut_flow(const Flow& flow, const std::set<Node>& links, Node container) {
    std::size_t begin = 0;
    for (const auto& each : flow.anchors) {
      if (!links.contains(each.node) || each.begin < begin) continue;
      Stretch lead{begin, std::min(each.begin, flow.text.size())};
      if (begin == 0) lead.begin = behind_boilerplate(flow, lead, container);
      lead.begin = behind_navigation(flow, lead, each);
      PageItem item;
      item.link = target_of(each);
      item.text = text_of(flow, lead);
      gather_links(item, flow, lead);
      item.dateline = read_dateline(item.text);
      add(std::move(item));
      begin = std::min(each.end, flow.text.size());
    }
    return {};
  }

  /// The words of a stretch, without the arrows a link left outside of itself.
  static std::string text_of(const Flow& flow, Stretch stretch) {
    auto text = trimmed(std::string_view(flow.text).substr(stretch.begin, stretch.end - stretch.begin));
    while (text.starts_with('>') || text.starts_with("»")) text = trimmed(text.substr(text[0] == '>' ? 1 : 2));
    return std::string(text);
  }

  /// Where the first item begins.
  std::size_t behind_boilerplate(const Flow& flow, Stretch lead, Node container) const {
    auto text = std::string_view(flow.text).substr(0, lead.end);
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
    auto begin = lead.begin;
    if (auto gap = text.rfind("\n\n\n"); gap != text.npos) begin = gap + 3;
    auto headings = page_.select(container, "h1");
    if (headings && headings->size() == 1) {
      auto heading = flow_of(headings->front()).text;
      auto at = heading.empty() ? text.npos : text.find(heading, begin);
      if (at != text.npos && at + heading.size() < text.size()) begin = at + heading.size();
    }
    for (auto at = begin; at < text.size();) {
      auto end = std::min(text.find('\n', at), text.size());
      if (!read_dateline(text.substr(at, end - at)).place.empty()) return at;
      at = end + 1;
    }
    return begin;
  }

  /// Leading lines that are links to elsewhere are left out; a title that links to its article stays.
  std::size_t behind_navigation(const Flow& flow, Stretch lead, const Anchor& end) const {
    auto target = target_of(end);
    auto text = std::string_view(flow.text).substr(0, lead.end);
    auto begin = lead.begin;
    for (const auto& each : flow.anchors) {
      if (each.begin < begin) continue;
      auto line_end = std::min(text.find('\n', each.begin), text.size());
      bool whole_line = each.end <= line_end && line_end < text.size() &&
                        trimmed(text.substr(begin, each.begin - begin)).empty() &&
                        trimmed(text.substr(each.end, line_end - each.end)).empty();
      if (!whole_line || target_of(each) == target) break;
      begin = line_end + 1;
    }
    return begin;
  }

  std::string target_of(const Anchor& anchor) const {
    auto target = link_target(base_, anchor.href);
    return is_page_itself(target, url_) ? std::string{} : target;
  }

  void gather_links(PageItem& item, const Flow& flow, Stretch stretch) const {
    for (const auto& each : flow.anchors) {
      if (each.begin < stretch.begin || each.end > stretch.end || item.links.size() >= 100) continue;
      auto target = link_target(base_, each.href);
      if (!target.empty() && target != item.link) item.links.push_back(std::move(target));
    }
  }

  void add(PageItem item) {
    if (item.text.empty() && item.title.empty()) return;
    if (item.title.empty()) item.title = short_title(item.dateline.title);
    auto [known, fresh] = places_.try_emplace(item.link, out_.items.size());
    if (!fresh && !item.link.empty()) {
      PageItem& first = out_.items[known->second];
      first.text += "\n" + item.text;
      first.links.insert(first.links.end(), item.links.begin(), item.links.end());
    } else if (out_.items.size() >= most_items) {
      out_.cut_off = true;
      places_.erase(item.link);
    } else {
      out_.items.push_back(std::move(item));
    }
  }

  const Document& page_;
  const std::string& url_;
  const ListSelectors& selectors_;
  std::string base_;
  std::map<std::string, std::size_t> places_;
  ItemList out_;
};

}  // namespace

Result<ItemList> read_items(const Document& page, const std::string& url, const ListSelectors& selectors) {
  return Cutter(page, url, selectors).all();
}

}  // namespace campaignd
