#include "connectors/platforms/telegram_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/pages/document.hpp"
#include "connectors/reading/pages/spaces.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::int64_t largest_count = 1'000'000'000'000;
constexpr std::array<std::string_view, 6> media{
    "tgme_widget_message_photo_wrap",   "tgme_widget_message_video_player",  "tgme_widget_message_roundvideo_player",
    "tgme_widget_message_voice_player", "tgme_widget_message_document_wrap", "tgme_widget_message_sticker_wrap"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The number at the end of "👍3": the emoji stands before it, with or without a text of its own.
std::string_view number_at_end(std::string_view text) {
  auto begin = text.size();
  if (begin > 0 && std::string_view("KMB").find(text[begin - 1]) != std::string_view::npos) --begin;
  while (begin > 0 && (is_digit(text[begin - 1]) || text[begin - 1] == '.')) --begin;
  return text.substr(begin);
}

bool has_word(std::string_view words, std::string_view word) {
  for (auto at = words.find(word); at != words.npos; at = words.find(word, at + 1)) {
    auto end = at + word.size();
    bool begins = at == 0 || space_at(words, at - 1) != 0;
    if (begins && (end == words.size() || space_at(words, end) != 0)) return true;
  }
  return false;
}

/// The elements from a node down that have a class, in document order: asked for once, and not class by class, which
/// would take XPath ten times as long.
class Classes {
 public:
  static Result<Classes> from(const Document& page, Node node) {
    auto nodes = page.select(node, "[class]");
    if (!nodes) return Failure{nodes.error().code, "t.me sent a page that takes too much work to read"};
    Classes out;
    for (Node each : *nodes) out.nodes_.emplace_back(each, attribute_of(each, "class"));
    return out;
  }

  std::vector<Node> all(std::string_view word) const {
    std::vector<Node> out;
    for (const auto& [node, words] : nodes_)
      if (has_word(words, word)) out.push_back(node);
    return out;
  }
  Node first(std::string_view word) const {
    auto found = std::ranges::find_if(nodes_, [&](const auto& each) { return has_word(each.second, word); });
    return found == nodes_.end() ? nullptr : found->first;
  }
  bool has(std::string_view word) const { return first(word) != nullptr; }
  std::string text(std::string_view word) const {
    auto node = first(word);
    return node == nullptr ? std::string{} : std::string(trimmed(flow_of(node).text));
  }

 private:
  std::vector<std::pair<Node, std::string>> nodes_;
};

/// The channel's name and the number of "Name/123"; both empty for anything else.
std::pair<std::string, std::string> split_name(const std::string& post) {
  auto slash = post.find('/');
  if (slash == 0 || slash == post.npos) return {};
  auto name = post.substr(0, slash), id = post.substr(slash + 1);
  auto is_name = [](char c) { return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_'; };
  bool readable = name.size() <= 64 && std::ranges::all_of(name, is_name) && !id.empty() && id.size() <= 15 &&
                  id.front() != '0' && std::ranges::all_of(id, is_digit);
  if (!readable) return {};
  return {name, id};
}

/// All reactions but paid ones, which count stars and no people.
std::optional<std::int64_t> count_reactions(const Classes& message) {
  std::optional<std::int64_t> sum;
  for (Node each : message.all("tgme_reaction")) {
    if (has_word(attribute_of(each, "class"), "tgme_reaction_paid")) continue;
    auto text = flow_of(each).text;
    auto count = read_short_number(number_at_end(trimmed(text)));
    if (count) sum = std::min(sum.value_or(0) + *count, largest_count);
  }
  return sum;
}

void read_text(const Classes& message, Post& post) {
  if (Node node = message.first("tgme_widget_message_text")) {
    auto flow = flow_of(node);
    post.text = trimmed(flow.text);
    for (const auto& anchor : flow.anchors)  // hashtags lead to a search of the channel: no address of their own
      if (!host_of(anchor.href).empty()) post.links.push_back(anchor.href);
  }
  auto question = message.text("tgme_widget_message_poll_question");
  if (!question.empty()) post.text += (post.text.empty() ? "" : "\n") + question;
  if (Node preview = message.first("tgme_widget_message_link_preview")) {
    auto target = attribute_of(preview, "href");
    if (!host_of(target).empty() && std::ranges::find(post.links, target) == post.links.end())
      post.links.push_back(target);
  }
}

std::optional<sys_ms> read_time(const Document& page, const Classes& message) {
  Node date = message.first("tgme_widget_message_date");  // players hold a <time> too
  if (date == nullptr) return std::nullopt;
  auto time = page.select(date, "time");
  return time && !time->empty() ? read_rfc3339(attribute_of(time->front(), "datetime")) : std::nullopt;
}

/// The message "Name/123", or why it is none we may keep.
Result<Finding> read_message(const Document& page, const Classes& message, const std::string& name,
                             const std::string& id, const std::string& account) {
  Finding finding;
  Post& post = finding.post;
  post.author.key = fold(account.empty() ? name : account);
  finding.local_id = post.author.key + "/" + id;
  post.platform = "telegram";
  post.host = "t.me";
  post.uri = "https://t.me/" + fold(name) + "/" + id;
  post.url = "https://t.me/" + name + "/" + id;
  if (post.url != post.uri) post.aliases.push_back(post.url);
  post.published = read_time(page, message);
  if (!post.published) return Failure{Failure::malformed, "a message without a date"};
  post.author.name = message.text("tgme_widget_message_owner_name");
  if (message.has("tgme_widget_message_reply")) post.kind = Kind::reply;
  read_text(message, post);
  for (auto each : media) post.media_count += static_cast<int>(message.all(each).size());
  finding.counters.views = read_short_number(message.text("tgme_widget_message_views"));
  finding.counters.likes = count_reactions(message);
  return finding;
}

/// Why a message is no post of the channel; empty: it is one.
std::string_view other_than_post(const Classes& message) {
  if (message.has("service_message")) return "Telegram's own message";
  if (message.has("tgme_widget_message_forwarded_from")) return "forwarded: a post of another";
  return {};
}

Result<std::optional<std::int64_t>> count_subscribers(const Document& page, const Classes& all) {
  for (Node each : all.all("tgme_channel_info_counter")) {
    auto counter = Classes::from(page, each);
    if (!counter) return counter.error();
    if (counter->text("counter_type").starts_with("subscriber"))
      return read_short_number(counter->text("counter_value"));
  }
  return std::optional<std::int64_t>{};
}

bool links_to_older(const Document& page, Node root, const Classes& all) {
  auto more = all.all("tme_messages_more");
  auto leads_back = [](Node link) { return !attribute_of(link, "data-before").empty(); };
  if (std::ranges::any_of(more, leads_back)) return true;
  auto previous = page.select(root, "link[rel=prev]");
  return previous && !previous->empty();
}

/// Puts a message where it belongs on the page.
Result<void> keep_message(const Document& document, Node node, const std::string& account,
                          std::optional<std::int64_t> subscribers, ChannelPage& page) {
  auto post = attribute_of(node, "data-post");
  auto [name, id] = split_name(post);
  if (id.empty()) {
    page.refused.push_back({cut(post, 60), "a message without a readable number"});
    return {};
  }
  auto message = Classes::from(document, node);
  if (!message) return message.error();
  page.ids.push_back(id);
  if (auto why = other_than_post(*message); !why.empty()) {
    page.others.push_back({id, std::string(why)});
    return {};
  }
  auto finding = read_message(document, *message, name, id, account);
  if (!finding) {
    page.refused.push_back({id, finding.error().message});
    return {};
  }
  finding->post.author.followers = subscribers;
  page.found.push_back(std::move(*finding));
  return {};
}

}  // namespace

std::optional<std::int64_t> read_short_number(std::string_view text) {
  std::string plain;
  for (char c : plain_spaces(text.substr(0, 60)))
    if (c != ' ') plain += c;
  std::int64_t unit = 1;
  if (!plain.empty() && !is_digit(plain.back())) {
    auto suffix = std::string_view("KMB").find(plain.back());
    if (suffix == std::string_view::npos) return std::nullopt;
    unit = suffix == 0 ? 1'000 : suffix == 1 ? 1'000'000 : 1'000'000'000;
    plain.pop_back();
  }
  auto dot = std::min(plain.find('.'), plain.size());
  auto whole = plain.substr(0, dot), part = dot < plain.size() ? plain.substr(dot + 1) : std::string{};
  bool readable = !whole.empty() && whole.size() <= 12 && part.size() <= 3 &&
                  (part.empty() ? dot == plain.size() : unit > 1) && std::ranges::all_of(whole, is_digit) &&
                  std::ranges::all_of(part, is_digit);
  if (!readable) return std::nullopt;
  std::int64_t value = std::stoll(whole);
  if (value > largest_count / unit) return std::nullopt;
  value *= unit;
  for (char c : part) value += (c - '0') * (unit /= 10);
  return value;
}

Result<ChannelPage> read_channel(std::string_view body, std::string_view content_type, const std::string& account) {
  auto document = Document::parse(body, content_type);
  if (!document) return document.error();
  Node root = parent_of(document->body()) == nullptr ? document->body() : parent_of(document->body());
  auto all = Classes::from(*document, root);
  if (!all) return all.error();
  ChannelPage page;
  page.whole = document->whole();
  page.is_channel = all->has("tgme_channel_info") || all->has("tgme_channel_history");
  page.is_card = all->has("tgme_page");
  page.older = links_to_older(*document, root, *all);
  auto subscribers = count_subscribers(*document, *all);
  if (!subscribers) return subscribers.error();
  for (Node each : all->all("tgme_widget_message")) {
    if (attribute_of(each, "data-post").empty()) continue;
    if (auto kept = keep_message(*document, each, account, *subscribers, page); !kept) return kept.error();
  }
  return page;
}

Request telegram_request(const std::string& channel, const std::string& below) {
  Request request("https://t.me/s/" + percent_encode(channel) + (below.empty() ? "" : "?before=" + below));
  request.bucket = "telegram";
  request.headers.emplace_back("accept", "text/html");
  request.headers.emplace_back("accept-language", "en");  // words and numbers are written in the reader's language
  request.follows_redirects = false;                      // a channel without a preview redirects to its card
  return request;
}

std::optional<Failure> telegram_failure(const Answer& answer, const std::string& channel) {
  if (answer.status >= 300 && answer.status < 400)
    return Failure{Failure::refused,
                   fmt::format("t.me shows no preview of the channel {}: it is private, it is none, or "
                               "its preview is turned off",
                               channel)};
  if (answer.status != 200) return standard_failure(answer);
  return std::nullopt;
}

}  // namespace campaignd
