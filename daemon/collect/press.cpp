#include "daemon/collect/press.hpp"

#include <algorithm>

#include "connectors/reading/articles/article.hpp"
#include "connectors/reading/articles/domain.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd::collect {

namespace {

constexpr std::size_t longest_title = 300, longest_place = 100;

std::string without_www(std::string host) {
  if (host.starts_with("www.")) host.erase(0, 4);
  return host;
}

Article placed(const std::string& url, const std::string& host) {
  Article article{.url = real_link(url)};
  if (article.url.empty() || hides_page(article.url))
    article.host = hides_page("https://" + host) || host == without_www(host_of(url)) ? std::string{} : host;
  else
    article.host = without_www(host_of(article.url));
  return article;
}

}  // namespace

bool is_of_the_press(const Post& post) { return post.kind == Kind::article && post.author.media; }

Press::Press(const Campaign& campaign) : campaign_(campaign) {
  for (const auto& partner : campaign.partners)
    for (const auto& place : partner.outlets) {
      auto slash = std::min(place.find('/'), place.size());
      sites_[place.substr(0, slash)].push_back({&partner, place.substr(slash)});
    }
}

/// "isp.org.pl" holds every page below that host; "gov.pl/web/mswia" only what starts so: ministries share hosts.
const Partner* Press::partner_at(std::string_view host, std::string_view path) const {
  for (;;) {
    if (auto found = sites_.find(host); found != sites_.end())
      for (const auto& site : found->second)
        if (path.starts_with(site.path)) return site.partner;
    auto dot = host.find('.');
    if (dot == host.npos) return nullptr;
    host.remove_prefix(dot + 1);
  }
}

void Press::find_owner(Article& article) const {
  auto path_at = article.url.find('/', article.url.find("://") + 3);
  auto path = path_at == std::string::npos ? std::string_view{} : std::string_view(article.url).substr(path_at);
  article.partner = partner_at(host_of(article.url), path);
  if (article.partner == nullptr) article.partner = partner_at(article.host, {});
  auto& owner = article.owner;
  if (article.partner != nullptr) owner.partner = article.partner->id;
  auto is_ours = [&](const auto& domain) { return host_within(article.host, domain); };
  if (owner.partner || std::ranges::any_of(campaign_.outlets_owned, is_ours)) owner.relation = store::Relation::owned;
  if (article.host.empty()) return;
  owner.outlet = registrable_domain(article.host);
  auto known = campaign_.outlets.find(*owner.outlet);
  if (known == campaign_.outlets.end()) return;
  if (!known->second.country.empty()) owner.country = known->second.country;
  if (owner.relation == store::Relation::pickup && known->second.distribution)
    owner.relation = store::Relation::distribution;
}

store::PageOwner Press::owner_of_page(const std::string& url, const std::string& host) const {
  auto article = placed(url, host);
  find_owner(article);
  return article.owner;
}

Article Press::place(const Post& post) const {
  auto article = placed(post.url, post.host);
  find_owner(article);
  auto outlet = article.owner.outlet.value_or("");
  article.title = without_outlet(without_outlet(post.title, post.author.name), outlet);
  auto known = campaign_.outlets.find(outlet);
  if (known != campaign_.outlets.end()) article.title = without_outlet(article.title, known->second.name);
  return article;
}

ArticleNames names_of(const Article& article) {
  ArticleNames names{canonical_url(article.url), {}};
  if (names.link.find_first_of("/?#") == names.link.npos) names.link.clear();  // a site's first page names no article
  auto headline = article.owner.outlet ? title_key(article.title, "") : std::string{};
  if (!headline.empty()) names.headline = "title|" + *article.owner.outlet + "|" + headline;
  return names;
}

void describe(const Article& article, const Post& post, store::Fact& fact) {
  if (!article.host.empty()) fact.host = article.host;
  if (fact.uri == fact.url) fact.uri = article.url;
  fact.url = article.url;
  fact.title = cut(clean_utf8(article.title), longest_title);
  auto& out = fact.article;
  out.date_basis = post.published ? post.date_basis : DateBasis::first_seen;
  if (out.date_basis == DateBasis::first_seen) fact.published.reset();
  out.date_conflict = post.date_conflict;
  out.place = cut(clean_utf8(post.place), longest_place);
  out.outlet = article.owner.outlet;
  out.country = article.owner.country;
  out.relation = article.owner.relation;
  if (!fact.match) return;  // it may become one with a known article; copies are looked for among matched ones
  if (auto headline = title_key(article.title, ""); !headline.empty()) out.title_hash = stable_hash(headline);
  out.fingerprint = fingerprint(article.title, post.text);
}

}  // namespace campaignd::collect
