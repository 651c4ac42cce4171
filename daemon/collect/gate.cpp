#include "daemon/collect/gate.hpp"

#include <algorithm>

#include "connectors/reading/article.hpp"
#include "connectors/reading/domain.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd::collect {

namespace {

constexpr std::size_t longest_text = 300;

/// "isp.org.pl" holds every page below that host; "gov.pl/web/mswia" only what starts so: ministries share hosts.
bool page_within(const std::string& url, const std::string& place) {
  auto slash = place.find('/');
  if (!host_within(host_of(url), place.substr(0, slash))) return false;
  if (slash == place.npos) return true;
  auto path = url.find('/', url.find("://") + 3);
  return path != url.npos && std::string_view(url).substr(path).starts_with(std::string_view(place).substr(slash));
}

/// Where an article is: its real link, and the host of the outlet, which an aggregator's feed may name where its link
/// does not; empty where neither does.
struct Place {
  std::string url, host;
};

/// An outlet's article; a person's is treated as a person's post.
bool is_of_the_press(const Post& post) { return post.kind == Kind::article && post.author.media; }

std::string without_www(std::string host) {
  if (host.starts_with("www.")) host.erase(0, 4);
  return host;
}

Place place_of(const std::string& url, const std::string& host) {
  Place place{real_link(url), {}};
  if (place.url.empty() || hides_page(place.url))
    place.host = hides_page("https://" + host) || host == without_www(host_of(url)) ? std::string{} : host;
  else
    place.host = without_www(host_of(place.url));
  return place;
}

}  // namespace

Gate::Gate(const Config& config, Keys keys)
    : campaign_(config.campaign), profile_(config.profile), keys_(std::move(keys)), matcher_(config.campaign.terms) {
  for (const auto& partner : campaign_.partners)
    for (const auto& account : partner.accounts) by_account_[account] = &partner;
}

const Partner* Gate::partner_of(const Post& post) const {
  if (auto found = by_account_.find(post.platform + ":" + post.author.key); found != by_account_.end())
    return found->second;
  if (!post.author.media) return nullptr;
  auto place = place_of(post.url, post.host);
  return partner_at(place.url, place.host);
}

const Partner* Gate::partner_at(const std::string& url, const std::string& outlet) const {
  for (const auto& partner : campaign_.partners)
    for (const auto& place : partner.domains) {
      bool whole_host = place.find('/') == place.npos;
      if (page_within(url, place) || (whole_host && host_within(outlet, place))) return &partner;
    }
  return nullptr;
}

store::PageOwner Gate::partner_of_page(const std::string& url, const std::string& host) const {
  store::PageOwner owner;
  auto place = place_of(url, host);
  if (const auto* partner = partner_at(place.url, place.host)) owner.partner = partner->id;
  if (owner.partner) owner.relation = store::Relation::owned;
  if (place.host.empty()) return owner;
  owner.outlet = registrable_domain(place.host);
  auto known = campaign_.outlets.find(*owner.outlet);
  if (known == campaign_.outlets.end()) return owner;
  if (!known->second.country.empty()) owner.country = known->second.country;
  if (!owner.partner && known->second.distribution) owner.relation = store::Relation::distribution;
  return owner;
}

/// The headline without the outlet's name, as a search feed gives it or as the table of outlets has it.
std::string Gate::title_of(const Post& post, const std::string& outlet) const {
  auto title = without_outlet(without_outlet(post.title, post.author.name), outlet);
  auto known = campaign_.outlets.find(outlet);
  return known == campaign_.outlets.end() ? title : without_outlet(title, known->second.name);
}

/// An article also goes by the form of its link, and for a week by its headline within its outlet: a search feed's
/// item and the outlet's own are then one.
std::vector<store::AliasKey> Gate::names_of(const Post& post) const {
  std::vector<store::AliasKey> names{{keys_.alias(post.uri), "uri"}};
  for (const auto& name : post.aliases) names.push_back({keys_.alias(name), "alias"});
  if (!is_of_the_press(post)) return names;
  auto form = canonical_url(post.url);
  // A link to a site's first page names no article.
  if (form.find_first_of("/?#") != form.npos) names.push_back({keys_.alias(form), "canonical url"});
  auto outlet = partner_of_page(post.url, post.host).outlet;
  auto headline = outlet ? title_key(title_of(post, *outlet), "") : std::string{};
  if (!headline.empty()) names.push_back({keys_.alias("title|" + *outlet + "|" + headline), "title", true});
  return names;
}

