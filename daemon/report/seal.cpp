#include "daemon/report/seal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "connectors/reading/hmac.hpp"
#include "connectors/reading/json_out.hpp"
#include "daemon/report/comparison.hpp"
#include "daemon/report/lint.hpp"
#include "daemon/store/as_of.hpp"
#include "daemon/store/embedded.hpp"

namespace campaignd::report {

namespace json = boost::json;
using store::Query;

namespace {

constexpr std::string_view line_end = "\r\n", digest_key = ",\"digest\":\"", digest_end = "\"}\n";

/// What tells of sources, of posts' words and of the program as they are now, and what people enter. The hours of a
/// month of every source would fill most of a seal: `coverage` sums them up.
constexpr std::array<std::string_view, 7> unsealed{"sources",  "cross_check", "changes", "companions",
                                                   "measures", "dictionary",  "hours"};

}  // namespace

bool is_sealed(std::string_view sheet) {
  auto all = sheet_names();
  return std::ranges::find(all, sheet) != all.end() && std::ranges::find(unsealed, sheet) == unsealed.end();
}

namespace {

json::array texts(const std::vector<std::string>& all) {
  json::array out;
  for (const auto& each : all) out.emplace_back(each);
  return out;
}

json::array sheets_of(const Scope& scope) {
  json::array out;
  for (auto name : sheet_names()) {
    if (!is_sealed(name)) continue;
    auto sheet = sealed_form(make_sheet(name, scope).value());
    out.push_back(json::object{{"name", sheet.name},
                               {"columns", texts(sheet.columns)},
                               {"rows", texts(sheet.rows)},
                               {"sha256", sha256_hex(to_csv(sheet))}});
  }
  return out;
}

json::array definitions() {
  json::array out;
  for (const auto& each : store::metrics())
    out.push_back(json::object{{"id", each.id}, {"version", each.version}, {"sha256", sha256_hex(each.sql)}});
  return out;
}

/// "POST attribution class counters followers", in order: nothing tells which came first.
json::array posts_of(const RowDigests& digests) {
  json::array out;
  for (const auto& [post, groups] : digests.posts) out.emplace_back(fmt::format("{} {}", post, fmt::join(groups, " ")));
  return out;
}

std::int64_t schema_version(store::Database& db) {
  Query query(db, "PRAGMA user_version");
  query.next();
  return query.integer(0);
}

}  // namespace

std::string configuration_digest(const Written& written) {
  constexpr std::array<std::string_view, 8> tables{"campaign", "edition", "term",    "partner",
                                                   "source",   "outlet",  "privacy", "youtube"};
  std::string text;
  for (const auto& [name, entry] : written) {
    if (std::ranges::find(tables, std::string_view(name).substr(0, name.find(' '))) == tables.end()) continue;
    for (const auto& [key, value] : entry) text += fmt::format("{}\x1f{}\x1f{}\n", name, key, value);
  }
  return sha256_hex(text);
}

std::string key_check(const Keyed& keyed) {
  std::string out;
  for (auto byte : keyed("key check")) out += fmt::format("{:02x}", byte);
  return out;
}

std::int64_t covering_polls(store::Database& db, sys_ms from, sys_ms as_of) {
  Query query(db, "SELECT count(*) FROM poll WHERE end_utc >= ? AND end_utc <= ? AND covered_from_utc IS NOT NULL",
              from, as_of);
  query.next();
  return query.integer(0);
}

namespace {

store::KeptSeal make_seal(const Scope& scope, const Config& config, const Sealer& sealer, const Sealing& said) {
  auto& db = scope.db;
  const auto& campaign = scope.campaign;
  const auto& edition = scope.edition;
  const auto& at = *scope.sealing;
  json::object out;
  out["format"] = seal_format;
  out["campaign"] = json::object{{"id", campaign.id}, {"name", campaign.name}, {"zone", campaign.zone}};
  out["edition"] = json::object{{"id", edition.id}, {"day", edition.day}};
  out["window"] = json::object{{"from_utc", format_utc(edition.from)}, {"until_utc", format_utc(edition.until)}};
  out["as_of_utc"] = format_utc(at.as_of);
  out["sealed_utc"] = format_utc(at.sealed);
  out["standing"] = json::object{{"word", said.standing.word}, {"sentence", said.standing.sentence}};
  out["program"] = sealer.program;
  out["schema"] = schema_version(db);
  out["profile"] = name_of(config.profile);
  out["clock"] = json_or_null(sealer.clock);
  out["configuration_sha256"] = configuration_digest(config.written);
  out["definitions"] = definitions();
  out["readings_sha256"] = sha256_hex(embedded("reading.sql"));
  out["remarks"] = texts(said.remarks);
  out["objections"] = texts(said.objections);
  out["sheets"] = sheets_of(scope);
  out["polls"] = covering_polls(db, edition.from, at.as_of);
  out["key_check"] = key_check(sealer.keyed);
  auto digests = row_digests(db, edition.id, sealer.keyed);
  out["short_lived_posts"] = digests.short_lived;
  out["posts"] = posts_of(digests);
  auto body = json::serialize(out);
  body.pop_back();  // the object goes on with its digest
  auto digest = sha256_hex(body);
  body += fmt::format("{}{}{}", digest_key, digest, digest_end);
  return {edition.id, at, digest, std::move(body)};
}

}  // namespace

Sealing seal_edition(store::Database& db, const Config& config, const Edition& edition, store::SealTimes at,
                     const Sealer& sealer) {
  store::Snapshot snapshot(db);
  auto known = store::Known::from_facts(at.as_of);
  known.beside = compared_with(config.campaign, edition);
  store::AsOf past(db, edition.id, known);
  auto said = lint(db, config.campaign, edition, at.as_of);
  Scope scope{db, config.campaign, edition, {edition.from, edition.until, {}}, at.as_of, at};
  Sealing out{{}, std::move(said.blocks), std::move(said.remarks), standing_in(scope)};
  if (!out.objections.empty() && !sealer.anyway) return out;
  auto seal = make_seal(scope, config, sealer, out);
  if (seal.body.size() <= store::longest_seal)
    out.seal = std::move(seal);
  else
    out.objections = {fmt::format("it is larger than the {} bytes the database keeps", store::longest_seal)};
  return out;
}

// --- read again ----------------------------------------------------------------------------------------------------

namespace {

std::string text_at(const json::object& object, std::string_view key) {
  return std::string(std::string_view(object.at(key).as_string()));
}

sys_ms time_at(const json::object& object, std::string_view key) {
  auto time = read_rfc3339(text_at(object, key));
  if (!time) throw std::invalid_argument(fmt::format("{} is no time", key));
  return *time;
}

std::vector<std::string> texts_at(const json::object& object, std::string_view key) {
  std::vector<std::string> out;
  for (const auto& each : object.at(key).as_array()) out.emplace_back(std::string_view(each.as_string()));
  return out;
}

std::pair<std::string, GroupDigests> post_of(std::string_view line) {
  std::array<std::string, 1 + digest_groups.size()> words;
  for (auto& word : words) {
    auto end = std::min(line.find(' '), line.size());
    word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  GroupDigests groups;
  std::copy(words.begin() + 1, words.end(), groups.begin());
  return {words.front(), groups};
}

Sealed read_document(const json::object& document) {
  Sealed out;
  out.campaign = text_at(document.at("campaign").as_object(), "id");
  out.edition = text_at(document.at("edition").as_object(), "id");
  const auto& window = document.at("window").as_object();
  out.window = {time_at(window, "from_utc"), time_at(window, "until_utc"), {}};
  out.at = {time_at(document, "sealed_utc"), time_at(document, "as_of_utc")};
  out.configuration = text_at(document, "configuration_sha256");
  out.key_check = text_at(document, "key_check");
  if (document.contains("readings_sha256")) out.readings = text_at(document, "readings_sha256");
  out.digest = text_at(document, "digest");
  out.polls = document.at("polls").as_int64();
  for (const auto& each : document.at("definitions").as_array())
    out.definitions.push_back(
        {text_at(each.as_object(), "id"), text_at(each.as_object(), "version"), text_at(each.as_object(), "sha256")});
  for (const auto& each : document.at("sheets").as_array())
    out.sheets.push_back(
        {text_at(each.as_object(), "name"), texts_at(each.as_object(), "columns"), texts_at(each.as_object(), "rows")});
  out.rows.short_lived = document.at("short_lived_posts").as_int64();
  for (const auto& line : texts_at(document, "posts")) out.rows.posts.insert(post_of(line));
  return out;
}

}  // namespace

const SealedSheet* Sealed::sheet(std::string_view name) const {
  auto found = std::ranges::find(sheets, name, &SealedSheet::name);
  return found == sheets.end() ? nullptr : &*found;
}

std::variant<Sealed, std::string> read_seal(std::string_view text) {
  if (!text.starts_with(fmt::format("{{\"format\":\"{}\"", seal_format)))
    return fmt::format("it is no seal of this kind ('{}')", seal_format);
  auto at = text.rfind(digest_key);
  if (at == text.npos || !text.ends_with(digest_end))
    return std::string("its end is missing: it was cut off or changed");
  auto said = text.substr(at + digest_key.size(), text.size() - at - digest_key.size() - digest_end.size());
  if (sha256_hex(text.substr(0, at)) != said)
    return std::string("it was changed or damaged: its digest is not that of what it says");
  try {
    return read_document(json::parse(text).as_object());
  } catch (const std::exception& error) {  // somebody made a digest for something else
    return fmt::format("it cannot be read: {}", error.what());
  }
}

std::string to_csv(const SealedSheet& sheet) {
  auto out = fmt::format("\xEF\xBB\xBF{}{}", fmt::join(sheet.columns, ","), line_end);
  for (const auto& row : sheet.rows) out += fmt::format("{}{}", row, line_end);
  return out;
}

SealedSheet sealed_form(const Sheet& sheet) {
  SealedSheet out{sheet.name, sheet.columns, {}};
  auto csv = to_csv(sheet);
  auto at = csv.find(line_end) + line_end.size();  // behind the header
  for (auto end = csv.find(line_end, at); end != csv.npos; end = csv.find(line_end, at)) {
    out.rows.push_back(csv.substr(at, end - at));
    at = end + line_end.size();
  }
  return out;
}

std::optional<double> number_in(const std::string& cell) {
  double out = 0;
  auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), out);
  return error == std::errc() && end == cell.data() + cell.size() ? std::optional(out) : std::nullopt;
}

std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (char c : line) {
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted)
      out.emplace_back();
    else
      out.back() += c;
  }
  return out;
}

}  // namespace campaignd::report
