// How SQLite goes about the dear figures: what it reads is counted here, how long that takes is measured in benchmarks.
#include <catch2/catch.hpp>

#include "daemon/store/embedded.hpp"
#include "daemon/store/metrics.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

struct Plans {
  World world;
  store::Database db{world.file, store::Access::read};
  store::MetricRunner runner{db};  // makes the views

  std::string of(const std::string& sql) {
    std::string out;
    for (store::Query plan(db, ("EXPLAIN QUERY PLAN " + sql).c_str()); plan.next();) out += plan.text(3) + "\n";
    return out;
  }
  std::string of_metric(const char* id, const std::string& views) {
    auto sql = store::metric(id).sql;
    for (std::string_view view : {"chosen", "followed"})
      for (auto at = sql.find(view); at != sql.npos; at = sql.find(view, at + views.size() + view.size()))
        sql.insert(at, views);
    return of(sql);
  }
};

bool says(const std::string& plan, std::string_view words) { return plan.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("accounts, bounds, medians and gains are read from an index alone, in its order", "[plans]") {
  Plans plans;
  for (const char* id : {"M-02", "M-04", "M-08-median", "M-07-gained"})
    for (auto [views, index] : {std::pair("all_", "COVERING INDEX reading_by_mention (edition=?)"),
                                std::pair("platform_", "COVERING INDEX reading_by_mention (edition=? AND platform=?)"),
                                std::pair("partner_", "COVERING INDEX reading_by_partner (edition=? AND partner=?)"),
                                std::pair("nobody_", "COVERING INDEX reading_by_mention (edition=?)"),
                                std::pair("ever_all_", "COVERING INDEX reading_by_mention (edition=?)")}) {
      auto plan = plans.of_metric(id, views);
      INFO(id << " through " << views << ":\n" << plan);
      CHECK(says(plan, index));
      CHECK_FALSE(says(plan, "reading USING INDEX"));
    }
  for (const char* views : {"all_", "platform_", "nobody_"})
    CHECK_FALSE(says(plans.of_metric("M-02", views), "TEMP B-TREE FOR GROUP BY"));
}

TEST_CASE("no live figure reads all observations", "[plans]") {
  Plans plans;
  auto is_fine = [](const std::string& plan) { return !says(plan, "SCAN o\n") && !says(plan, "SCAN observation"); };
  for (const auto& metric : store::metrics()) {
    auto plan = plans.of(metric.sql);
    INFO(metric.id << ":\n" << plan);
    CHECK(is_fine(plan));
  }
  CHECK(is_fine(plans.of(std::string(embedded("reading.sql")))));
}
