#pragma once
/// SQLite, wrapped once. This is the only part that knows it.
#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "connectors/post.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace campaignd::store {

using Digest = std::array<std::uint8_t, 16>;  ///< a keyed hash

/// The database cannot be written now: a state, not an end. Nothing of the failed transaction was kept.
struct Unwritable : std::runtime_error {
  enum Kind { full, locked, io };
  Unwritable(Kind kind_in, const std::string& what) : std::runtime_error(what), kind(kind_in) {}
  Kind kind;
};
std::string_view name_of(Unwritable::Kind kind);

/// The file is not ours, newer than this program, or damaged: we write nothing and the program ends with 65.
struct Unusable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class Access : std::uint8_t { write, read };

/// An argument of a function of ours within SQL; NULL is neither.
struct Value {
  std::optional<double> number;
  std::string_view text;  ///< valid during the call
};
/// The same arguments give the same answer; nothing is NULL. What it throws fails the statement.
using Scalar = std::function<std::optional<double>(std::span<const Value>)>;
/// The same of all numbers of a group, in no order; there is at least one.
using Aggregate = std::function<double(std::vector<double>)>;

class Query;

/// One connection, for one thread.
class Database {
 public:
  Database(const std::filesystem::path& file, Access access);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  /// WAL, synchronous=FULL, secure_delete: the writer's profile. Changes the file, so its header is checked before.
  void make_durable();
  /// Runs statements that give no rows; several, separated by ';'.
  void run(const char* sql);
  std::int64_t last_id() const;
  std::int64_t changes() const;
  /// From any thread, for good: what is locked fails at once instead of waiting.
  void stop_waiting();
  /// Statements are prepared anew: a table has appeared that hides another.
  void forget_statements() { statements_.clear(); }
  /// A function that SQL on this connection may call. Before any statement is in use.
  void define(const char* name, int arguments, Scalar function);
  void define(const char* name, Aggregate function);
  /// wal_checkpoint(TRUNCATE); false when a reader was in the way.
  bool checkpoint();

  /// What whoever reads through this connection keeps with it (metrics.cpp).
  struct Kept;
  std::shared_ptr<Kept> kept;

 private:
  friend class Query;
  friend class Transaction;
  friend class Snapshot;
  sqlite3_stmt* prepared(const char* sql);
  struct Close {
    void operator()(sqlite3* db) const noexcept;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  static int wait_for_lock(void* self, int tries) noexcept;
  std::atomic<bool> hurry_ = false;
  std::unique_ptr<sqlite3, Close> db_;
  std::unordered_map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

/// A prepared statement in use. Prepared once a connection and text; reset when this goes.
class Query {
 public:
  template <class... Values>
  Query(Database& db, const char* sql, const Values&... values) : db_(db), statement_(db.prepared(sql)) {
    int at = 0;
    (bind(++at, values), ...);
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query();

  template <class Value>
  Query& set(const char* name, const Value& value) {
    if (int at = index_of(name); at > 0) bind(at, value);
    return *this;
  }
  bool next();  ///< one row further; false behind the last
  void run() {
    while (next()) {}
  }

  int columns() const;
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  Digest digest(int column) const;
  std::optional<std::int64_t> maybe(int column) const;
  std::optional<double> maybe_real(int column) const;
  std::optional<sys_ms> maybe_time(int column) const;
  std::optional<std::string> maybe_text(int column) const;
  sys_ms time(int column) const { return sys_ms(std::chrono::milliseconds(integer(column))); }

 private:
  int index_of(const char* name) const;
  void bind(int at, std::nullptr_t);
  void bind(int at, std::int64_t value);
  void bind(int at, int value) { bind(at, static_cast<std::int64_t>(value)); }
  void bind(int at, std::uint64_t value) { bind(at, static_cast<std::int64_t>(value)); }
  void bind(int at, bool value) { bind(at, static_cast<std::int64_t>(value)); }
  void bind(int at, double value);
  void bind(int at, std::string_view value);
  void bind(int at, const char* value) { bind(at, std::string_view(value)); }
  void bind(int at, const std::string& value) { bind(at, std::string_view(value)); }
  void bind(int at, const Digest& value);
  void bind(int at, sys_ms value) { bind(at, value.time_since_epoch().count()); }
  template <class Value>
  void bind(int at, const std::optional<Value>& value) {
    if (value)
      bind(at, *value);
    else
      bind(at, nullptr);
  }

  Database& db_;
  sqlite3_stmt* statement_;
};

/// Everything or nothing: rolled back unless committed. One within another is a part of it.
class Transaction {
 public:
  explicit Transaction(Database& db);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Database& db_;
  bool open_ = false;  ///< by this one: inside another it is a part of it
};

/// Fixes what a reader sees until it goes.
class Snapshot {
 public:
  explicit Snapshot(Database& db) : db_(db) { db_.run("BEGIN"); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot();

 private:
  Database& db_;
};

}  // namespace campaignd::store
