#include "connectors/platforms/lemmy_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "connectors/platforms/lemmy.hpp"
#include "connectors/platforms/lemmy_api.hpp"
#include "connectors/reading/bridges.hpp"
#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/fediverse.hpp"
#include "connectors/reading/json_list.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/markdown.hpp"
#include "connectors/reading/opt_out.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

// Lemmy numbers languages alike on all servers, in the order its database was filled; 0 is "undetermined".
constexpr std::string_view languages =
    "aaabaeafakamanarasavayazbabebgbibmbnbobrbscacechcocrcscucvcydadedvdzeeeleneoeseteufafffifjfofrfygagdglgngugvhahehi"
    "hohrhthuhyhziaidieigiiikioisitiujajvkakgkikjkkklkmknkokrkskukvkwkylalblglilnloltlulvmgmhmimkmlmnmrmsmtmynanbndneng"
    "nlnnnonrnvnyocojomorospapiplpsptqurmrnrorurwsascsdsesgsiskslsmsnsosqsrssstsusvswtatetgthtitktltntotrtstttwtyugukur"
    "uzvevivowawoxhyiyozazhzu";

std::string language_of(Json item) {
  auto id = json_count(item, "language_id").value_or(0);
  if (id < 1 || static_cast<std::size_t>(id) * 2 > languages.size()) return {};
  return std::string(languages.substr((static_cast<std::size_t>(id) - 1) * 2, 2));
}

/// The first of several names of one field: v3's, v4's, PieFed's.
std::string any_text(Json object, std::initializer_list<std::string_view> names) {
  for (auto name : names)
    if (auto text = json_text(object, name); !text.empty()) return text;
  return {};
}

/// PieFed writes 1970 where it does not want to say.
std::optional<sys_ms> any_time(Json object, std::initializer_list<std::string_view> names) {
  auto time = read_rfc3339(any_text(object, names));
  return time && *time > sys_ms(std::chrono::days(1)) ? time : std::nullopt;
}

bool is_comment(Json view) { return json_member(view, "comment").has_value(); }

std::optional<Json> item_of(Json view) { return json_member(view, is_comment(view) ? "comment" : "post"); }

LemmyApi api_of(Json view, Json item) {
  if (json_member(item, is_comment(view) ? "body" : "title")) return LemmyApi::piefed;
  return json_member(view, "counts") ? LemmyApi::v3 : LemmyApi::v4;
}

Author read_author(Json creator, const std::string& observer) {
  Author author;
  auto user = any_text(creator, {"name", "user_name"});
  if (user.empty()) return author;
  auto home = host_of(any_text(creator, {"actor_id", "ap_id"}));
  author.key = fold(user + "@" + (home.empty() ? observer : home));
  author.name = any_text(creator, {"display_name", "title", "name", "user_name"});
  author.bot = json_flag(creator, "bot_account");
  if (!author.bot) author.bot = json_flag(creator, "bot");
  author.opted_out = asks_to_be_left_out(any_text(creator, {"bio", "about"}));
  return author;
}

bool is_medium(Json post) {
  auto type = json_text(post, "url_content_type"), form = json_text(post, "post_type");
  return type.starts_with("image/") || type.starts_with("video/") || type.starts_with("audio/") || form == "Image" ||
         form == "Video" || !json_text(post, "embed_video_url").empty();
}

/// PieFed keeps hashtags apart, "#one, #two"; those its author typed count as well.
void read_tags(const std::string& tags, Post& post) {
  if (tags.find('#') == tags.npos) return;
  post.tags = hashtags_in(fold(tags + "\n" + post.title + "\n" + post.text));
}

void read_words(Json view, Json item, Post& post) {
  auto prose = read_markdown(any_text(item, {"body", "content"}));
  post.text = std::move(prose.text);
  post.alt_text = std::move(prose.alt_text);
  post.links = std::move(prose.links);
  post.media_count = prose.images;
  if (is_comment(view)) return;
  post.title = any_text(item, {"name", "title"});
  if (auto alt = json_text(item, "alt_text"); !alt.empty()) post.alt_text += alt + "\n";
  auto link = json_text(item, "url");
  if (is_medium(item))
    ++post.media_count;
  else if (!host_of(link).empty())
    post.links.push_back(std::move(link));
  read_tags(json_text(item, "tags"), post);
}

