#include "daemon/store/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cstring>
#include <vector>

#include "daemon/store/functions.hpp"
#include "daemon/store/growth_store.hpp"

namespace campaignd::store {

namespace {

[[noreturn]] void fail(sqlite3* db, int code, std::string_view during) {
  const char* name = db != nullptr ? sqlite3_db_filename(db, "main") : nullptr;
  auto file = name != nullptr ? std::string(name) : std::string("the database");
  auto message =
      fmt::format("{} (during {})", db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code), during.substr(0, 80));
  switch (code & 0xFF) {
    case SQLITE_FULL: throw Unwritable(Unwritable::full, fmt::format("{}: there is no room left: {}", file, message));
    case SQLITE_BUSY:
    case SQLITE_PROTOCOL:
    case SQLITE_LOCKED:
      throw Unwritable(Unwritable::locked, fmt::format("{}: another program holds it, try again: {}", file, message));
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
      throw Unwritable(Unwritable::io, fmt::format("{} cannot be read or written: {}", file, message));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: throw Unusable(fmt::format("{} is damaged or is no database: {}", file, message));
    default: throw std::runtime_error("database: " + message);
  }
}

constexpr int longest_text = 256'000'000;  // a seal has a line a post: well above seals.hpp's longest_seal

/// What our own statements need and no more (sqlite.org/security.html).
void limit(sqlite3* db) {
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_limit(db, SQLITE_LIMIT_LENGTH, longest_text);
  sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 100'000);
  sqlite3_limit(db, SQLITE_LIMIT_COLUMN, 100);
  sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 100);
  sqlite3_limit(db, SQLITE_LIMIT_COMPOUND_SELECT, 10);
  sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 1);  // 0 would break VACUUM INTO
}

Value value_of(sqlite3_value* value) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
    case SQLITE_FLOAT: return {sqlite3_value_double(value), {}};
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
      return {{}, {text == nullptr ? "" : text, static_cast<std::size_t>(sqlite3_value_bytes(value))}};
    }
    default: return {};
  }
}

void call(sqlite3_context* context, int count, sqlite3_value** values) noexcept try {
  std::vector<Value> arguments;
  for (int i = 0; i < count; ++i) arguments.push_back(value_of(values[i]));
  auto answer = (*static_cast<const Scalar*>(sqlite3_user_data(context)))(arguments);
  if (answer)
    sqlite3_result_double(context, *answer);
  else
    sqlite3_result_null(context);
} catch (const std::exception& wrong) {  // SQLite is C: the statement fails instead, and Query throws
  sqlite3_result_error(context, wrong.what(), -1);
} catch (...) { sqlite3_result_error(context, "a function of ours failed", -1); }

template <class Function>
void destroy(void* function) noexcept {
  delete static_cast<Function*>(function);
}

using Numbers = std::vector<double>;

/// The numbers of this group so far: a pointer is kept, which SQLite sets to zero at first.
Numbers** numbers_of(sqlite3_context* context) noexcept {
  return static_cast<Numbers**>(sqlite3_aggregate_context(context, sizeof(Numbers*)));
}

void gather(sqlite3_context* context, int, sqlite3_value** values) noexcept try {
  auto** numbers = numbers_of(context);
  if (numbers == nullptr) return sqlite3_result_error_nomem(context);
  if (*numbers == nullptr) *numbers = new Numbers;
  if (auto value = value_of(*values); value.number) (*numbers)->push_back(*value.number);
} catch (...) { sqlite3_result_error_nomem(context); }

/// Called once for every group, also where a statement ends before.
void conclude(sqlite3_context* context) noexcept try {
  auto** kept = numbers_of(context);
  std::unique_ptr<Numbers> numbers(kept == nullptr ? nullptr : *kept);
  if (!numbers || numbers->empty()) return sqlite3_result_null(context);
  sqlite3_result_double(context, (*static_cast<const Aggregate*>(sqlite3_user_data(context)))(std::move(*numbers)));
} catch (...) { sqlite3_result_error(context, "a function of ours failed", -1); }

}  // namespace

std::string_view name_of(Unwritable::Kind kind) {
  constexpr std::string_view names[] = {"full", "locked", "io"};
  return names[kind];
}

void Database::Close::operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
void Database::Finalize::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }

