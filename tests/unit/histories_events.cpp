// What may happen to a campaign.
#include <algorithm>

#include "tests/unit/histories.hpp"

namespace campaignd::test {

void History::publish() {
  Item item;
  item.name = fmt::format("post{}", items_.size());
  item.account = static_cast<std::size_t>(chance_.below(std::ssize(accounts_)));
  constexpr Kind kinds[] = {Kind::original, Kind::original, Kind::reply, Kind::quote, Kind::video};
  item.kind = chance_.of(kinds);
  item.published = now_ - 1s * chance_.below(7200);
  if (chance_.one_in(6)) *item.published -= 1h * chance_.below(240);  // it comes to light days later
  if (chance_.one_in(12)) *item.published += 2h;                      // its author's clock is wrong
  if (chance_.one_in(12)) item.published.reset();
  const std::string languages[] = {"de", "pl", "bg", ""};
  item.language = chance_.of(languages);
  item.text = chance_.below(9);
  item.counters = {chance_.below(9), chance_.below(5), {}, chance_.below(4), {}};
  if (!chance_.one_in(3)) item.counters.quotes = chance_.below(3);
  if (!chance_.one_in(3)) item.counters.views = chance_.below(900);
  item.is_bridged = chance_.one_in(2);
  items_.push_back(item);
  for (auto servers = 1 + chance_.below(3); servers > 0; --servers) {
    const auto& source = some_source(items_.back());
    auto page = page_of(source);
    page.found.push_back(fact_of(items_.back(), source));
    if (chance_.one_in(9)) page.found.push_back(fact_of(items_.back(), source));  // twice on one page
    tell(fmt::format("{} shows {} of {}, text {}", source.id, item.name, accounts_[item.account].name, item.text));
    books_->save(page, now_);
    now_ += 1s;
  }
}

void History::write_article() {
  const std::string outlets[] = {"a.example", "a.example", "b.example", "ngo.example", "wire.example", ""};
  Item item;
  item.name = fmt::format("article{}", items_.size());
  item.kind = Kind::article;
  item.outlet = chance_.of(outlets);
  if (!chance_.one_in(5)) item.published = now_ - 1min * chance_.below(60 * 24 * 12);
  item.text = chance_.below(9);
  items_.push_back(item);
  auto page = page_of(sources_[3]);
  page.found.push_back(article_fact(items_.back()));
  tell(fmt::format("an article {} of {}, text {}", item.name, item.outlet, item.text));
  books_->save(page, now_);
}

/// A page of what is out there already: seen before, seen late, or gone since.
void History::show() {
  const auto& source = some_source(some_item());
  auto page = page_of(source);
  std::string names;
  for (auto n = 1 + chance_.below(4); n > 0; --n) {
    const auto& item = some_item();
    bool is_article = item.kind == Kind::article, is_press = source.platform == "feed";
    bool is_there = is_article || source.platform == accounts_[item.account].platform ||
                    (source.platform == "mastodon" && item.is_bridged);
    if (is_article != is_press || !is_there) continue;
    page.found.push_back(fact_of(item, source));
    names += " " + item.name;
  }
  tell(source.id + " shows again:" + names);
  books_->save(page, now_);
}

/// Numbers move, down as well; nobody has read them yet.
void History::grow() {
  auto& item = some_item();
  for (auto* each : {&item.counters.likes, &item.counters.reposts, &item.counters.replies, &item.counters.views})
    if (*each) *each = std::max<std::int64_t>(0, **each + chance_.below(12) - 3);
  auto& account = chance_.of(accounts_);
  if (!chance_.one_in(3)) account.followers = chance_.below(3000);
  tell(fmt::format("{} has other numbers, and so has {}", item.name, account.name));
}

void History::edit() {
  auto& item = some_item();
  item.text = chance_.below(9);
  item.edited = now_;
  if (item.kind == Kind::article) {
    const std::string languages[] = {"de", "pl", ""};
    item.language = chance_.of(languages);
    if (item.published) *item.published -= 1h * chance_.below(30);
  }
  tell(fmt::format("{} is edited: text {}", item.name, item.text));
  if (chance_.one_in(3)) return;
  const auto& source = some_source(item);
  auto page = page_of(source);
  page.found.push_back(fact_of(item, source));
  tell(fmt::format("{} shows so", source.id));
  books_->save(page, now_);
}

/// Reads a post again, at home or elsewhere.
void History::measure() {
  const auto& item = some_item();
  auto id = post_id(item.name);
  if (!id || item.kind == Kind::article) return;
  const auto& source = some_source(item);
  auto page = page_of(source);
  page.poll.source = "measure:" + source.host;
  page.measured.push_back(fact_of(item, source));
  page.measured_posts.push_back(*id);
  tell(fmt::format("{} measured at {}", item.name, source.host));
  books_->save(page, now_);
}

void History::count() {
  const auto& item = some_item();
  auto id = post_id(item.name);
  if (!id || item.kind == Kind::article) return;
  const auto& source = some_source(item);
  auto page = page_of(source);
  page.counted.emplace_back(*id, seen_counters(item, source.host == home_of(item)));
  tell(fmt::format("{} counted at {}", item.name, source.host));
  books_->save(page, now_);
}

void History::declare() {
  auto& account = chance_.of(accounts_);
  account.bot = !account.bot.value_or(false);
  tell(fmt::format("{} declares itself {}", account.name, *account.bot ? "a bot" : "none"));
}

/// At its author's word: of a post, of all of an account, or of a stream.
void History::remove() {
  const auto& item = some_item();
  const auto& source = some_source(item);
  auto page = page_of(source);
  auto how = chance_.below(10);
  if (how == 0 && item.kind != Kind::article) {
    const auto& account = accounts_[item.account];
    page.accounts.push_back({account.platform, {digest("author " + account.name)}, chance_.one_in(2)});
  } else if (how < 4) {
    page.withdrawn.push_back({{digest(uri_of(item.name)), "uri"}, {digest(item.name + " elsewhere"), "alias"}});
  } else {
    page.deleted.push_back(digest(uri_of(item.name)));
  }
  tell(fmt::format("{} goes, way {}", item.name, how));
  books_->save(page, now_);
}

/// Its home server does not show it; asked again an hour later, it mostly still does not.
void History::miss() {
  const auto& item = some_item();
  auto id = post_id(item.name);
  if (!id || item.kind == Kind::article) return;
  const auto& home = accounts_[item.account];
  for (int i = 0; i < 2; ++i) {
    auto page = page_of({"measure:" + home.host, home.platform, home.host});
    page.poll.outcome = "ok";
    tell(fmt::format("{} is missing at {}", item.name, home.host));
    books_->finish(page.poll, home.platform, home.host, {*id}, {*id});
    if (chance_.one_in(3)) return;
    now_ += 1min * (50 + chance_.below(60));
  }
}

/// Fails, leaves a gap, joins the last, or pages back over the gap.
void History::poll() {
  const auto& source = chance_.of(sources_);
  auto page = page_of(source);
  page.poll.start = now_ - 1s * chance_.below(90);
  page.poll.outcome = "ok";
  switch (chance_.below(5)) {
    case 0: page.poll.outcome = "unavailable"; break;
    case 1: page.poll.covered_from = now_ - 1min * chance_.below(20); break;
    case 2: page.poll.covered_from = now_ - 1h * chance_.below(60); break;
    default: page.poll.covered_from = books_->source(source.id).covered_until.value_or(now_ - 1h);
  }
  if (page.poll.covered_from) page.poll.covered_from = std::min(*page.poll.covered_from, now_);
  tell(fmt::format("{} polled: {}, covered from {}", source.id, page.poll.outcome, shown(page.poll.covered_from)));
  books_->save(page, now_);
  books_->finish(page.poll, store::SourceState{}, "");
}

void History::regard() {
  auto& account = accounts_[static_cast<std::size_t>(chance_.below(3))];
  if (chance_.one_in(3))
    site_registered_ = !site_registered_;
  else
    account.registered = !account.registered;
  tell(fmt::format("registered: {} {}, the site {}", account.name, account.registered, site_registered_));
  attribute();
  if (chance_.one_in(3)) books_->forget_strangers(now_);
}

void History::rename_terms() {
  second_term_ = !second_term_;
  tell("the terms are others");
  configure();
}

void History::unlink() {
  const auto& item = some_item();
  auto copy = copy_of(item.name);
  auto done = books_->unlink(digest(copy), copy, now_);
  if (done == store::Unlinked::done) tell(item.name + " and its copy are two posts");
}

void History::restart() {
  tell("restart");
  books_.reset();
  books_.emplace(file_);
  if (chance_.one_in(2)) configure();
}

}  // namespace campaignd::test
