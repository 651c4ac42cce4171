#include "daemon/collect/gate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/reading/story.hpp"
#include "connectors/reading/text.hpp"
#include "daemon/collect/beside.hpp"
#include "daemon/config/codes.hpp"
#include "daemon/config/forms.hpp"

namespace campaignd::collect {

namespace {

constexpr std::size_t longest_text = 300;

/// Whoever an organisation answers or thanks is no organisation: "@name" becomes "@…".
std::string without_mentions(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    bool begins = text[at] == '@' && (at == 0 || std::string_view(" \n\t(.,:;\"'").find(text[at - 1]) != text.npos);
    if (!begins) {
      out += text[at++];
      continue;
    }
    at = std::min(text.find_first_of(" \n\t),;:\"'", at), text.size());
    out += "@…";
  }
  return out;
}

std::string on_network(std::string_view platform, std::string_view name) {
  return fmt::format("{}:{}", network_of(platform), fold(name));
}

}  // namespace

Gate::Gate(const Config& config, Keys keys)
    : campaign_(config.campaign),
      profile_(config.profile),
      keys_(std::move(keys)),
      matcher_(config.campaign.terms),
      press_(campaign_),
      own_names_(own_names(campaign_.terms)) {
  for (const auto& partner : campaign_.partners)
    for (const auto& account : partner.accounts) {
      auto colon = account.find(':');
      auto platform = account.substr(0, colon), name = account.substr(colon + 1);
      by_account_.try_emplace(on_network(platform, name),
                              Account{std::string(network_of(platform)), name, account, &partner});
    }
}

const Gate::Account* Gate::account_named(std::string_view platform, const std::string& name) const {
  auto found = name.empty() ? by_account_.end() : by_account_.find(on_network(platform, name));
  return found == by_account_.end() ? nullptr : &found->second;
}

const Gate::Account* Gate::registered(const Post& post) const {
  const auto* account = account_named(post.platform, post.author.key);
  return account != nullptr ? account : account_named(post.platform, post.author.handle);
}

/// A mention, or a link to a post, is one to its account's page. What others write on an organisation's own server is
/// no page of the organisation's.
bool Gate::carries_ours(const std::string& link) const {
  if (auto account = account_at(link); !account.empty()) {
    auto colon = account.find(':');
    if (account_named(account.substr(0, colon), account.substr(colon + 1)) != nullptr) return true;
    if (account.starts_with("mastodon:")) return false;
  }
  return !is_tag_page(link) && press_.owner_of_page(link, {}).relation == store::Relation::owned;
}

/// One page that links back is enough.
std::vector<Evidence> Gate::verified(const Author& author, const Account& account) {
  const Partner& partner = *account.partner;
  auto is_own = [&](const std::string& page) { return is_own_page(partner, page); };
  auto page = std::ranges::find_if(author.verified, is_own);
  if (page == author.verified.end()) return {};
  return {{partner.id, account.written, std::string(verified_link), cut(*page, longest_text)}};
}

std::vector<store::Beside> Gate::beside(const Post& post) const {
  std::vector<store::Beside> out;
  for (auto& tag : tags_beside(post, own_names_)) out.push_back({"tag", tag, keys_.alias("tag:" + tag)});
  for (auto& site : sites_beside(post, own_names_)) out.push_back({"link", site, keys_.alias("link:" + site)});
  return out;
}

std::vector<store::AliasKey> Gate::names_of(const Post& post, const Article* article) const {
  std::vector<store::AliasKey> names{{keys_.alias(post.uri), "uri"}};
  std::string why = "alias";
  for (const auto& name : post.aliases) {
    if (!post.bridge.empty() && name == post.copy_uri) why = "copied by " + post.bridge;
    names.push_back({keys_.alias(name), why});
  }
  if (article == nullptr) return names;
  auto more = collect::names_of(*article);
  if (!more.link.empty()) names.push_back({keys_.alias(more.link), "canonical url"});
  if (!more.headline.empty()) names.push_back({keys_.alias(more.headline), "title", true});
  return names;
}

/// Organisations and media of an edition whose key is gone need no pseudonym: they are named.
Digest Gate::stored_as(const std::string& edition, std::string_view platform, std::string_view author) const {
  return keys_.has(edition) ? keys_.pseudonym(edition, platform, author)
                            : keys_.alias(fmt::format("{}|{}|{}", edition, platform, author));
}

std::vector<Digest> Gate::suppressed_as(const Author& author, const store::AuthorFact& fact,
                                        std::string_view platform) const {
  std::vector<Digest> out{keys_.suppression(network_of(platform), fold(author.key)), keys_.suppression(fact.pseudonym)};
  if (!author.handle.empty()) out.push_back(keys_.suppression(network_of(platform), fold(author.handle)));
  return out;
}

