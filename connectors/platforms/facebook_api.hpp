#pragma once
/// What the polls and measurements of Facebook share: the credential, the look-up of a page, and its posts.
#include <optional>

#include "connectors/platforms/meta_api.hpp"

namespace campaignd {

inline constexpr std::string_view facebook_form =
    "the token of a page, a user or a system user, or \"token:app secret\" on one line";

/// What is asked of each post. `shares` is left out where there are none.
inline constexpr std::string_view facebook_fields =
    "id,created_time,message,permalink_url,shares,reactions.limit(0).summary(total_count),"
    "comments.limit(0).summary(total_count),attachments{media_type,unshimmed_url,subattachments{media_type}}";

/// A page as its look-up shows it.
struct FacebookPage {
  std::string name;  ///< as it is configured: its name in addresses, or its id
  std::string id, title;
  std::string token;  ///< of its own, where the credential is that of somebody with a task on it
  std::optional<std::int64_t> followers;
};

meta::Speaker facebook_speaker(const SourceSettings& source);
bool has_facebook_token(const SourceSettings& source);

/// A GET with the page's own token, or else the credential's; with the proof that we hold the app's secret where we do.
Request ask_facebook(const SourceSettings& source, const std::string& path, const FacebookPage& page);

/// Asks who a page is; `with_token`: and for its own token.
Request look_up_facebook(const SourceSettings& source, const std::string& name, bool with_token);
Result<FacebookPage> read_facebook_page(std::string_view body, const std::string& name);
/// Why a page is not shown.
Failure facebook_page_failure(const Answer& answer, const SourceSettings& source, const std::string& name);

/// A post of a page. Its local id is "name/page_post": re-reading it needs the page.
Result<Finding> read_facebook_post(Json item, const FacebookPage& page);

/// The two halves of a local id.
struct FacebookId {
  std::string page, post;
};
std::optional<FacebookId> read_facebook_id(const std::string& local_id);

std::unique_ptr<Job> measure_facebook(SourceSettings source, std::vector<PostRef> posts);

}  // namespace campaignd
