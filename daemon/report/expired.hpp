#pragma once
/// What had to go of the time that a sheet speaks of, as it was settled.
#include "daemon/report/making.hpp"

namespace campaignd::report {

/// What an additive metric counted of posts that went.
std::int64_t settled_of(const Scope& scope, std::string_view metric);
/// Posts with a term of the campaign that went.
std::int64_t expired_posts(const Scope& scope);
/// Whether posts of registered organisations are among what went.
bool have_partners_posts_expired(const Scope& scope);

}  // namespace campaignd::report