Failure refuse(std::string why) { return {Failure::malformed, std::move(why)}; }

}  // namespace

std::string_view why_gone(Json view) {
  auto item = item_of(view);
  if (item && json_flag(*item, "deleted").value_or(false)) return "deleted by its author";
  if (item && json_flag(*item, "removed").value_or(false)) return "removed by a moderator";
  return {};
}

Result<Finding> read_lemmy_view(Json view, const std::string& observer) {
  auto item = item_of(view);
  if (!item || !item->is_object()) return refuse("no post or comment");
  auto creator = json_member(view, "creator");
  LemmyId id{api_of(view, *item), is_comment(view), json_text(*item, "id")};
  Finding finding;
  Post& post = finding.post;
  post.uri = json_text(*item, "ap_id");
  if (id.number.empty() || post.uri.empty() || !creator) return refuse("it lacks id, ap_id or creator");
  if (auto why = why_gone(view); !why.empty()) return refuse(std::string(why));
  finding.local_id = local_id_of(id);
  post.platform = "lemmy";
  post.host = host_of(post.uri);
  if (post.host.empty()) return refuse("its ap_id is no address");
  post.url = post.uri;
  post.author = read_author(*creator, observer);
  if (post.author.key.empty()) return refuse("no author");
  post.kind = id.comment ? Kind::reply : Kind::original;
  post.published = any_time(*item, {"published", "published_at"});
  post.edited = any_time(*item, {"updated", "updated_at", "edited_at"});
  if (id.api != LemmyApi::piefed) post.language = language_of(*item);
  read_words(view, *item, post);
  auto counts = json_member(view, "counts").value_or(*item);
  finding.counters.likes = json_count(counts, "upvotes");
  finding.counters.replies = json_count(counts, id.comment ? "child_count" : "comments");
  if (post.host != observer) finding.home_id = lemmy_id_at_home(post.uri);
  name_original(finding);
  return finding;
}

Result<LemmyHits> read_lemmy_hits(std::string_view body, bool comments, const std::string& observer) {
  LemmyHits hits;
  bool is_list = false;
  std::string_view asked = comments ? "comments" : "posts", other = comments ? "posts" : "comments";
  auto keep = [&](Json view) {
    auto finding = read_lemmy_view(view, observer);
    auto item = item_of(view);
    if (finding)
      hits.found.push_back(std::move(*finding));
    else
      hits.refused.push_back({item ? json_text(*item, "id") : std::string(), finding.error().message});
  };
  auto keep_asked = [&](Json view) {
    keep(view);
    auto item = item_of(view);
    hits.ids.push_back(item ? json_text(*item, "id") : std::string());
    auto published = item ? any_time(*item, {"published", "published_at"}) : std::nullopt;
    if (published) hits.last = published;
  };
  auto use = [&](Json document) {
    auto list = json_member(document, asked);
    is_list = list && list->is_array();
    hits.next = json_text(document, "next_page");
  };
  auto bad = [&](std::size_t place, std::string why) {
    hits.refused.push_back({fmt::format("item {}", place + 1), std::move(why)});
    hits.ids.emplace_back();
  };
  if (auto read = read_json_list(body, asked, use, keep_asked, bad); !read) return read.error();
  if (!is_list) return refuse(fmt::format("{} sent no list of {}", observer, asked));
  if (auto also = read_json_list(
          body, other, [](Json) {}, keep, [](std::size_t, std::string) {});
      !also)
    return hits;
  return hits;
}

Result<std::string> parse_lemmy(const std::string& body, const ParseHints& hints) {
  Page page;
  auto observer = host_of(hints.url).empty() ? std::string("localhost") : host_of(hints.url);
  auto hits = read_lemmy_hits(body, false, observer);
  if (!hits) hits = read_lemmy_hits(body, true, observer);
  if (hits) {
    page.found = std::move(hits->found);
    page.refused = std::move(hits->refused);
    return boost::json::serialize(to_json(page));
  }
  auto use = [&](Json document) {
    auto view = json_member(document, "comment_view");
    if (!view) view = json_member(document, "post_view");
    auto finding = read_lemmy_view(view.value_or(document), observer);
    if (finding)
      page.found.push_back(std::move(*finding));
    else
      page.refused.push_back({"", finding.error().message});
  };
  if (auto read = read_json(body, use); !read) return read.error();
  return boost::json::serialize(to_json(page));
}

}  // namespace campaignd
