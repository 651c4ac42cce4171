#include <fmt/format.h>

#include <algorithm>

#include "connectors/platforms/bluesky_api.hpp"
#include "connectors/platforms/bluesky_polls.hpp"
#include "connectors/reading/json_list.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

/// Followers stand in profiles only. The posts come first: a batch whose posts are all gone has nobody to ask about.
class BatchMeasure final : public Job {
 public:
  BatchMeasure(const std::string& host, std::vector<PostRef> posts)
      : posts_(std::move(posts)), host_(appview_of(host)) {}

  Request ask(sys_ms) override {
    std::string method = authors_.empty() ? "app.bsky.feed.getPosts" : "app.bsky.actor.getProfiles";
    char joint = '?';
    auto add = [&](std::string_view name, const std::string& value) {
      method += fmt::format("{}{}={}", joint, name, percent_encode(value));
      joint = '&';
    };
    if (authors_.empty())
      for (const auto& post : posts_) add("uris", post.local_id);
    for (const auto& author : authors_) add("actors", author);
    return ask_appview(host_, method);
  }

  Result<Page> read(const Answer& answer) override {
    if (!authors_.empty()) return with_profiles(answer);
    if (answer.status != 200) return appview_failure(answer, host_);
    auto list = read_posts(answer.body);
    if (!list) return unreadable(list.error(), host_);
    Page page;
    for (const auto& post : posts_) {
      auto same = std::ranges::find(list->found, post.local_id, &Finding::local_id);
      if (same != list->found.end())
        readings_.push_back({post, same->counters, *same});
      else if (!list->uris.contains(post.local_id) && !list->nameless)
        page.gone.push_back({post, "not shown any more: deleted, or its account is deactivated or suspended"});
    }
    for (const auto& each : readings_) authors_.insert(account_of(*each.now));
    page.refused = std::move(list->refused);
    page.more = !readings_.empty();
    return page;
  }

 private:
  /// Whose post it is on Bluesky: of a copy that is the bridge's account, and not the author.
  static std::string account_of(const Finding& finding) {
    auto name = read_post_uri(finding.local_id);
    return name ? name->did : finding.post.author.key;
  }

  /// Of the bridge's account nothing is the author's but the wish to be left out.
  static void learn(Json profile, const std::string& did, Finding& finding) {
    auto& author = finding.post.author;
    if (finding.post.bridge.empty()) return read_profile(profile, author);
    Author account;
    account.key = did;
    read_profile(profile, account);
    author.opted_out = author.opted_out || account.opted_out;
  }

  /// The readings stand without profiles as well.
  Page with_profiles(const Answer& answer) {
    Page page;
    auto keep = [&](Json profile) {
      auto did = json_text(profile, "did");
      for (auto& each : readings_)
        if (account_of(*each.now) == did) learn(profile, did, *each.now);
    };
    auto failure = read_profiles(answer, keep);
    if (failure) page.refused.push_back({"", "followers are not known: " + failure->message});
    page.readings = std::move(readings_);
    return page;
  }

  std::optional<Failure> read_profiles(const Answer& answer, const std::function<void(Json)>& keep) const {
    if (answer.status != 200) return appview_failure(answer, host_);
    auto ignore = [](Json) {};
    auto bad = [](std::size_t, std::string) {};
    auto read = read_json_list(answer.body, "profiles", ignore, keep, bad);
    return read ? std::nullopt : std::optional(unreadable(read.error(), host_));
  }

  const std::vector<PostRef> posts_;
  const std::string host_;
  std::vector<Reading> readings_;
  std::set<std::string> authors_;  ///< not empty: the posts are read, now their profiles
};

}  // namespace

std::unique_ptr<Job> measure_posts(const std::string& host, std::vector<PostRef> posts) {
  return std::make_unique<BatchMeasure>(host, std::move(posts));
}

}  // namespace campaignd
