// A copy of the database that may lie elsewhere for a month.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "daemon/store/store.hpp"

namespace campaignd::store {

namespace {

/// The copy in the making. What was not finished goes.
class Part {
 public:
  explicit Part(std::filesystem::path file) : file_(std::move(file)) { remove(); }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  ~Part() { remove(); }
  const std::filesystem::path& file() const { return file_; }

 private:
  void remove() const {
    std::error_code ignored;
    for (const char* end : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(file_.string() + end, ignored);
  }
  std::filesystem::path file_;
};

void sync(const std::filesystem::path& path) {
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  bool ok = fd >= 0 && ::fsync(fd) == 0;
  auto why = errno;
  if (fd >= 0) ::close(fd);
  if (!ok) throw Unwritable(Unwritable::io, fmt::format("{} cannot be written: {}", path.string(), std::strerror(why)));
}

Overdue short_lived() {
  Overdue out;
  for (const auto& platform : platforms())
    if (platform.contract.keep_at_most) out.confirmed_before[std::string(platform.name)] = sys_ms::max();
  return out;
}

}  // namespace

std::string damage_in(Database& db) {
  if (Query query(db, "PRAGMA integrity_check(1)"); query.next() && query.text(0) != "ok") return query.text(0);
  if (Query query(db, "PRAGMA foreign_key_check"); query.next())
    return fmt::format("a row of {} belongs to nothing", query.text(0));
  return {};
}

void vacuum(const std::filesystem::path& file) {
  Database db(file, Access::write);  // another setting would take the TEMP tables of a connection in use away
  db.run("PRAGMA temp_store=FILE; PRAGMA secure_delete=ON;");
  db.run("VACUUM");
}

void Store::leave_one_file() {
  db_.forget_statements();
  db_.run("PRAGMA journal_mode=DELETE");
  vacuum(file_);
  if (auto damage = damage_in(db_); !damage.empty()) throw Unusable("the copy is damaged: " + damage);
}

std::int64_t Store::posts_held() {
  Query query(db_, "SELECT count(*) FROM post");
  return query.next() ? query.integer(0) : 0;
}

void back_up(const std::filesystem::path& database, const std::filesystem::path& to, const Periods& periods,
             sys_ms now) {
  Part part(to.string() + ".part");
  {
    Database db(database, Access::read);
    check_header(db);
    Query(db, "VACUUM INTO ?", part.file().string()).run();
  }
  {
    Store copy(part.file());
    for (bool more = copy.begin_expiry(short_lived(), periods, now); more; more = copy.go_on_expiring(now)) {}
    copy.leave_one_file();
  }
  sync(part.file());
  std::filesystem::rename(part.file(), to);
  sync(to.has_parent_path() ? to.parent_path() : std::filesystem::path("."));
}

std::set<std::string> editions_with_authors(const std::filesystem::path& file) {
  std::set<std::string> out;
  Database db(file, Access::read);
  if (!Query(db, "SELECT 1 FROM sqlite_schema WHERE name = 'author'").next()) return out;  // made, and nothing in it
  for (Query query(db, "SELECT DISTINCT edition FROM author WHERE partner IS NULL AND name IS NULL"); query.next();)
    out.insert(query.text(0));
  return out;
}

}  // namespace campaignd::store
