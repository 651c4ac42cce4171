// What is kept of posts that match nothing: those of registered organisations, outside every total; of others nothing.
#include <catch2/catch.hpp>

#include "tests/unit/roster.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const std::string ngo = R"([[partner]]
id = "ngo"
name = "An Organisation"
accounts = ["mastodon:ngo@social.example"]
sites = ["https://ngo.example/news"]
)";

struct Owned : Roster {
  Owned() : Roster(ngo) { read_all(); }
  std::int64_t posts() const { return ask("SELECT count(*) FROM post"); }
  std::string text(const char* sql) const {
    store::Database db(file, store::Access::read);
    store::Query query(db, sql);
    return query.next() && !query.is_null(0) ? query.text(0) : "nothing";
  }
  /// The next start, with another configuration.
  void restart(const std::string& partners) {
    auto fresh = load(dir, roster_head + partners);
    collect::Gate next(fresh, collect::Keys::open(dir.path(), {"2025"}, true));
    books.configure(collect::source_entries(fresh, "2025"), "2025", a_month_later);
    books.attribute(next.partner_accounts(), [&](const std::string& url, const std::string& host) {
      return next.press().owner_of_page(url, host);
    });
  }
};

const std::string account = "ngo@social.example";
const std::string source = "mastodon:ngo@social.example";

}  // namespace

TEST_CASE("a partner's post that matches nothing is kept in the edition and 28 days before it", "[gate]") {
  for (auto [published, kept] : {std::pair("2025-06-20T08:00:00Z", 1), std::pair("2024-12-31T22:59:59Z", 1),
                                 std::pair("2024-12-03T23:00:00Z", 1), std::pair("2024-12-03T22:59:59.999Z", 0),
                                 std::pair("2023-06-20T08:00:00Z", 0)}) {
    INFO(published);
    Owned world;
    world.post(account, "Nothing of the campaign", utc(published), source);
    CHECK(world.posts() == kept);
    if (kept == 0) continue;
    CHECK(world.text("SELECT class FROM reading") == "owned");
    CHECK(world.text("SELECT edition FROM reading") == "2025");
    CHECK(world.text("SELECT name FROM author") == "An Organisation");
    CHECK(world.text("SELECT text FROM post") == "Nothing of the campaign");
  }
}

TEST_CASE("an unmatched post of anybody else leaves no trace", "[gate]") {
  Owned world;
  world.post("ala@home.example", "Nothing of the campaign");
  world.article("https://news.example/1", "Nothing of the campaign");
  for (const char* table : {"post", "author", "alias", "sighting", "match", "observation", "audience", "recheck",
                            "reading", "alike", "tombstone", "removal"}) {
    INFO(table);
    CHECK(world.ask(("SELECT count(*) FROM " + std::string(table)).c_str()) == 0);
  }
}

TEST_CASE("in the weeks before an edition a match is kept of partners alone, as what it is", "[gate]") {
  Owned world;
  auto before = utc("2024-12-20T08:00:00Z");
  world.post("ala@home.example", "Early #AllIn", before);
  CHECK(world.posts() == 0);
  CHECK(world.ask("SELECT count(*) FROM author") == 0);
  world.post(account, "Early #AllIn", before);
  world.article("https://ngo.example/news/1", "Early #AllIn", before);
  CHECK(world.posts() == 2);
  CHECK(world.ask("SELECT count(*) FROM reading WHERE class = 'hashtag' AND partner = 'ngo'") == 2);
  // They lie before the edition, so none of its figures has them.
  CHECK(world.total("M-01") == 0.0);
  CHECK(world.total("M-13-owned") == 0.0);
  CHECK(world.row("ngo").state == report::PartnerState::nothing_seen);
}

TEST_CASE("owned posts are in no total but their own", "[gate]") {
  Owned world;
  world.post("ala@home.example", "Anybody #AllIn");
  world.article("https://news.example/1", "About #AllIn");
  std::map<std::string, double> before;
  for (const auto& metric : store::metrics())
    if (metric.id != "M-14") before[metric.id] = world.total(metric.id);
  auto platforms = world.sheet("by_platform").rows, days = world.sheet("by_day").rows;
  auto terms = world.sheet("terms").rows, media = world.sheet("media").rows;

  world.post(account, "Nothing of the campaign", campaign_morning, source);
  world.article("https://ngo.example/news/1", "Nothing of the campaign");
  CHECK(world.posts() == 4);
  for (auto& [metric, value] : before) {
    INFO(metric);
    bool theirs = metric == "M-01-owned" || metric == "M-13-untagged";
    CHECK(world.total(metric) == (theirs ? 1.0 : value));
  }
  CHECK(world.sheet("by_platform").rows == platforms);
  CHECK(world.sheet("by_day").rows == days);
  CHECK(world.sheet("terms").rows == terms);
  CHECK(world.sheet("media").rows == media);
  while (world.books.aggregate(100)) {}
  CHECK(world.ask("SELECT sum(value) FROM slice WHERE metric = 'M-01' AND breakdown = 'platform'") == 1);
  CHECK(world.ask("SELECT sum(value) FROM slice WHERE metric = 'M-13' AND breakdown = 'platform'") == 1);
  CHECK(world.ask("SELECT sum(value) FROM slice WHERE metric = 'M-01-owned' AND breakdown = 'platform'") == 1);
  CHECK(world.ask("SELECT sum(value) FROM slice WHERE metric = 'M-13-untagged' AND breakdown = 'platform'") == 1);
}

