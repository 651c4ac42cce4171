#include "connectors/platforms/instagram_media.hpp"

#include <algorithm>

#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

bool is_digits(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// The code of "https://www.instagram.com/p/CODE/", "/reel/CODE/" or "/tv/CODE/"; one medium may be shown as either.
std::string code_in(const std::string& permalink) {
  if (!host_within(host_of(permalink), "instagram.com")) return {};
  for (std::string_view kind : {"/p/", "/reel/", "/reels/", "/tv/"}) {
    auto at = permalink.find(kind);
    if (at == permalink.npos) continue;
    auto code = permalink.substr(at + kind.size());
    code = code.substr(0, code.find_first_of("/?#"));
    bool is_code = !code.empty() && code.size() <= 64 && std::ranges::all_of(code, [](char c) {
      bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      return is_letter || c == '_' || c == '-';
    });
    if (is_code) return code;
  }
  return {};
}

int media_of(Json item) {
  auto children = json_member(item, "children");
  auto list = children ? json_member(*children, "data") : std::nullopt;
  if (!list || !list->is_array()) return 1;
  return static_cast<int>(std::clamp<std::size_t>(simdjson::dom::array(*list).size(), 1, 100));
}

Failure refuse(std::string why) { return {Failure::malformed, std::move(why)}; }

}  // namespace

std::optional<InstagramUser> instagram_user(const SourceSettings& source) {
  if (!source.session) return std::nullopt;
  const auto& credential = source.session->credential;
  auto colon = credential.find(':');
  if (colon == credential.npos) return std::nullopt;
  InstagramUser user{credential.substr(0, colon), credential.substr(colon + 1)};
  bool is_whole = is_digits(user.id) && !user.token.empty() && user.token.find_first_of(" \t\r\n") == std::string::npos;
  return is_whole ? std::optional(std::move(user)) : std::nullopt;
}

Result<Finding> read_instagram_media(Json item) {
  if (!item.is_object()) return refuse("not an object");
  auto id = json_text(item, "id");
  if (!is_digits(id)) return refuse("it has no id");
  auto permalink = json_text(item, "permalink");
  auto code = code_in(permalink);
  if (code.empty()) return refuse("it has no address on instagram.com");

  Finding finding;
  finding.local_id = id;
  Post& post = finding.post;
  post.platform = "instagram";
  post.host = "instagram.com";
  post.uri = "https://www.instagram.com/p/" + code + "/";
  post.url = post.uri;
  post.aliases.push_back("https://www.instagram.com/reel/" + code + "/");
  post.author.key = post.uri;
  post.published = meta::read_time(item, "timestamp");
  post.text = json_text(item, "caption");
  post.media_count = media_of(item);
  finding.counters.likes = json_count(item, "like_count");
  finding.counters.replies = json_count(item, "comments_count");
  return finding;
}

Result<InstagramAccount> read_instagram_account(std::string_view body) {
  InstagramAccount account;
  auto use = [&](Json document) {
    auto found = json_member(document, "business_discovery");
    if (!found) return;
    account.user = fold(json_text(*found, "username"));
    account.media_count = json_count(*found, "media_count").value_or(0);
    auto name = json_text(*found, "name");
    auto followers = json_count(*found, "followers_count");
    auto media = json_member(*found, "media");
    if (!media) return;
    auto items = json_member(*media, "data");
    if (!items || !items->is_array()) return;
    account.has_list = true;
    account.list.paging = meta::read_paging(*media);
    auto read = [&](Json item) -> std::optional<Result<Finding>> {
      auto finding = read_instagram_media(item);
      if (!finding || account.user.empty()) return finding;
      finding->post.author.key = account.user;
      finding->post.author.name = name;
      finding->post.author.followers = followers;
      return finding;
    };
    for (Json item : simdjson::dom::array(*items)) meta::keep_item(item, read, account.list);
  };
  if (auto read = read_json(body, use); !read) return read.error();
  if (account.user.empty()) return Failure{Failure::malformed, "the answer shows no account"};
  return account;
}

}  // namespace campaignd
