// What sheets say once an edition's private posts had to go: what is left is not everything.
#include "daemon/collect/collector.hpp"
#include "daemon/store/as_of.hpp"
#include "tests/unit/roster.hpp"

using namespace campaignd;
using namespace campaignd::test;
using report::Cell;
using report::Withheld;

namespace {

/// Four private posts with the tag, one of them by a bot, and one of an organisation. Then retention was over.
struct Expired : Roster {
  Expired() {
    read_all();
    for (const char* account : {"ala@home.example", "ola@home.example", "ela@home.example"}) post(account, "#AllIn");
    auto machine = make_fact("machine", "machine", campaign_morning);
    machine.author.bot = true;
    see({machine}, a_month_later);
    post("used@social.example", "#AllIn");
    store::Overdue overdue;
    overdue.edition = "2025";
    auto now = edition().forget_at();
    auto periods = collect::periods_of(config.campaign, now);
    for (bool more = books.begin_expiry(overdue, periods, now); more;) more = books.go_on_expiring(now);
    REQUIRE(ask("SELECT count(*) FROM post") == 1);
  }
};

}  // namespace

TEST_CASE("posts of a term are those that went, too, once they had to go", "[expired]") {
  Expired world;
  auto terms = world.sheet("terms");
  CHECK(cell_of(terms, "tag", "posts") == Cell(std::int64_t{5}));
  CHECK(cell_of(terms, "tag", "partners_posts") == Cell(std::int64_t{1}));
  CHECK(cell_of(terms, "tag", "note") == Cell());
}

TEST_CASE("who is behind the mentions is expired once their authors went", "[expired]") {
  Expired world;
  auto method = world.sheet("method");
  for (const char* item : {"bots", "top_five", "gini", "bursts"}) {
    CAPTURE(item);
    for (const char* column : {"value", "value_without_bots", "mentions", "mentions_without", "n"})
      CHECK(cell_of(method, item, column) == Cell());
    CHECK(cell_of(method, item, "note") == Cell(std::string(report::expired)));
  }
}

TEST_CASE("sheets of single posts and of what stands beside them say how many had to go", "[expired]") {
  Expired world;
  CHECK(cell_of(world.sheet("companions"), "expired", "posts") == Cell(std::int64_t{4}));
  auto posts = world.sheet("posts");
  REQUIRE(posts.rows.size() == 2U);
  CHECK(posts.rows.back()[1] == Cell("expired"));
}

TEST_CASE("of a cell whose authors went nobody says that they were fewer than three", "[expired]") {
  Expired world;
  CHECK(cell_of(world.sheet("by_platform"), "mastodon", "posts") == Cell(Withheld{false}));
  CHECK(cell_of(world.sheet("summary"), "M-17", "value") == Cell(Withheld{false}));
  CHECK(cell_of(world.sheet("summary"), "M-01", "value") == Cell(std::int64_t{5}));
}

TEST_CASE("a figure as of a moment before posts expired says that they did", "[expired]") {
  Expired world;
  store::Database db(world.file, store::Access::read);
  store::Snapshot snapshot(db);
  store::AsOf past(db, "2025", a_month_later);
  auto summary =
      report::make_sheet("summary", db, world.config.campaign, world.edition(), world.whole(), a_month_later).value();
  CHECK(cell_of(summary, "M-01", "status") == Cell("incomplete"));
  auto note = cell_of(summary, "M-01", "note");
  REQUIRE(std::holds_alternative<std::string>(note));
  CHECK(std::get<std::string>(note).ends_with("4 posts were erased or have expired since"));
  auto coverage = cell_of(summary, "M-14", "note");
  bool is_told = std::holds_alternative<std::string>(coverage) &&
                 std::get<std::string>(coverage).find("erased") != std::string::npos;
  CHECK_FALSE(is_told);
}