bool Gate::opted_out(const Post& post) const {
  if (post.author.media) return false;
  if (post.author.opted_out) return true;
  return profile_ == Profile::strict && !post.author.indexable.value_or(false);
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
  std::optional<Article> article;
  if (is_of_the_press(post)) article = press_.place(post);
  const auto* account = registered(post);
  const Partner* partner = account == nullptr ? nullptr : account->partner;
  if (partner == nullptr && article) partner = article->partner;
  const Edition* edition = partner != nullptr ? campaign_.edition_or_baseline_at(at) : campaign_.edition_at(at);
  if (edition == nullptr) return std::nullopt;
  bool named = partner != nullptr || post.author.media;
  if (!named && (now >= edition->forget_at() || !keys_.has(edition->id))) return std::nullopt;
  auto match = matcher_.judge(post, at);
  auto names = names_of(post, article ? &*article : nullptr);
  if (partner == nullptr && opted_out(post)) {
    if (match && match->match_class != MatchClass::comparison && first_sight(post, now)) ++gated.opted_out;
    gated.withdrawn.push_back(std::move(names));
    return std::nullopt;
  }
  bool is_ours = match && match->match_class != MatchClass::comparison;
  if (!is_ours && partner != nullptr) match = Match{"", MatchClass::owned};
  if (is_ours) ++gated.matched;
  store::Fact fact;
  fact.edition = edition->id;
  fact.platform = post.platform;
  fact.network = post.bridge.empty() ? contract.network : network_of(post.platform);
  fact.local_id = finding.local_id;
  const auto* home = find_platform(post.platform);
  if (home != nullptr && home->contract.batch > 0) fact.home_id = finding.home_id;
  if (!post.copy_uri.empty()) fact.seen_as = keys_.alias(post.copy_uri);
  fact.match = match;
  fact.keys = std::move(names);
  fact.host = post.host;
  fact.kind = post.kind;
  fact.published = post.published;
  fact.edited = post.edited;
  fact.language = cut(post.language, 20);
  fact.media_count = post.media_count;
  fact.counters = finding.counters;
  fact.measurable = finding.measurable && contract.batch > 0;
  if (partner != nullptr || profile_ == Profile::standard)
    if (auto text = story_text(post); !text.empty()) fact.text_key = stored_as(edition->id, "text", text);
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
    auto text = cut(clean_utf8(post.text), longest_text);
    fact.text = post.author.media ? text : without_mentions(text);
    (post.author.media ? fact.partner : fact.author.partner) = partner->id;
  }
  if (article) describe(*article, post, fact);
  if (post.kind != Kind::article) {
    auto carries = [this](const std::string& link) { return carries_ours(link); };
    fact.amplifies = match && partner == nullptr && std::ranges::any_of(post.links, carries);
    if (is_ours && (named || profile_ == Profile::standard)) fact.beside = beside(post);
  }
  if (account != nullptr && post.bridge.empty()) fact.evidence = verified(post.author, *account);
  if (fact.match || !article)  // what does not match is at most another sight of an article that is kept
    fact.author.pseudonym = stored_as(edition->id, post.platform, post.author.key);
  if (!post.author.handle.empty() && fact.author.pseudonym != store::Digest{})
    fact.author.handle = stored_as(edition->id, post.platform, fold(post.author.handle));
  if (!named && !post.author.key.empty())
    fact.author.suppressed_as = suppressed_as(post.author, fact.author, post.platform);
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

std::vector<Digest> Gate::pseudonyms_of(std::string_view platform, const std::string& author) const {
  std::vector<Digest> out;
  for (const auto& edition : campaign_.editions)
    if (keys_.has(edition.id)) out.push_back(keys_.pseudonym(edition.id, platform, author));
  return out;
}

std::vector<store::PartnerAccount> Gate::partner_accounts() const {
  std::vector<store::PartnerAccount> out;
  auto add = [&](const std::string& platform, const std::string& name, const Partner& partner) {
    for (const auto& edition : campaign_.editions)
      if (keys_.has(edition.id))
        out.push_back({edition.id, platform, keys_.pseudonym(edition.id, platform, name), partner.id, partner.name});
  };
  for (const auto& [key, account] : by_account_) {
    const auto& [network, name, written, partner] = account;
    bool known = false;
    for (const auto& platform : platforms()) {
      if (platform.contract.network != network) continue;
      add(std::string(platform.name), name, *partner);
      known = true;
    }
    if (!known) add(network, name, *partner);
  }
  return out;
}

}  // namespace campaignd::collect
