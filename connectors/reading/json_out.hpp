#pragma once
/// Posts and pages as JSON, for `campaignd parse` and the conformance tests.
#include <boost/json/value.hpp>

#include "connectors/post.hpp"

namespace campaignd {

/// null where there is nothing, RFC 3339 UTC for instants.
boost::json::value json_or_null(const std::optional<sys_ms>& time);
boost::json::value json_or_null(const std::optional<std::int64_t>& number);
boost::json::value json_or_null(const std::optional<bool>& flag);
boost::json::value json_or_null(const std::string& text);

/// Of outlets also the title, where its date comes from, and the place it names; of people none of that.
boost::json::object to_json(const Finding& finding);
/// {"posts": […], "refused": [{"id", "why"}], "gone": […]}
boost::json::object to_json(const Page& page);

}  // namespace campaignd
