#include "connectors/platforms/mastodon_status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "connectors/platforms/mastodon.hpp"
#include "connectors/reading/bridges.hpp"
#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/fediverse.hpp"
#include "connectors/reading/html.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

/// Biographies say #nobot, #nobots or #noindex by convention (privacy: explicit opt-outs).
bool asks_out(Json account) {
  if (json_flag(account, "noindex").value_or(false)) return true;
  auto note = json_text(account, "note");
  if (note.find('#') == note.npos && note.find('&') == note.npos && is_ascii(note)) return false;
  auto tags = hashtags_in(fold(read_html(note).text));
  return std::ranges::any_of(
      tags, [](const std::string& tag) { return tag == "nobot" || tag == "nobots" || tag == "noindex"; });
}

/// The pages in an account's profile of which the server says when it found them to link back.
std::vector<std::string> verified_pages(Json account) {
  constexpr std::size_t most_pages = 20;
  std::vector<std::string> out;
  auto fields = json_member(account, "fields");
  if (!fields || !fields->is_array()) return out;
  for (Json field : simdjson::dom::array(*fields)) {
    if (json_text(field, "verified_at").empty()) continue;
    auto value = read_html(json_text(field, "value"));
    for (auto& link : value.links)
      if (!host_of(link).empty() && out.size() < most_pages) out.push_back(std::move(link));
  }
  return out;
}

Author read_author(Json account, const std::string& observer) {
  Author author;
  auto acct = json_text(account, "acct");
  if (acct.find('@') == acct.npos) acct += "@" + observer;
  author.key = fold(acct);
  author.name = json_text(account, "display_name");
  author.bot = json_flag(account, "bot");
  author.indexable = json_flag(account, "indexable");
  author.followers = json_count(account, "followers_count");
  author.opted_out = asks_out(account);
  author.verified = verified_pages(account);
  return author;
}

Kind kind_of(Json status) {
  if (json_member(status, "in_reply_to_id")) return Kind::reply;
  if (json_member(status, "quote")) return Kind::quote;
  return Kind::original;
}

void read_media(Json status, Post& post) {
  auto media = json_member(status, "media_attachments");
  if (!media || !media->is_array()) return;
  for (Json each : simdjson::dom::array(*media)) {
    ++post.media_count;
    if (auto alt = json_text(each, "description"); !alt.empty()) post.alt_text += alt + "\n";
  }
}

void read_tags(Json status, Post& post) {
  auto tags = json_member(status, "tags");
  if (!tags || !tags->is_array()) return;
  post.tags.emplace();
  for (Json each : simdjson::dom::array(*tags))
    if (auto name = json_text(each, "name"); !name.empty()) post.tags->push_back(std::move(name));
}

/// Pleroma also knows "local" and "list"; servers that do not say show nobody but visitors their public posts.
bool is_public(const std::string& visibility) {
  return visibility.empty() || visibility == "public" || visibility == "unlisted";
}

/// Pleroma and Akkoma keep what Mastodon has no name for, or had none for, apart.
std::optional<std::int64_t> count_quotes(Json status) {
  auto quotes = json_count(status, "quotes_count");
  auto apart = json_member(status, "pleroma");
  return quotes || !apart ? quotes : json_count(*apart, "quotes_count");
}

}  // namespace

