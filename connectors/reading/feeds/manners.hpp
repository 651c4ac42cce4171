#pragma once
/// How long a source wants to be left alone, and which of its validators deserve trust.
#include "connectors/http.hpp"
#include "connectors/reading/feeds/syndication.hpp"

namespace campaignd {

/// How much longer an answer counts as fresh (RFC 9111 4.2): max-age of Cache-Control less its Age, else Expires
/// against the answer's own Date. From zero, which is also "not said", to 24 h.
std::chrono::seconds fresh_for(const Headers& headers, sys_ms received);

/// What the document asks for: ttl or sy:, then the hours and days it wants to be skipped (UTC), and a day where there
/// will be nothing more. From zero, which is also "not said", to 24 h. A hint: whole newsrooms never looked at theirs.
std::chrono::seconds rest_asked_by(const FeedManners& manners, sys_ms now);

/// Drops the validators servers are known to lie with: a Last-Modified in the future or before 1990 would be answered
/// with 304 for ever, and "Expires: 0" says that nothing may be kept.
void drop_untrusted(Cursor& cursor, const Answer& answer);

/// A page that lets browsers in and no program (Cloudflare's cf-mitigated).
bool is_challenge(const Answer& answer);

}  // namespace campaignd
