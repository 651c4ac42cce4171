#include "daemon/collect/beside.hpp"

#include <algorithm>

#include "connectors/reading/articles/article.hpp"
#include "connectors/reading/articles/domain.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"
#include "daemon/config/forms.hpp"

namespace campaignd::collect {

namespace {

constexpr std::size_t most_names = 30, longest_tag = 60;

/// In the order of the post, each once.
class Names {
 public:
  explicit Names(const std::set<std::string>& own) : own_(own) {}
  void add(std::string name) {
    bool known = name.empty() || own_.contains(name) || std::ranges::find(out_, name) != out_.end();
    if (!known && out_.size() < most_names) out_.push_back(std::move(name));
  }
  std::vector<std::string> all() && { return std::move(out_); }

 private:
  const std::set<std::string>& own_;
  std::vector<std::string> out_;
};

std::string site_of(const std::string& link) { return registrable_domain(host_of(real_link(link))); }

}  // namespace

std::set<std::string> own_names(const std::vector<Term>& terms) {
  std::set<std::string> out;
  for (const auto& term : terms) {
    auto text = fold_words(term.text);
    if (text.starts_with('#')) text.erase(0, 1);
    out.insert(term.match_class == MatchClass::link ? site_of("https://" + text) : text);
  }
  return out;
}

std::vector<std::string> tags_beside(const Post& post, const std::set<std::string>& own) {
  Names names(own);
  for (auto& tag : tags_of(post))
    if (cut(tag, longest_tag) == tag) names.add(std::move(tag));
  return std::move(names).all();
}

std::vector<std::string> sites_beside(const Post& post, const std::set<std::string>& own) {
  Names names(own);
  for (const auto& link : post.links)
    if (host_of(link) != post.host && account_at(link).empty() && !is_tag_page(link)) names.add(site_of(link));
  return std::move(names).all();
}

bool is_tag_page(const std::string& link) {
  auto host = host_of(link);
  if (host.empty()) return false;
  auto path = std::string_view(link).substr(std::min(link.find('/', link.find("://") + 3), link.size()));
  return std::ranges::any_of(std::initializer_list<std::string_view>{"/tags/", "/tag/", "/hashtag/"},
                             [&](std::string_view list) { return path.starts_with(list); });
}

}  // namespace campaignd::collect