Result<Finding> read_status(Json status, const std::string& observer) {
  auto refuse = [](std::string why) { return Failure{Failure::malformed, std::move(why)}; };
  if (!status.is_object()) return refuse("not an object");
  if (auto error = json_text(status, "error"); !error.empty())
    return refuse("the server says: " + cut(clean_utf8(error), 100));
  if (auto boosted = json_member(status, "reblog")) return read_status(*boosted, observer);

  Finding finding;
  Post& post = finding.post;
  finding.local_id = json_text(status, "id");
  post.url = json_text(status, "url");
  post.uri = json_text(status, "uri");
  if (post.uri.empty()) post.uri = post.url;
  auto account = json_member(status, "account");
  if (finding.local_id.empty() || post.uri.empty() || !account) return refuse("no status: it lacks id, uri or account");
  auto visibility = json_text(status, "visibility");
  if (!is_public(visibility)) return refuse("not public: " + cut(clean_utf8(visibility), 20));
  auto handle = json_text(*account, "acct");
  if (handle.empty()) return refuse("no author");

  post.platform = "mastodon";
  post.host = host_of(post.uri);
  if (post.host.empty()) post.host = observer;
  if (host_of(post.url).empty()) post.url = host_of(post.uri).empty() ? std::string{} : post.uri;
  if (post.url != post.uri && is_on_site_of(post.url, post.host)) post.aliases.push_back(post.url);
  post.author = read_author(*account, observer);
  post.kind = kind_of(status);
  post.published = read_rfc3339(json_text(status, "created_at"));
  post.edited = read_rfc3339(json_text(status, "edited_at"));
  post.language = json_text(status, "language");
  auto content = read_html(json_text(status, "content"));
  auto warning = json_text(status, "spoiler_text");
  post.text = warning.empty() ? std::move(content.text) : warning + "\n" + content.text;
  post.links = std::move(content.links);
  read_media(status, post);
  read_tags(status, post);
  finding.counters = {json_count(status, "favourites_count"), json_count(status, "reblogs_count"), count_quotes(status),
                      json_count(status, "replies_count"), std::nullopt};
  if (post.host != observer) finding.home_id = mastodon_id_at_home(post.uri);
  name_original(finding);
  return finding;
}

Result<Timeline> read_timeline(std::string_view body, const std::string& observer) {
  Timeline timeline;
  auto keep = [&](Json item) {
    auto id = json_text(item, "id");
    auto finding = read_status(item, observer);
    if (finding)
      timeline.found.push_back(std::move(*finding));
    else
      timeline.refused.push_back({id, finding.error().message});
    if (id.empty())
      timeline.nameless = true;
    else
      timeline.ids.push_back(std::move(id));
  };
  auto refuse = [&](std::size_t place, std::string why) {
    timeline.refused.push_back({fmt::format("item {}", place + 1), std::move(why)});
    timeline.nameless = true;
  };
  if (auto read = read_json_items(body, keep, refuse); !read) return read.error();
  return timeline;
}

Request api_request(std::string url, const std::shared_ptr<Session>& session) {
  Request request(std::move(url));
  request.bucket = "mastodon";
  request.headers.emplace_back("accept", "application/json");
  if (session) request.headers.emplace_back("authorization", "Bearer " + session->credential);
  return request;
}

bool says_error(const Answer& answer) {
  bool says = false;
  auto use = [&](Json document) { says = !json_text(document, "error").empty(); };
  return read_json(answer.body, use).has_value() && says;
}

Failure refused_token(const std::string& host) {
  return {Failure::refused,
          fmt::format("{} does not take the credential: make a new access token there, with the scope read:statuses, "
                      "and write it into credentials/mastodon-{}",
                      host, host)};
}

Result<std::string> parse_mastodon(const std::string& body, const ParseHints& hints) {
  Page page;
  auto observer = host_of(hints.url).empty() ? std::string("localhost") : host_of(hints.url);
  auto keep = [&](Json item) {
    auto finding = read_status(item, observer);
    if (finding)
      page.found.push_back(std::move(*finding));
    else
      page.refused.push_back({json_text(item, "id"), finding.error().message});
  };
  auto keep_list = [&](Json document, std::string_view key) {
    auto list = json_member(document, key);
    if (!list || !list->is_array()) return false;
    for (Json item : simdjson::dom::array(*list)) keep(item);
    return true;
  };
  auto use = [&](Json document) {
    if (document.is_array()) return;
    bool holds_lists = keep_list(document, "statuses");  // a search
    holds_lists |= keep_list(document, "ancestors");     // a thread
    holds_lists |= keep_list(document, "descendants");
    if (!holds_lists) keep(document);
  };
  auto first = body.find_first_not_of(" \t\r\n");
  bool is_list = first != body.npos && body[first] == '[';
  if (is_list) {
    auto timeline = read_timeline(body, observer);
    if (!timeline) return timeline.error();
    page.found = std::move(timeline->found);
    page.refused = std::move(timeline->refused);
  } else if (auto read = read_json(body, use); !read) {
    return read.error();
  }
  return boost::json::serialize(to_json(page));
}

}  // namespace campaignd
