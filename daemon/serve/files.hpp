#pragma once
/// What is served as it was built in: the page, its files, the description of the API.
#include "daemon/serve/respond.hpp"

namespace campaignd::serve {

Response openapi(const Query& query, store::Database& db, const Facts& facts);
/// With a link to every sheet there is, so that they can be had without scripts.
Response page(const Query& query, store::Database& db, const Facts& facts);
Response web_file(const Query& query, store::Database& db, const Facts& facts);

}  // namespace campaignd::serve
