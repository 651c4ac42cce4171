#pragma once
/// How a page without a feed is cut into items.
///
/// Where nothing is configured, an item ends with the link that leads on ("more>>>", "Czytaj więcej »", "Link to the
/// report >>>"), and what stands between two of them, in the order of the document, is an item. Where every such link
/// stands in an article, list item or the like of its own, that is the item. A page without such links is read by its
/// articles, else by its longest list.
///
/// What is no item: nav, aside and form; header and footer outside of articles; everything outside the smallest element
/// that holds all the links; lines that are links to elsewhere, before an item begins; before the first item also what
/// comes before a gap of two blank lines, the page's only <h1> and what is before it, and what comes before the first
/// line that begins with a date and a place; and what has no words at all.
#include "connectors/connector.hpp"
#include "connectors/reading/dates/dateline.hpp"
#include "connectors/reading/pages/document.hpp"

namespace campaignd {

struct PageItem {
  std::string title, text;         ///< the text without its link's label
  std::string link;                ///< where it leads, resolved; empty where that is no http(s) URL or the page itself
  std::vector<std::string> links;  ///< the others in its text, resolved, http(s) only
  Dateline dateline;
};

struct ItemList {
  std::vector<PageItem>
      items;             ///< in the order of the page, one per link target: the first stands, with the text of all
  bool cut_off = false;  ///< there were more than 2000
  bool link_found = false, title_found = false, date_found = false;  ///< by their selectors, in any item
};

/// `url`: where the page came from. Selectors that find nothing are `malformed`: the page has changed.
Result<ItemList> read_items(const Document& page, const std::string& url, const ListSelectors& selectors);

/// Whether a link's label says that it leads on to the whole article, in one of Europe's languages.
bool leads_on(std::string_view label);

/// What a page's link leads to: `reference` tidied and resolved; empty where it is no http(s) URL. "#more-12", with
/// which a blog jumps into the article, is not part of the article's name.
std::string link_target(const std::string& base, std::string_view reference);

}  // namespace campaignd
