#pragma once
/// A world whose edition of 2025 is sealed, held against its seal, and bridged.
#include <catch2/catch.hpp>

#include "daemon/report/bridge.hpp"
#include "daemon/report/verify.hpp"
#include "daemon/store/as_of.hpp"
#include "tests/unit/support.hpp"

namespace campaignd::test {

inline const sys_ms on_the_day = utc("2025-06-20T08:00:00Z");
inline const sys_ms sealed_as_of = utc("2025-07-04T10:00:00Z");
inline const sys_ms after_the_seal = utc("2025-08-01T10:00:00Z");

struct Sealing : World {
  Config config;
  report::Keyed keyed = [](std::string_view text) { return digest(text); };

  Sealing() {
    config.campaign = small_campaign();
    config.written["campaign"]["id"] = "\"small\"";
    books.configure({make_source("one", "v1")}, edition().id, edition().from);
    cover(edition().from, sealed_as_of);
  }
  const Edition& edition() const { return config.campaign.editions.front(); }
  report::Window whole() const { return {edition().from, edition().until, {}}; }

  /// Sealed as of then, and kept.
  store::KeptSeal seal(sys_ms as_of = sealed_as_of) {
    store::Database db(file, store::Access::read);
    auto sealing = report::seal_edition(db, config, edition(), {as_of, as_of}, {"0", "", keyed, true});
    books.keep_seal(sealing.seal.value());
    return *sealing.seal;
  }
  report::Verification verify(const report::Sealed& sealed) const {
    store::Database db(file, store::Access::read);
    store::Snapshot snapshot(db);
    return report::verify(db, config, edition(), sealed, keyed);
  }
  report::Sheet bridge(const report::BridgeStart& start, sys_ms now = after_the_seal) const {
    store::Database db(file, store::Access::read);
    store::Snapshot snapshot(db);
    return report::make_bridge({db, config.campaign, edition(), whole(), now}, start);
  }
  void remove(const std::string& name, sys_ms at = after_the_seal) {
    auto page = make_page({}, at);
    page.deleted = {digest(name)};
    books.save(page, at);
  }
  /// What nobody should do.
  void tamper(const char* sql) const {
    store::Database db(file, store::Access::write);
    db.run(sql);
  }
};

inline report::Sealed opened(std::string_view text) {
  auto read = report::read_seal(text);
  if (const auto* wrong = std::get_if<std::string>(&read)) FAIL(*wrong);
  return std::get<report::Sealed>(std::move(read));
}

inline store::Fact liked_post(const std::string& name, std::int64_t likes) {
  auto fact = make_fact(name, "author of " + name, on_the_day);
  fact.counters.likes = likes;
  return fact;
}

}  // namespace campaignd::test
