#pragma once
/// Articles: on whose page one stands, what it goes by, what it is.
#include "daemon/config/config.hpp"
#include "daemon/store/store.hpp"

namespace campaignd::collect {

/// An outlet's article; a person's is treated as a person's post.
bool is_of_the_press(const Post& post);

/// An article, placed.
struct Article {
  std::string url;    ///< its real link
  std::string host;   ///< of the outlet, which an aggregator may name where its link does not; empty where neither does
  std::string title;  ///< without the outlet's name, as a search feed gives it or as the table of outlets has it
  const Partner* partner = nullptr;
  store::PageOwner owner;
};

class Press {
 public:
  /// Keeps a reference to the campaign.
  explicit Press(const Campaign& campaign);
  Article place(const Post& post) const;
  /// Whose page it is, by its URL, and by its host where an aggregator hides the page's address.
  store::PageOwner owner_of_page(const std::string& url, const std::string& host) const;

 private:
  struct Site {
    const Partner* partner;
    std::string path;  ///< begins with '/'; empty: every page
  };
  const Partner* partner_at(std::string_view host, std::string_view path) const;
  void find_owner(Article& article) const;
  const Campaign& campaign_;
  std::map<std::string, std::vector<Site>, std::less<>> sites_;  ///< of partners, by host
};

/// Besides its uri an article goes by the form of its link and, for a week, by its headline within its outlet: a search
/// feed's item and the outlet's own are then one. Empty where it has none.
struct ArticleNames {
  std::string link, headline;
};
ArticleNames names_of(const Article& article);

/// What only articles have, into a fact of one.
void describe(const Article& article, const Post& post, store::Fact& fact);

}  // namespace campaignd::collect
