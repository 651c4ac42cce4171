#pragma once
/// A post of Threads as a Finding.
#include <optional>

#include "connectors/connector.hpp"
#include "connectors/reading/json.hpp"

namespace campaignd {

/// What is asked of each post; there are no counts among it, for those only its author is shown.
inline constexpr std::string_view threads_fields =
    "id,text,media_type,permalink,shortcode,timestamp,username,is_quote_post,is_reply,topic_tag,link_attachment_url,"
    "alt_text,children";

/// `tag`: the topic it was searched by, which it has although it may not say so. Reposts are nothing.
std::optional<Result<Finding>> read_threads_post(Json item, const std::string& tag = {});

}  // namespace campaignd
