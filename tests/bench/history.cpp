// Figures over a million posts and ten million observations: CPU seconds, medians of five, beside what they are to be.
// history [--file FILE] [--keep] [--posts N] [--only TEXT]: --keep leaves the database and takes it up again; --only
// measures what TEXT is a part of the name of.
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iostream>
#include <set>

#include "daemon/store/as_of.hpp"
#include "daemon/store/embedded.hpp"
#include "daemon/store/store.hpp"
#include "tests/bench/history_data.hpp"

using namespace campaignd;
using namespace campaignd::bench;
using store::Breakdown;

namespace {

constexpr int times = 5;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](timeval t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double timed(const std::function<void()>& work) {
  auto before = cpu_seconds();
  work();
  return cpu_seconds() - before;
}

std::string only;  ///< what is measured: what this is a part of the name of

/// `target` in milliseconds; 0: none is set.
void measure(const std::string& name, double target, const std::function<void()>& work, int runs = times) {
  if (runs > 1 && name.find(only) == name.npos) return;
  std::vector<double> ms;
  for (int i = 0; i < runs; ++i) ms.push_back(timed(work) * 1000);
  std::ranges::sort(ms);
  auto median = ms[ms.size() / 2];
  fmt::print("{:52} {:9.2f} ms  ({:.2f}–{:.2f}){}\n", name, median, ms.front(), ms.back(),
             target == 0        ? ""
             : median <= target ? fmt::format("  target {} ms: met", target)
                                : fmt::format("  target {} ms: MISSED", target));
  std::cout.flush();
}

sys_ms at(double day) {
  return sys_ms(std::chrono::milliseconds(edition_start + static_cast<std::int64_t>(day * 864e5)));
}

std::vector<store::Bucket> whole() { return {{at(0), at(days), "edition"}}; }

std::vector<store::Bucket> cut(sys_ms from, sys_ms until, std::chrono::hours step) {
  std::vector<store::Bucket> out;
  for (auto start = from; start < until; start += step)
    out.push_back({start, start + step, std::to_string(out.size())});
  return out;
}

/// Facts by SQL, readings by reading.sql.
void make(const std::filesystem::path& file, std::int64_t posts) {
  { store::Store migrated(file); }
  {
    store::Database db(file, store::Access::write);
    measure(
        "facts", 0, [&] { db.run(history_sql(posts, posts / 5).c_str()); }, 1);
    auto fill = [&] {
      sys_ms for_ever{std::chrono::milliseconds(store::for_ever)};
      store::AsOf all(db, edition, store::Known::from_facts(for_ever));
      db.run(
          "INSERT INTO main.reading SELECT * FROM temp.reading; INSERT INTO dirty SELECT DISTINCT edition, at_utc - "
          "at_utc % 3600000 FROM main.reading; INSERT INTO generation VALUES ('2027', 1);");
    };
    measure("readings, by reading.sql", 0, fill, 1);
  }
}

/// Slices of hours that are dirty, by the store.
void slice(const std::filesystem::path& file) {
  store::Store books(file);
  auto aggregate = [&] {
    while (books.aggregate(100)) {}
  };
  measure("slices of all hours", 0, aggregate, 1);
}

using Ids = std::vector<std::string>;
const Ids headline{
    "M-01",       "M-02",      "M-04",         "M-07",        "M-13", "M-13-outlets",      "M-13-owned",
    "M-01-plain", "M-01-link", "M-01-variant", "M-01-phrase", "M-06", "M-13-distribution", "M-13-syndicated"};

void run(store::MetricRunner& runner, const Ids& ids) {
  for (const auto& id : ids) runner.run(store::metric(id));
}

Ids all_ids() {
  Ids out;
  for (const auto& each : store::metrics())
    if (each.id != "M-14") out.push_back(each.id);
  return out;
}

void figures(store::Database& db) {
  store::MetricRunner runner(db);
  runner.at(at(days));
  std::set<std::pair<std::string, std::string>> seeing;
  for (int i = 0; i < observers; ++i) seeing.emplace(fmt::format("source {}", i), fmt::format("s{}.example", i));
  runner.observe(seeing);
  auto ask = [&](const std::vector<store::Bucket>& buckets, Breakdown breakdown, const Ids& ids, bool anew = true) {
    if (anew) db.kept.reset();
    runner.choose(edition, buckets, breakdown);
    run(runner, ids);
  };
  measure("the summary's metrics, uncached", 0, [&] { ask(whole(), Breakdown::none, headline); });
  measure("the summary's metrics, kept", 0, [&] { ask(whole(), Breakdown::none, headline, false); });
  measure("timeline: 30 days by hour and platform", 5,
          [&] { ask(cut(at(30), at(60), std::chrono::hours(1)), Breakdown::platform, {"M-01"}); });
  measure("90 days by language", 25,
          [&] { ask(cut(at(0), at(days), std::chrono::hours(24)), Breakdown::language, {"M-01"}); });
  measure("by partner, all additive metrics together", 0, [&] {
    db.kept.reset();
    runner.choose(edition, whole(), Breakdown::partner);
    for (const auto& each : store::metrics())
      if (each.additive) runner.run(each);
  });
  for (const auto& id : all_ids())
    measure(id + ", edition", store::metric(id).additive ? 5 : 300, [&] { ask(whole(), Breakdown::none, {id}); });
  for (const auto* id : {"M-02", "M-04"})
    for (auto breakdown : {Breakdown::platform, Breakdown::partner})
      measure(fmt::format("{}, edition, by {}", id, name_of(breakdown)), 300, [&] { ask(whole(), breakdown, {id}); });
  measure("coverage of 100 sources, 90 days", 0, [&] {
    runner.choose(edition, cut(at(0), at(days), std::chrono::hours(24)), Breakdown::none);
    runner.coverage(at(days), {"tag"});
  });
}

void past(store::Database& db) {
  for (double day : {45., 85., 90.}) {
    measure(fmt::format("as of day {}, all metrics", day), 2000, [&] {
      store::Snapshot snapshot(db);
      store::AsOf then(db, edition, at(day));
      store::MetricRunner runner(db);
      runner.choose(edition, whole(), Breakdown::none);
      run(runner, headline);
    });
    measure(fmt::format("as of day {}, its readings alone", day), 0, [&] {
      store::Snapshot snapshot(db);
      store::AsOf then(db, edition, at(day));
    });
  }
}

/// What reads all observations for a live figure.
int scans(store::Database& db) {
  int found = 0;
  store::MetricRunner runner(db);
  runner.choose(edition, whole(), Breakdown::platform);
  auto check = [&](const std::string& name, const std::string& sql) {
    for (store::Query plan(db, ("EXPLAIN QUERY PLAN " + sql).c_str()); plan.next();) {
      auto step = plan.text(3);
      if (!step.starts_with("SCAN o") || step.starts_with("SCAN observer")) continue;
      fmt::print("{} scans observations: {}\n", name, step);
      ++found;
    }
  };
  for (const auto& each : store::metrics()) check(each.id, each.sql);
  check("reading.sql of a post", std::string(embedded("reading.sql")));
  fmt::print("live plans that scan observation: {}\n", found);
  return found;
}

}  // namespace

int main(int count, char** words) {
  std::vector<std::string> args(words + 1, words + count);
  auto value = [&](const std::string& name, std::string otherwise) {
    auto found = std::ranges::find(args, name);
    return found == args.end() || found + 1 == args.end() ? otherwise : *(found + 1);
  };
  std::filesystem::path file = value("--file", (std::filesystem::temp_directory_path() / "bench.db").string());
  only = value("--only", "");
  bool keep = std::ranges::find(args, "--keep") != args.end();
  auto remove = [&] {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
  };
  if (!keep) remove();
  if (!std::filesystem::exists(file)) make(file, std::stoll(value("--posts", "1000000")));
  slice(file);
  int found = 0;
  {
    store::Database db(file, store::Access::read);
    figures(db);
    past(db);
    found = scans(db);
  }
  if (!keep) remove();
  return found == 0 ? 0 : 1;
}
