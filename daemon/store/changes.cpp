#include "daemon/store/store.hpp"

namespace campaignd::store {

namespace {

using Entry = std::map<std::string, std::string>;

std::string on_one_line(const Entry& entry) {
  std::string out;
  for (const auto& [key, value] : entry) out += (out.empty() ? "" : ", ") + key + " = " + value;
  return out;
}

std::optional<std::string> value_of(const Entry& entry, const std::string& key) {
  auto found = entry.find(key);
  if (found == entry.end()) return std::nullopt;
  return found->second;
}

Written settings_in(Database& db) {
  Written out;
  for (Query all(db, "SELECT entry, key, value FROM setting"); all.next();) out[all.text(0)][all.text(1)] = all.text(2);
  return out;
}

/// Whether YouTube's numbers may be in sums.
bool accepts_derived(const Written& written) {
  auto youtube = written.find("youtube");
  return youtube != written.end() && value_of(youtube->second, "derived_metrics_accepted") == "true";
}

}  // namespace

void Store::void_kept_figures() {
  db_.run(
      "INSERT INTO generation(edition, n) SELECT DISTINCT edition, 1 FROM reading WHERE true ON CONFLICT(edition) DO "
      "UPDATE SET n = n + 1");
}

int Store::note_settings(const Written& written, sys_ms now) {
  int changes = 0;
  Transaction tx(db_);
  auto known = settings_in(db_);
  if (known == written) return changes;
  using Text = std::optional<std::string>;
  auto tell = [&](const std::string& what, const Text& old, const Text& fresh, const char* reason) {
    Query(db_, "INSERT INTO change(at_utc, what, old, new, reason) VALUES (?, ?, ?, ?, ?)", now, what, old, fresh,
          reason)
        .run();
    ++changes;
  };
  if (known.empty()) tell("configuration", {}, std::to_string(written.size()) + " entries", "first read");
  for (const auto& [name, entry] : written) {
    if (known.empty()) break;
    auto before = known.find(name);
    if (before == known.end()) {
      tell(name, {}, on_one_line(entry), "added to the configuration");
      continue;
    }
    auto keys = entry;
    keys.insert(before->second.begin(), before->second.end());
    for (const auto& [key, either] : keys) {
      auto old = value_of(before->second, key), fresh = value_of(entry, key);
      if (old != fresh) tell(name + ": " + key, old, fresh, "configuration changed");
    }
  }
  for (const auto& [name, entry] : known)
    if (!written.contains(name)) tell(name, on_one_line(entry), {}, "taken out of the configuration");
  if (accepts_derived(known) != accepts_derived(written)) {  // its posts enter the sums, or leave them
    db_.run(
        "INSERT OR IGNORE INTO dirty(edition, hour_utc) SELECT edition, at_utc - at_utc % 3600000 FROM reading WHERE "
        "platform = 'youtube'");
    void_kept_figures();
  }
  db_.run("DELETE FROM setting");
  for (const auto& [name, entry] : written)
    for (const auto& [key, value] : entry)
      Query(db_, "INSERT INTO setting(entry, key, value) VALUES (?, ?, ?)", name, key, value).run();
  tx.commit();
  return changes;
}

}  // namespace campaignd::store
