#include "daemon/report/row_digests.hpp"

#include <fmt/format.h>

#include "connectors/connector.hpp"

namespace campaignd::report {

namespace {

constexpr std::size_t whole = 16, short_form = 8;

std::string hex(const store::Digest& digest, std::size_t bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes; ++i) out += fmt::format("{:02x}", digest[i]);
  return out;
}

std::string post_digest(const std::string& name, const Keyed& keyed) { return hex(keyed("post\x01" + name), whole); }

// A post goes by its first name, but for a headline, which a later article may take over. quote() tells NULL from a
// text, and with the bars one column from the next.
constexpr auto canonical = R"(
  SELECT reading.platform,
    (SELECT hex(key) FROM alias WHERE alias.post = reading.post ORDER BY why = 'title', alias.at_utc, key LIMIT 1),
    reading.at_utc || '|' || quote(reading.platform) || '|' || quote(reading.network) || '|' || quote(reading.host)
      || '|' || quote(author.pseudonym) || '|' || quote(reading.partner) || '|' || quote(reading.bot)
      || '|' || quote(reading.kind) || '|' || quote(reading.language) || '|' || quote(reading.outlet)
      || '|' || quote(reading.outlet_country) || '|' || quote(iif(reading.relation IN ('amplified', 'earned'), 'of others', reading.relation)),
    quote(class) || '|' || quote(term),
    quote(likes) || '|' || quote(reposts) || '|' || quote(quotes) || '|' || quote(replies) || '|' || quote(views)
      || '|' || lower_bound,
    quote(followers) || '|' || followers_late
  FROM reading JOIN author ON author.id = reading.author WHERE reading.edition = ?)";
constexpr int first_group = 2;

bool is_short_lived(const std::string& platform) {
  const auto* known = find_platform(platform);
  return known != nullptr && known->contract.keep_at_most.has_value();
}

}  // namespace

RowDigests row_digests(store::Database& db, const std::string& edition, const Keyed& keyed) {
  RowDigests out;
  store::Query query(db, canonical, edition);
  while (query.next()) {
    if (is_short_lived(query.text(0))) {
      ++out.short_lived;
      continue;
    }
    auto name = query.text(1);
    auto& groups = out.posts[post_digest(name, keyed)];
    for (std::size_t i = 0; i < groups.size(); ++i) {
      auto said = query.text(first_group + static_cast<int>(i));
      groups[i] = hex(keyed(fmt::format("{}\x01{}\x01{}", digest_groups[i], name, said)), short_form);
    }
  }
  return out;
}

std::set<std::string> known_posts(store::Database& db, const std::string& edition, const Keyed& keyed) {
  std::set<std::string> out;
  store::Query query(db, "SELECT hex(key) FROM alias JOIN post ON post.id = alias.post WHERE post.edition = ?",
                     edition);
  while (query.next()) out.insert(post_digest(query.text(0), keyed));
  return out;
}

}  // namespace campaignd::report
