#include "connectors/platforms/bluesky_post.hpp"

#include <algorithm>

#include "connectors/reading/bridges.hpp"
#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/html.hpp"
#include "connectors/reading/opt_out.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::size_t most_names = 100;  // tags, links: a post of 300 characters has no more

void add_once(std::vector<std::string>& list, std::string text) {
  if (text.empty() || list.size() >= most_names || std::ranges::find(list, text) != list.end()) return;
  list.push_back(std::move(text));
}

std::optional<simdjson::dom::array> list_in(Json object, std::string_view key) {
  auto list = json_member(object, key);
  if (!list || !list->is_array()) return std::nullopt;
  return simdjson::dom::array(*list);
}

std::string text_of(Json element) {
  std::string_view text;
  return element.get(text) == simdjson::SUCCESS ? std::string(text) : std::string{};
}

/// Whether a label asks that the account or post be hidden from those without a login, or says it is automated.
struct Labels {
  bool hides_from_visitors = false, automated = false;
};

/// A label may be taken back (`neg`). Who is a bot only the account itself can say; any label that asks to be left out
/// is heeded, whoever set it.
Labels read_labels(Json owner, const std::string& did) {
  Labels out;
  auto labels = list_in(owner, "labels");
  if (!labels) return out;
  for (Json label : *labels) {
    if (json_flag(label, "neg").value_or(false)) continue;
    auto value = json_text(label, "val");
    out.hides_from_visitors |= value == "!no-unauthenticated";
    out.automated |= value == "bot" && json_text(label, "src") == did;
  }
  return out;
}

/// The labels an author puts on a record stand in it as {"values": [{"val"}]}.
bool labels_itself_hidden(Json record) {
  auto labels = json_member(record, "labels");
  auto values = labels ? list_in(*labels, "values") : std::nullopt;
  if (!values) return false;
  return std::ranges::any_of(*values, [](Json each) { return json_text(each, "val") == "!no-unauthenticated"; });
}

// Clients show no facet whose bytes lie outside the text, but hashtag pages and search list the post under it all the
// same: so where it stands does not matter.
void read_facets(Json record, Post& post, std::vector<std::string>& tags) {
  auto facets = list_in(record, "facets");
  if (!facets) return;
  for (Json facet : *facets) {
    auto features = list_in(facet, "features");
    if (!features) continue;
    for (Json feature : *features) {
      auto type = json_text(feature, "$type");
      if (type == "app.bsky.richtext.facet#tag") add_once(tags, json_text(feature, "tag"));
      if (type == "app.bsky.richtext.facet#link") add_once(post.links, json_text(feature, "uri"));
    }
  }
}

void read_tags(Json record, Post& post) {
  std::vector<std::string> tags;
  read_facets(record, post, tags);
  if (auto more = list_in(record, "tags"))
    for (Json each : *more) add_once(tags, text_of(each));
  // Programs post without facets; then a '#' in the text is all there is to go by.
  if (!tags.empty()) post.tags = std::move(tags);
}

void read_medium(Json medium, Post& post) {
  ++post.media_count;
  if (auto alt = json_text(medium, "alt"); !alt.empty()) post.alt_text += alt + "\n";
}

/// Images, a gallery, a video or a link's card.
void read_media(Json embed, Post& post) {
  for (std::string_view key : {"images", "items", "media"})
    if (auto list = list_in(embed, key))
      for (Json each : *list) read_medium(each, post);
  if (json_text(embed, "$type").starts_with("app.bsky.embed.video")) read_medium(embed, post);
  if (auto card = json_member(embed, "external")) add_once(post.links, json_text(*card, "uri"));
}

/// Whether an embedded record is a post; feeds, lists and starter packs are embedded likewise. With media beside it
/// the reference lies one deeper.
bool quotes_a_post(Json embed) {
  auto record = json_member(embed, "record");
  if (!record) return false;
  if (auto inner = json_member(*record, "record")) record = inner;
  return read_post_uri(json_text(*record, "uri")).has_value();
}

