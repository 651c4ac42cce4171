#pragma once
/// The sheets that are made in files of their own; sheets.cpp has the table of all.
#include "daemon/report/making.hpp"

namespace campaignd::report {

Sheet make_partners(const Scope& scope);
Sheet make_by_hour(const Scope& scope);
Sheet make_by_country(const Scope& scope);
Sheet make_by_language(const Scope& scope);
Sheet make_attribution(const Scope& scope);
Sheet make_posts(const Scope& scope);
Sheet make_method(const Scope& scope);
Sheet make_companions(const Scope& scope);
Sheet make_comparison(const Scope& scope);

}  // namespace campaignd::report
