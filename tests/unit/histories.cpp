#include "tests/unit/histories.hpp"

#include <algorithm>

namespace campaignd::test {

namespace {

const std::string bridge_host = "bridge.example";

}  // namespace

History::History(std::uint64_t seed, const std::filesystem::path& file)
    : chance_(seed),
      file_(file),
      books_(std::in_place, file),
      reader_(file, store::Access::read),
      jumps_(chance_.one_in(5)) {
  accounts_ = {{"mastodon", "home.example", "ngo", "ngo", true},
               {"bluesky", "bsky.app", "ngo.bsky", "ngo", true},
               {"mastodon", "other.example", "club", "club"},
               {"mastodon", "home.example", "ala"},
               {"mastodon", "other.example", "ben"},
               {"bluesky", "bsky.app", "eva"}};
  for (auto& each : accounts_) {
    if (!chance_.one_in(3)) each.followers = chance_.below(2000);
    if (chance_.one_in(3)) each.bot = chance_.one_in(2);
  }
  configure();
  publish();
}

std::string History::told() const {
  std::string out;
  for (const auto& line : trace_) out += line + "\n";
  return out;
}

void History::step() {
  pass_time();
  earliest_ = now_;
  struct Event {
    int weight;
    void (History::*happen)();
  };
  constexpr Event events[] = {{18, &History::publish},     {8, &History::write_article}, {18, &History::show},
                              {10, &History::grow},        {10, &History::edit},         {10, &History::measure},
                              {5, &History::count},        {5, &History::declare},       {5, &History::remove},
                              {6, &History::miss},         {12, &History::poll},         {3, &History::regard},
                              {1, &History::rename_terms}, {2, &History::unlink},        {3, &History::restart}};
  int sum = 0;
  for (const auto& each : events) sum += each.weight;
  auto left = chance_.below(sum);
  for (const auto& each : events) {
    left -= each.weight;
    if (left < 0) return (this->*each.happen)();
  }
}

/// The clock of a machine that was wrong may be put back.
void History::pass_time() {
  if (jumps_ && chance_.one_in(5)) {
    now_ -= 1s * chance_.below(3 * 3600);
    return;
  }
  switch (chance_.below(10)) {
    case 0: now_ += 1h * (12 + chance_.below(48)); break;
    case 1:
    case 2:
    case 3: now_ += 1min * (30 + chance_.below(300)); break;
    default: now_ += 1s * (1 + chance_.below(1200));
  }
}

void History::configure() {
  std::vector<store::SourceEntry> entries;
  for (const auto& each : sources_) {
    auto entry = make_source(each.id, "v1");
    entry.host = each.host;
    if (second_term_ && each.id == "one") entry.terms.push_back({"word", "text"});
    entries.push_back(entry);
  }
  books_->configure(entries, "2025", now_);
  attribute();
}

store::PageOwner History::owner_of(const std::string& outlet) const {
  if (outlet == "ngo.example" && site_registered_) return {"ngo", outlet, {}, store::Relation::owned};
  if (outlet == "wire.example") return {{}, outlet, "US", store::Relation::distribution};
  if (outlet == "a.example") return {{}, outlet, "FR"};
  if (outlet.empty()) return {};
  return {{}, outlet, {}};
}

void History::attribute() {
  std::vector<store::PartnerAccount> registered;
  for (const auto& each : accounts_)
    if (each.registered)
      registered.push_back({"2025", each.platform, digest("author " + each.name), each.partner, each.partner});
  auto owner = [this](const std::string&, const std::string& host) { return owner_of(host); };
  books_->attribute(registered, owner, {now_, {}});
}

/// Texts 0 to 3 have the tag, then come weaker matches and none.
std::optional<Match> History::match_of(std::int64_t text, bool is_ours) const {
  constexpr MatchClass classes[] = {MatchClass::hashtag, MatchClass::hashtag, MatchClass::hashtag, MatchClass::hashtag,
                                    MatchClass::variant, MatchClass::plain,   MatchClass::link};
  if (text < std::ssize(classes)) return Match{"tag", classes[text]};
  if (is_ours) return Match{"", MatchClass::owned};
  return std::nullopt;
}

void History::describe(store::Fact& fact, const Account& account) const {
  fact.author.pseudonym = digest("author " + account.name);
  fact.author.followers = account.followers;
  fact.author.bot = account.bot;
  if (account.registered) fact.author.partner = fact.author.name = account.partner;
}

/// A home server knows best; others see less, or not everything.
Counters History::seen_counters(const Item& item, bool at_home) {
  auto out = item.counters;
  if (chance_.one_in(8)) return {};
  if (at_home && !chance_.one_in(6)) return out;
  for (auto* each : {&out.likes, &out.reposts, &out.quotes, &out.replies, &out.views}) {
    if (chance_.one_in(3)) each->reset();
    if (*each && !at_home) *each = chance_.below(**each + 1);
  }
  return out;
}

std::string History::home_of(const Item& item) const {
  return item.kind == Kind::article ? item.outlet : accounts_[item.account].host;
}

store::Fact History::post_fact(const Item& item, const SourceOfWorld& source) {
  const auto& account = accounts_[item.account];
  auto fact = make_fact(item.name, account.name, now_);
  fact.platform = account.platform;
  fact.network = account.platform == "bluesky" ? "bluesky" : "fediverse";
  fact.host = account.host;
  fact.kind = item.kind;
  fact.published = item.published;
  fact.edited = item.edited;
  fact.language = item.language;
  fact.uri = fact.url = uri_of(item.name);
  fact.keys = {{digest(fact.uri), "uri"}};
  fact.match = match_of(item.text, account.registered);
  fact.text_key = digest(fmt::format("text {}", item.text));
  fact.measurable = !chance_.one_in(5);
  fact.counters = seen_counters(item, source.host == account.host);
  describe(fact, account);
  // Some show a post under another of its names, and some under both.
  auto alias = digest(item.name + " elsewhere");
  if (chance_.one_in(5)) fact.keys.push_back({alias, "alias"});
  if (chance_.one_in(25)) fact.keys = {{alias, "uri"}};
  return fact;
}

store::Fact History::article_fact(const Item& item) {
  auto fact = make_fact(item.name, item.outlet, now_);
  auto owner = owner_of(item.outlet);
  fact.platform = fact.network = "feed";
  fact.host = item.outlet;
  fact.kind = Kind::article;
  fact.published = item.published;
  fact.language = item.language;
  auto headline = fmt::format("headline {}", item.text);
  fact.uri = fact.url = uri_of(item.name) + (chance_.one_in(4) ? "?from=feed" : "");  // one page under two links
  fact.keys = {{digest(fact.uri), "uri"}};
  if (!chance_.one_in(3)) fact.keys.push_back({digest("page " + item.name), "canonical url"});
  if (chance_.one_in(3)) fact.keys.push_back({digest(item.outlet + headline), "title", true});
  fact.match = match_of(item.text, owner.partner.has_value());
  fact.partner = owner.partner;
  fact.title = headline;
  fact.article.outlet = owner.outlet;
  fact.article.country = owner.country;
  fact.article.relation = owner.relation;
  if (!fact.published) fact.article.date_basis = DateBasis::first_seen;
  fact.article.title_hash = stable_hash(headline);
  if (item.text < 3) fact.article.fingerprint = stable_hash(fmt::format("body {}", item.text));
  return fact;
}

/// As that source shows it: a Mastodon server shows a bridge's copy of what is on Bluesky, and may not know it as one.
store::Fact History::fact_of(const Item& item, const SourceOfWorld& source) {
  if (item.kind == Kind::article) return article_fact(item);
  auto fact = post_fact(item, source);
  if (source.platform == fact.platform) return fact;
  auto copy = digest(copy_of(item.name));
  if (chance_.one_in(3)) {
    fact.platform = "mastodon";
    fact.network = "fediverse";
    fact.host = bridge_host;
    fact.uri = fact.url = copy_of(item.name);
    fact.keys = {{copy, "uri"}};
    fact.author.pseudonym = digest("author copy of " + accounts_[item.account].name);
    fact.author.partner.reset();
    fact.author.name.reset();
    fact.match = match_of(item.text, false);
    return fact;
  }
  fact.keys.push_back({copy, "copied by a bridge"});
  fact.seen_as = copy;
  return fact;
}

/// Mostly one of the latest: what is talked of.
Item& History::some_item() {
  auto among = chance_.one_in(3) ? std::ssize(items_) : std::min<std::int64_t>(std::ssize(items_), 4);
  return items_[items_.size() - 1 - static_cast<std::size_t>(chance_.below(among))];
}

const SourceOfWorld& History::some_source(const Item& item) {
  if (item.kind == Kind::article) return sources_[3];
  if (accounts_[item.account].platform == "bluesky" && !(item.is_bridged && chance_.one_in(2))) return sources_[2];
  return sources_[static_cast<std::size_t>(chance_.below(2))];
}

store::PageFacts History::page_of(const SourceOfWorld& source) const {
  auto page = make_page({}, now_, source.id, source.host);
  page.platform = source.platform;
  return page;
}

std::optional<std::int64_t> History::post_id(const std::string& name) {
  store::Query query(reader_, "SELECT post FROM alias WHERE key = ?", digest(uri_of(name)));
  return query.next() ? std::optional(query.integer(0)) : std::nullopt;
}

}  // namespace campaignd::test
