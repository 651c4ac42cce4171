// What SQL is taught: exact intervals against published values, and that C never sees an exception.
#include "daemon/store/functions.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using store::Query;

namespace {

struct Open {
  TempDir dir;
  store::Database db{dir.path() / "one.db", store::Access::write};
  std::optional<double> ask(const std::string& expression) {
    Query query(db, ("SELECT " + expression).c_str());
    bool any = query.next();
    REQUIRE(any);
    return query.maybe_real(0);
  }
};

}  // namespace

TEST_CASE("the exact interval of a Poisson mean is Garwood's", "[functions]") {
  auto none = store::poisson_interval(0), ten = store::poisson_interval(10);
  CHECK(none.low == 0.0);
  CHECK(none.high == Approx(3.689).margin(0.001));
  CHECK(ten.low == Approx(4.795).margin(0.001));
  CHECK(ten.high == Approx(18.390).margin(0.001));
}

TEST_CASE("the exact interval of a share is Clopper's and Pearson's", "[functions]") {
  auto none = store::binomial_interval(0, 10), half = store::binomial_interval(5, 10),
       all = store::binomial_interval(10, 10);
  CHECK(none.low == 0.0);
  CHECK(none.high == Approx(0.3085).margin(0.0001));
  CHECK(half.low == Approx(0.1871).margin(0.0001));
  CHECK(half.high == Approx(0.8129).margin(0.0001));
  CHECK(all.low == Approx(0.6915).margin(0.0001));
  CHECK(all.high == 1.0);
}

TEST_CASE("SQL calls the same functions, and NULL gives NULL", "[functions]") {
  Open open;
  CHECK(open.ask("poisson_at_least(0.5, 5)") == store::poisson_at_least(0.5, 5));
  CHECK(open.ask("poisson_low(10)") == store::poisson_interval(10).low);
  CHECK(open.ask("poisson_high(0)") == store::poisson_interval(0).high);
  CHECK(open.ask("binomial_low(5, 10)") == store::binomial_interval(5, 10).low);
  CHECK(open.ask("binomial_high(5, 10)") == store::binomial_interval(5, 10).high);
  CHECK(open.ask("chapman(120, 90, 72)") == store::chapman(120, 90, 72)->estimate);
  for (const char* nothing : {"poisson_low(NULL)", "poisson_at_least(NULL, 3)", "binomial_high(0, 0)",
                              "chapman(20, 20, 9)", "chapman_low(20, NULL, 12)", "poisson_low('ten')"}) {
    INFO(nothing);
    CHECK_FALSE(open.ask(nothing).has_value());
  }
}

TEST_CASE("a function that throws fails its statement, and the connection goes on", "[functions]") {
  Open open;
  open.db.define("fails", 1, [](std::span<const store::Value> values) -> std::optional<double> {
    if (values.front().text == "why") throw std::runtime_error("for this reason");
    return values.front().number;
  });
  CHECK_THROWS_WITH(open.ask("fails('why')"), Catch::Contains("for this reason"));
  CHECK(open.ask("fails(7)") == 7.0);
  CHECK_FALSE(open.ask("fails(NULL)").has_value());
  CHECK_THROWS(open.ask("poisson_high(-3)"));
}