TEST_CASE("an owned post that gains the tag is a mention, and one that loses it is owned again", "[gate]") {
  Owned world;
  auto finding = make_finding("1", account, campaign_morning);
  auto see_with = [&](const std::string& text, sys_ms now) {
    finding.post.text = text;
    finding.post.edited = now;
    world.see(world.gate.admit({finding}, mastodon_contract, now).facts, now, source);
  };
  see_with("Without", campaign_morning + 1h);
  CHECK(world.row("ngo").state == report::PartnerState::posted_without);
  see_with("With #AllIn", campaign_morning + 2h);
  CHECK(world.total("M-01") == 1.0);
  CHECK(world.total("M-01-owned") == 0.0);
  see_with("Without", campaign_morning + 3h);
  CHECK(world.total("M-01") == 0.0);
  CHECK(world.total("M-01-owned") == 1.0);
  CHECK(world.posts() == 1);
}

TEST_CASE("an account that is taken out of the configuration loses name, text and what was owned", "[gate]") {
  Owned world;
  world.post(account, "Nothing of the campaign", campaign_morning, source);
  world.post(account, "With #AllIn", campaign_morning, source);
  auto without_account = ngo;
  without_account.erase(without_account.find("accounts"),
                        std::string("accounts = [\"mastodon:ngo@social.example\"]\n").size());
  world.restart(without_account);
  CHECK(world.ask("SELECT count(*) FROM author WHERE name IS NOT NULL OR partner IS NOT NULL") == 0);
  CHECK(world.ask("SELECT count(*) FROM post WHERE text IS NOT NULL OR title IS NOT NULL") == 0);
  CHECK(world.ask("SELECT count(*) FROM reading WHERE class = 'owned' OR partner IS NOT NULL") == 0);
  CHECK(world.total("M-01-owned") == 0.0);
  CHECK(world.total("M-01") == 1.0);  // what carries the tag stays, as anybody's
  world.restart(ngo);
  CHECK(world.ask("SELECT count(*) FROM reading WHERE partner = 'ngo'") == 2);
  CHECK(world.text("SELECT name FROM author") == "An Organisation");
}

TEST_CASE("an account that is configured later gets the posts with the tag it had before", "[gate]") {
  Roster world;
  world.post("late@social.example", "With #AllIn");
  auto known = world.ask("SELECT count(*) FROM reading WHERE partner IS NULL");
  CHECK(known == 1);
  auto fresh = load(world.dir, roster_head +
                                   "[[partner]]\nid = \"late\"\nname = \"Late\"\n"
                                   "accounts = [\"mastodon:Late@social.example\"]\n");
  collect::Gate next(fresh, collect::Keys::open(world.dir.path(), {"2025"}, true));
  world.books.attribute(next.partner_accounts(),
                        [](const std::string&, const std::string&) { return store::PageOwner{}; });
  CHECK(world.ask("SELECT count(*) FROM reading WHERE partner = 'late'") == 1);
}

// What was kept for a registered organisation's sake alone stayed, with its links, as an unregistered account's.
TEST_CASE("posts kept because of who wrote them go with the registration", "[gate]") {
  Owned world;
  world.post(account, "Nothing of the campaign", campaign_morning, source);
  world.post(account, "With the tag #AllIn", campaign_morning, source);
  world.post(account, "Before the edition #AllIn", world.edition().from - 48h, source);
  world.article("https://ngo.example/news/1", "Nothing of the campaign");
  CHECK(world.posts() == 4);
  auto nobodys = [](const std::string&, const std::string&) { return store::PageOwner{}; };
  world.books.attribute({}, nobodys, {a_month_later, std::set<std::string>{"2025"}});
  CHECK(world.total("M-01") == 1.0);
  CHECK(world.total("M-01-owned") <= 0.0);
  CHECK(world.total("M-13-untagged") <= 0.0);
  CHECK(world.books.forget_strangers(a_month_later + 6 * 24h) == 0);
  CHECK(world.posts() == 4);
  CHECK(world.books.forget_strangers(a_month_later + 7 * 24h) == 2);
  CHECK(world.posts() == 2);  // those with the tag
  CHECK(world.ask("SELECT count(*) FROM match WHERE class = 'owned'") == 0);
  CHECK(world.ask("SELECT sum(n) FROM removal") == 2);
}

// A line lost in a file, found again an hour later, once cost every partner's posts.
TEST_CASE("a registration that comes back in time finds its posts", "[gate]") {
  Owned world;
  world.post(account, "Nothing of the campaign", campaign_morning, source);
  auto nobodys = [](const std::string&, const std::string&) { return store::PageOwner{}; };
  world.books.attribute({}, nobodys, {a_month_later, std::set<std::string>{"2025"}});
  CHECK(world.total("M-01-owned") <= 0.0);
  world.books.attribute(world.gate.partner_accounts(), nobodys, {a_month_later + 1h, std::set<std::string>{"2025"}});
  CHECK(world.total("M-01-owned") == 1.0);
  CHECK(world.books.forget_strangers(a_month_later + 30 * 24h) == 0);
  // An edition that is configured no more keeps what it had.
  world.books.attribute({}, nobodys, {a_month_later + 2h, std::set<std::string>{"2031"}});
  CHECK(world.total("M-01-owned") == 1.0);
}

TEST_CASE("the profile strict drops the links of private posts that are there already", "[gate]") {
  Owned world;
  world.post("ala@home.example", "Anybody #AllIn");
  world.post(account, "Ours #AllIn", campaign_morning, source);
  auto nobodys = [](const std::string&, const std::string&) { return store::PageOwner{}; };
  CHECK(world.ask("SELECT count(*) FROM post WHERE uri IS NOT NULL") == 2);
  world.books.attribute(world.gate.partner_accounts(), nobodys, {a_month_later, std::set<std::string>{"2025"}, false});
  CHECK(world.ask("SELECT count(*) FROM post WHERE uri IS NOT NULL OR url IS NOT NULL") == 1);
}
