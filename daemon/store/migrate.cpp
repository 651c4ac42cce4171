#include <fmt/format.h>

#include "daemon/store/derived.hpp"
#include "daemon/store/embedded.hpp"
#include "daemon/store/store.hpp"

namespace campaignd::store {

namespace {

constexpr std::int64_t our_application_id = 0x434D5044;  // "CMPD"

std::int64_t pragma(Database& db, const char* sql) {
  Query query(db, sql);
  return query.next() ? query.integer(0) : 0;
}

std::vector<Embedded> migrations() {
  std::vector<Embedded> out;
  for (const auto& file : embedded_files())
    if (file.name.starts_with('0') && file.name.ends_with(".sql")) out.push_back(file);
  return out;
}

}  // namespace

void check_header(Database& db) {
  auto version = pragma(db, "PRAGMA user_version");
  auto application = pragma(db, "PRAGMA application_id");
  auto tables = pragma(db, "SELECT count(*) FROM sqlite_schema");
  auto newest = static_cast<std::int64_t>(migrations().size());
  if (tables > 0 && application != our_application_id)
    throw Unusable("the file is a database, but not one of campaignd: choose another state directory");
  if (version > newest)
    throw Unusable(
        fmt::format("the database has schema {}, this program knows {}: use the newer program", version, newest));
}

std::string behind(Database& db) {
  auto version = pragma(db, "PRAGMA user_version");
  auto newest = static_cast<std::int64_t>(migrations().size());
  if (version < newest)
    return fmt::format(
        "the database has schema {}, and this program reads {}: start campaignd run again, which brings it up to date",
        version, newest);
  if (derived_in(db) != derived_today())
    return "the database keeps figures that another version of this program made: start campaignd run again, which "
           "makes them anew";
  return {};
}

bool check_file(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return false;
  Database db(file, Access::read);
  check_header(db);
  return true;
}

/// Each migration and its version number in one transaction: never between.
void migrate(Database& db) {
  check_header(db);
  db.make_durable();
  auto files = migrations();
  for (;;) {
    Transaction tx(db);
    auto at = static_cast<std::size_t>(pragma(db, "PRAGMA user_version"));  // another process may have been faster
    if (at >= files.size()) return;
    db.run(std::string(files[at].bytes).c_str());
    db.run(fmt::format("PRAGMA application_id={}; PRAGMA user_version={};", our_application_id, at + 1).c_str());
    tx.commit();
  }
}

}  // namespace campaignd::store