void Gate::describe_article(const Post& post, store::Fact& fact) const {
  auto owner = partner_of_page(post.url, post.host);
  auto place = place_of(post.url, post.host);
  auto title = title_of(post, owner.outlet.value_or(""));
  auto& article = fact.article;
  if (!place.host.empty()) fact.host = place.host;
  if (fact.uri == fact.url) fact.uri = place.url;
  fact.url = place.url;
  fact.title = cut(clean_utf8(title), longest_text);
  article.date_basis = post.published ? post.date_basis : DateBasis::first_seen;
  if (article.date_basis == DateBasis::first_seen) fact.published.reset();
  article.date_conflict = post.date_conflict;
  article.place = cut(clean_utf8(post.place), 100);
  article.outlet = owner.outlet;
  article.country = owner.country;
  article.relation = owner.relation;
  if (!fact.match) return;  // it may become one with a known article; copies are looked for among matched ones
  if (auto headline = title_key(title, ""); !headline.empty()) article.title_hash = stable_hash(headline);
  article.fingerprint = fingerprint(title, post.text);
}

bool Gate::opted_out(const Post& post) const {
  if (post.author.media) return false;
  if (post.author.opted_out) return true;
  return profile_ == Profile::strict && post.platform == "mastodon" && !post.author.indexable.value_or(false);
}

bool Gate::first_sight(const Post& post, sys_ms now) {
  auto today = std::chrono::floor<std::chrono::days>(now);
  if (today != daily_key_made_ || daily_key_.empty()) {
    daily_key_ = random_bytes(32);
    daily_key_made_ = today;
    opted_out_seen_.clear();
  }
  return opted_out_seen_.insert(keyed_hash(daily_key_, post.uri)).second;
}

std::optional<store::Fact> Gate::admit(const Finding& finding, const Contract& contract, sys_ms now, Gated& gated) {
  const Post& post = finding.post;
  auto at = std::min(post.published.value_or(now), now);  // M-00
  const Edition* edition = campaign_.edition_at(at);
  if (edition == nullptr) return std::nullopt;
  auto match = matcher_.judge(post, at);
  const Partner* partner = partner_of(post);
  if (partner == nullptr && opted_out(post)) {
    if (match && first_sight(post, now)) ++gated.opted_out;
    gated.withdrawn.push_back(names_of(post));
    return std::nullopt;
  }
  if (!match && partner != nullptr) match = Match{"", MatchClass::owned};
  if (match && match->match_class != MatchClass::owned) ++gated.matched;

  store::Fact fact;
  fact.edition = edition->id;
  fact.platform = post.platform;
  fact.network = contract.network;
  fact.local_id = finding.local_id;
  fact.match = match;
  fact.keys = names_of(post);
  fact.host = post.host;
  fact.kind = post.kind;
  fact.published = post.published;
  fact.edited = post.edited;
  fact.language = cut(post.language, 20);
  fact.media_count = post.media_count;
  fact.counters = finding.counters;
  fact.measurable = contract.batch > 0;
  bool named = partner != nullptr || post.author.media;
  if (named || profile_ == Profile::standard) {
    fact.uri = post.uri;
    fact.url = post.url;
  }
  if (named) {
    fact.title = cut(clean_utf8(post.title), longest_text);
    fact.author.name =
        partner != nullptr && !post.author.media ? partner->name : cut(clean_utf8(post.author.name), 100);
  }
  if (partner != nullptr) {
    fact.text = cut(clean_utf8(post.text), longest_text);
    (post.author.media ? fact.partner : fact.author.partner) = partner->id;
  }
  if (is_of_the_press(post)) describe_article(post, fact);
  fact.author.pseudonym = keys_.pseudonym(edition->id, post.platform, post.author.key);
  fact.author.bot = post.author.bot;
  fact.author.followers = post.author.followers;
  return fact;
}

Gated Gate::admit(const std::vector<Finding>& found, const Contract& contract, sys_ms now) {
  Gated gated;
  for (const auto& finding : found)
    if (auto fact = admit(finding, contract, now, gated)) gated.facts.push_back(std::move(*fact));
  return gated;
}

std::vector<store::PartnerAccount> Gate::partner_accounts() const {
  std::vector<store::PartnerAccount> out;
  for (const auto& edition : campaign_.editions)
    for (const auto& [account, partner] : by_account_) {
      auto colon = account.find(':');
      auto platform = account.substr(0, colon);
      out.push_back({edition.id, platform, keys_.pseudonym(edition.id, platform, account.substr(colon + 1)),
                     partner->id, partner->name});
    }
  return out;
}

}  // namespace campaignd::collect