void read_embed(Json record, Post& post) {
  auto embed = json_member(record, "embed");
  if (!embed) return;
  read_media(*embed, post);
  if (auto media = json_member(*embed, "media"); media && media->is_object()) read_media(*media, post);
  if (post.kind == Kind::original && quotes_a_post(*embed)) post.kind = Kind::quote;
}

/// Bluesky takes 300 characters; the bridge keeps the rest beside them.
void read_original(Json record, Post& post) {
  auto html = json_text(record, "bridgyOriginalText");
  if (html.empty()) return;
  auto whole = read_html(html);
  post.text = std::move(whole.text);
  for (auto& link : whole.links) add_once(post.links, std::move(link));
}

Failure refuse(std::string why) { return {Failure::malformed, std::move(why)}; }

}  // namespace

void read_profile(Json profile, Author& author) {
  auto handle = fold(json_text(profile, "handle"));
  if (handle != "handle.invalid" && is_at_name(handle)) author.handle = std::move(handle);
  if (auto name = json_text(profile, "displayName"); !name.empty()) author.name = std::move(name);
  if (auto followers = json_count(profile, "followersCount")) author.followers = followers;
  if (asks_to_be_left_out(json_text(profile, "description"))) author.opted_out = true;
  if (!json_member(profile, "labels")) return;
  auto labels = read_labels(profile, author.key);
  author.bot = labels.automated;
  author.opted_out = author.opted_out || labels.hides_from_visitors;
}

Result<Finding> read_post_record(Json record, const std::string& uri) {
  auto name = read_post_uri(uri);
  if (!name) return refuse("no address of a post");
  if (!record.is_object()) return refuse("not an object");
  auto type = json_text(record, "$type");
  if (!type.empty() && type != "app.bsky.feed.post") return refuse("no post: " + cut(clean_utf8(type), 100));

  Finding finding;
  Post& post = finding.post;
  finding.local_id = uri;
  post.platform = "bluesky";
  post.host = "bsky.app";
  post.uri = uri;
  post.url = bluesky_page(name->did, name->key);  // with the DID: handles change
  post.aliases.push_back(post.url);
  post.author.key = name->did;
  post.author.opted_out = labels_itself_hidden(record);
  post.published = read_rfc3339(json_text(record, "createdAt"));
  post.text = json_text(record, "text");
  if (auto languages = list_in(record, "langs"); languages && languages->size() > 0)
    post.language = text_of(languages->at(0));
  if (json_member(record, "reply")) post.kind = Kind::reply;
  read_tags(record, post);
  read_embed(record, post);
  return finding;
}

Result<Finding> read_post_view(Json view) {
  if (!view.is_object()) return refuse("not an object");
  auto uri = json_text(view, "uri");
  auto author = json_member(view, "author");
  auto record = json_member(view, "record");
  if (!author || !record) return refuse("no post: it lacks author or record");
  auto read = read_post_record(*record, uri);
  if (!read) return read.error();
  Post& post = read->post;
  if (json_text(*author, "did") != post.author.key) return refuse("the author is not the one its address names");
  read_profile(*author, post.author);
  if (!post.author.handle.empty()) add_once(post.aliases, bluesky_page(post.author.handle, read_post_uri(uri)->key));
  post.author.opted_out = post.author.opted_out || read_labels(view, post.author.key).hides_from_visitors;
  // What the author says may lie in the future; when it was first seen cannot.
  auto seen = read_rfc3339(json_text(view, "indexedAt"));
  if (seen) post.published = std::min(post.published.value_or(*seen), *seen);
  read->counters = {json_count(view, "likeCount"), json_count(view, "repostCount"), json_count(view, "quoteCount"),
                    json_count(view, "replyCount"), std::nullopt};
  if (name_bluesky_original(*read, json_text(*record, "bridgyOriginalUrl"))) read_original(*record, post);
  return read;
}

}  // namespace campaignd
