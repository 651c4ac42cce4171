#pragma once
/// A report frozen: what was said, what it rests on, and how to see that nothing of it was changed. One line of JSON in
/// a fixed order of keys that ends with the SHA-256 of everything before it.
#include "daemon/report/making.hpp"
#include "daemon/report/row_digests.hpp"
#include "daemon/report/standing.hpp"

namespace campaignd::report {

constexpr std::string_view seal_format = "campaignd seal 1";

/// Who seals.
struct Sealer {
  std::string program;  ///< its version
  std::string clock;    ///< of a test world, else empty
  Keyed keyed;          ///< by the key that tells posts apart
  bool anyway = false;  ///< whatever speaks against it
};

/// A seal, or what speaks against it.
struct Sealing {
  std::optional<store::KeptSeal> seal;
  std::vector<std::string> objections;  ///< with a seal: it was sealed against them
  std::vector<std::string> remarks;     ///< what a reader must know
  Standing standing;                    ///< of the edition as of then
};

/// Seals an edition as of then, from facts alone.
Sealing seal_edition(store::Database& db, const Config& config, const Edition& edition, store::SealTimes at,
                     const Sealer& sealer);

/// Whether a seal has that sheet.
bool is_sealed(std::string_view sheet);
/// SHA-256 of those of a configuration's settings that figures rest on, whatever files they were written in.
std::string configuration_digest(const Written& written);
/// Tells whether two seals were made under one key, and nothing else of it.
std::string key_check(const Keyed& keyed);
/// Polls of an edition that cover something, as of then: what the coverage of its figures rests on.
std::int64_t covering_polls(store::Database& db, sys_ms from, sys_ms as_of);

// --- read again ----------------------------------------------------------------------------------------------------

struct SealedDefinition {
  std::string id, version, sha256;
};

/// A sheet; a row is a line of its CSV.
struct SealedSheet {
  std::string name;
  std::vector<std::string> columns, rows;
};

struct Sealed {
  std::string campaign, edition, configuration, key_check, digest;
  std::string readings;  ///< SHA-256 of the text that makes the relation metrics read; empty: it was not told yet
  Window window;
  store::SealTimes at;
  std::int64_t polls = 0;
  std::vector<SealedDefinition> definitions;
  std::vector<SealedSheet> sheets;
  RowDigests rows;

  const SealedSheet* sheet(std::string_view name) const;
};

/// A seal, or in a sentence why it is none.
std::variant<Sealed, std::string> read_seal(std::string_view text);
/// Byte for byte what was sealed (T-17).
std::string to_csv(const SealedSheet& sheet);
/// A sheet as a seal has it.
SealedSheet sealed_form(const Sheet& sheet);
/// The cells of a line of CSV as they stand there: "\"M-01\"" and "57".
std::vector<std::string> cells_of(std::string_view line);
/// What such a cell says, where it is a number and nothing else.
std::optional<double> number_in(const std::string& cell);

}  // namespace campaignd::report
