#include "connectors/platforms/facebook_api.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/reading/hmac.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

bool is_digits(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// "token" or "token:app secret"; no token holds a colon.
struct FacebookKey {
  std::string token, app_secret;
};

FacebookKey key_of(const SourceSettings& source) {
  if (!source.session) return {};
  const auto& credential = source.session->credential;
  auto colon = credential.find(':');
  if (colon == credential.npos) return {credential, {}};
  return {credential.substr(0, colon), credential.substr(colon + 1)};
}

std::optional<std::int64_t> total_of(Json item, std::string_view edge) {
  auto member = json_member(item, edge);
  auto summary = member ? json_member(*member, "summary") : std::nullopt;
  return summary ? json_count(*summary, "total_count") : std::nullopt;
}

void read_attachments(Json item, Post& post) {
  constexpr std::size_t most_links = 20;
  auto attachments = json_member(item, "attachments");
  auto list = attachments ? json_member(*attachments, "data") : std::nullopt;
  if (!list || !list->is_array()) return;
  for (Json each : simdjson::dom::array(*list)) {
    auto type = json_text(each, "media_type");
    if (type == "link") {
      auto link = json_text(each, "unshimmed_url");
      if (!link.empty() && post.links.size() < most_links) post.links.push_back(std::move(link));
      continue;
    }
    auto below = json_member(each, "subattachments");
    auto parts = below ? json_member(*below, "data") : std::nullopt;
    auto count = parts && parts->is_array() ? simdjson::dom::array(*parts).size() : 0;
    if (type == "photo" || type == "video" || type == "album")
      post.media_count += static_cast<int>(std::clamp<std::size_t>(count, 1, 100));
  }
  post.media_count = std::min(post.media_count, 100);
}

Failure refuse(std::string why) { return {Failure::malformed, std::move(why)}; }

}  // namespace

meta::Speaker facebook_speaker(const SourceSettings& source) {
  return {"Facebook", source.session.get(),
          "pages_read_engagement and a task on the page, or Page Public Content Access"};
}

bool has_facebook_token(const SourceSettings& source) { return !key_of(source).token.empty(); }

Request ask_facebook(const SourceSettings& source, const std::string& path, const FacebookPage& page) {
  auto key = key_of(source);
  const auto& token = page.token.empty() ? key.token : page.token;
  auto proof = key.app_secret.empty() ? std::string{} : "&appsecret_proof=" + hmac_sha256_hex(key.app_secret, token);
  return meta::ask(meta::graph, path + proof, token, "facebook");
}

Request look_up_facebook(const SourceSettings& source, const std::string& name, bool with_token) {
  return ask_facebook(
      source,
      fmt::format("{}?fields=id,name,followers_count{}", percent_encode(name), with_token ? ",access_token" : ""), {});
}

Result<FacebookPage> read_facebook_page(std::string_view body, const std::string& name) {
  FacebookPage page;
  auto use = [&](Json document) {
    page = {name, json_text(document, "id"), json_text(document, "name"), json_text(document, "access_token"),
            json_count(document, "followers_count")};
  };
  if (auto read = read_json(body, use); !read) return read.error();
  if (!is_digits(page.id)) return refuse("the answer shows no page");
  return page;
}

Failure facebook_page_failure(const Answer& answer, const SourceSettings& source, const std::string& name) {
  auto failure = meta::failure_of(answer, facebook_speaker(source));
  auto error = meta::read_error(answer.body);
  if (error.message.find("secret proof") != error.message.npos ||
      error.message.find("appsecret_proof") != error.message.npos)
    return {Failure::refused,
            "Facebook wants a proof of the app's secret, of the app the token is for: store \"token:app secret\""};
  if (error.code != 0 && !meta::concerns_caller(error))
    failure.message = fmt::format(
        "Facebook does not show the page {}: check its name, and whether the token is for it or the app has Page "
        "Public Content Access ({})",
        cut(name, 100), failure.message);
  return failure;
}

std::optional<FacebookId> read_facebook_id(const std::string& local_id) {
  auto slash = local_id.find('/'), low = local_id.rfind('_');
  if (slash == local_id.npos || slash == 0 || low == local_id.npos || low < slash) return std::nullopt;
  FacebookId out{local_id.substr(0, slash), local_id.substr(slash + 1)};
  bool is_whole = is_digits(out.post.substr(0, low - slash - 1)) && is_digits(local_id.substr(low + 1));
  return is_whole ? std::optional(std::move(out)) : std::nullopt;
}

Result<Finding> read_facebook_post(Json item, const FacebookPage& page) {
  if (!item.is_object()) return refuse("not an object");
  auto id = json_text(item, "id");
  auto owner = page.name.empty() ? id.substr(0, id.find('_')) : page.name;
  auto local_id = owner + "/" + id;
  if (!read_facebook_id(local_id)) return refuse("its id is not that of a page's post");
  auto low = id.find('_');

  Finding finding;
  finding.local_id = local_id;
  Post& post = finding.post;
  post.platform = "facebook";
  post.host = "facebook.com";
  post.uri = "https://www.facebook.com/" + id.substr(0, low) + "/posts/" + id.substr(low + 1);
  auto link = json_text(item, "permalink_url");
  bool is_link = host_within(host_of(link), "facebook.com");
  post.url = is_link ? link : post.uri;
  // Addresses with "pfbid" are other ones each time.
  if (is_link && link != post.uri && link.find("pfbid") == link.npos) post.aliases.push_back(link);
  post.author.key = page.id.empty() ? id.substr(0, low) : page.id;
  if (!page.name.empty() && page.name != post.author.key) post.author.handle = page.name;
  post.author.name = page.title;
  post.author.followers = page.followers;
  post.published = meta::read_time(item, "created_time");
  post.text = json_text(item, "message");
  read_attachments(item, post);
  finding.counters.likes = total_of(item, "reactions");
  finding.counters.replies = total_of(item, "comments");
  auto shares = json_member(item, "shares");
  if (shares)
    finding.counters.reposts = json_count(*shares, "count");
  else if (finding.counters.likes)  // of what was asked for nothing else is missing, so there are none
    finding.counters.reposts = 0;
  return finding;
}

}  // namespace campaignd