Database::Database(const std::filesystem::path& file, Access access) {
  sqlite3* db = nullptr;
  int flags = access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  int code = sqlite3_open_v2(file.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  db_.reset(db);
  if (code != SQLITE_OK) fail(db, code, "open " + file.string());
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_handler(db, &Database::wait_for_lock, this);
  limit(db);
  run("PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY;");
  register_functions(*this);
  register_growth_functions(*this);
}

/// Five seconds in small steps, and none once there is hurry.
int Database::wait_for_lock(void* self, int tries) noexcept {
  constexpr int step_ms = 20, longest_ms = 5000;
  if (static_cast<Database*>(self)->hurry_ || tries * step_ms >= longest_ms) return 0;
  sqlite3_sleep(step_ms);
  return 1;
}

void Database::make_durable() {
  run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=1000;");
}

void Database::run(const char* sql) {
  if (int code = sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr); code != SQLITE_OK) fail(db_.get(), code, sql);
}

std::int64_t Database::last_id() const { return sqlite3_last_insert_rowid(db_.get()); }
std::int64_t Database::changes() const { return sqlite3_changes64(db_.get()); }

void Database::stop_waiting() { hurry_ = true; }

bool Database::checkpoint() {
  int code = sqlite3_wal_checkpoint_v2(db_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if (code != SQLITE_OK && code != SQLITE_BUSY) fail(db_.get(), code, "checkpoint");
  return code == SQLITE_OK;
}

void Database::define(const char* name, int arguments, Scalar function) {
  constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  auto owned = std::make_unique<Scalar>(std::move(function));
  int code = sqlite3_create_function_v2(db_.get(), name, arguments, flags, owned.release(), call, nullptr, nullptr,
                                        destroy<Scalar>);  // which is called also when this fails
  if (code != SQLITE_OK) fail(db_.get(), code, name);
}

void Database::define(const char* name, Aggregate function) {
  constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  auto owned = std::make_unique<Aggregate>(std::move(function));
  int code = sqlite3_create_function_v2(db_.get(), name, 1, flags, owned.release(), nullptr, gather, conclude,
                                        destroy<Aggregate>);
  if (code != SQLITE_OK) fail(db_.get(), code, name);
}

sqlite3_stmt* Database::prepared(const char* sql) {
  auto& statement = statements_[sql];
  if (!statement) {
    sqlite3_stmt* made = nullptr;
    int code = sqlite3_prepare_v3(db_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (code != SQLITE_OK) fail(db_.get(), code, sql);
    statement.reset(made);
  }
  return statement.get();
}

Query::~Query() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Query::next() {
  int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail(db_.db_.get(), code, sqlite3_sql(statement_));
  return false;
}

int Query::index_of(const char* name) const { return sqlite3_bind_parameter_index(statement_, name); }

void Query::bind(int at, std::nullptr_t) { sqlite3_bind_null(statement_, at); }
void Query::bind(int at, std::int64_t value) { sqlite3_bind_int64(statement_, at, value); }
void Query::bind(int at, double value) { sqlite3_bind_double(statement_, at, value); }
void Query::bind(int at, std::string_view value) {
  sqlite3_bind_text64(statement_, at, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_TRANSIENT,
                      SQLITE_UTF8);
}
void Query::bind(int at, const Digest& value) {
  sqlite3_bind_blob64(statement_, at, value.data(), value.size(), SQLITE_TRANSIENT);
}

int Query::columns() const { return sqlite3_column_count(statement_); }
bool Query::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }
double Query::real(int column) const { return sqlite3_column_double(statement_, column); }
std::string Query::text(int column) const {
  const auto* text = sqlite3_column_text(statement_, column);
  auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return text == nullptr ? std::string{} : std::string(reinterpret_cast<const char*>(text), size);
}
Digest Query::digest(int column) const {
  Digest out{};
  const void* bytes = sqlite3_column_blob(statement_, column);
  if (bytes != nullptr && sqlite3_column_bytes(statement_, column) == static_cast<int>(out.size()))
    std::memcpy(out.data(), bytes, out.size());
  return out;
}
std::optional<std::int64_t> Query::maybe(int column) const {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}
std::optional<double> Query::maybe_real(int column) const {
  return is_null(column) ? std::nullopt : std::optional(real(column));
}
std::optional<sys_ms> Query::maybe_time(int column) const {
  return is_null(column) ? std::nullopt : std::optional(time(column));
}
std::optional<std::string> Query::maybe_text(int column) const {
  return is_null(column) ? std::nullopt : std::optional(text(column));
}

// SQLite ends a transaction itself on some errors; a second ROLLBACK is then an error of no interest.
Transaction::Transaction(Database& db) : db_(db) {
  if (sqlite3_get_autocommit(db.db_.get()) == 0) return;
  db_.run("BEGIN IMMEDIATE");
  open_ = true;
}

Transaction::~Transaction() {
  if (open_) sqlite3_exec(db_.db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  if (open_) db_.run("COMMIT");
  open_ = false;
}

Snapshot::~Snapshot() { sqlite3_exec(db_.db_.get(), "COMMIT", nullptr, nullptr, nullptr); }

}  // namespace campaignd::store
