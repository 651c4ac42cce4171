#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "connectors/platforms/activitypub_object.hpp"
#include "connectors/platforms/mastodon_pager.hpp"
#include "connectors/platforms/mastodon_status.hpp"
#include "connectors/reading/feeds/manners.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

bool is_address(std::string_view id) { return id.starts_with("https://"); }

/// Snowflakes are numbers; Pleroma's ids are not, and its batches go by another name.
std::string_view batch_parameter(const std::deque<PostRef>& posts) {
  bool all_numbers = std::ranges::all_of(
      posts, [](const PostRef& post) { return post.local_id.find_first_not_of("0123456789") == std::string::npos; });
  return all_numbers ? "id[]" : "ids[]";
}

/// The API's own word: {"error": "Record not found"}. Other software has objects there, or pages.
bool says_not_found(const Answer& answer) {
  return (answer.status == 404 || answer.status == 410) && says_error(answer);
}

bool says_server_is_down(int status) { return status == 429 || (status >= 502 && status <= 504); }

class StatusMeasure final : public Job {
 public:
  StatusMeasure(std::vector<PostRef> posts, std::shared_ptr<Session> session) : session_(std::move(session)) {
    for (auto& post : posts) (is_address(post.local_id) ? objects_ : batch_).push_back(std::move(post));
    host_ = (batch_.empty() ? objects_ : batch_).front().host;
  }

  Request ask(sys_ms) override {
    auto statuses = "https://" + host_ + "/api/v1/statuses";
    switch (step()) {
      case Step::batch: return api_request(statuses + batch_query(), session_);
      case Step::single: return api_request(statuses + "/" + percent_encode(singles_.front().local_id), session_);
      case Step::object: return ask_object(address_of(objects_.front()));
      default: return api_request("https://" + host_ + "/.well-known/nodeinfo");
    }
  }

  Result<Page> read(const Answer& answer) override {
    auto step_asked = step();
    bool is_challenged = is_challenge(answer);
    if (says_server_is_down(answer.status) || is_challenged) return standard_failure(answer);
    switch (step_asked) {
      case Step::batch: return read_batch(answer);
      case Step::single: return read_single(answer);
      case Step::object: return read_object_of(answer);
      default: return read_nodeinfo(answer);
    }
  }

 private:
  enum class Step { batch, single, object, doubt };

  Step step() const {
    if (!batch_.empty()) return Step::batch;
    if (!singles_.empty()) return Step::single;
    return objects_.empty() ? Step::doubt : Step::object;
  }

  static const std::string& address_of(const PostRef& post) {
    return is_address(post.local_id) ? post.local_id : post.uri;
  }

  std::string batch_query() const {
    std::string out;
    auto name = batch_parameter(batch_);
    for (const auto& post : batch_)
      out += fmt::format("{}{}={}", out.empty() ? '?' : '&', name, percent_encode(post.local_id));
    return out;
  }

  static PostRef taken(std::deque<PostRef>& from) {
    auto post = std::move(from.front());
    from.pop_front();
    return post;
  }

  /// A 404 counts where the host has shown another of its posts.
  Page finished(Page page) {
    showed_any_ = showed_any_ || !page.readings.empty();
    bool asked_all = batch_.empty() && singles_.empty() && objects_.empty();
    if (asked_all && showed_any_) believe_not_found(page);
    page.more = !asked_all || !not_found_.empty();
    return page;
  }

  void believe_not_found(Page& page) {
    for (auto& post : not_found_) page.gone.push_back({std::move(post), "answered 404"});
    not_found_.clear();
  }

  /// The API does not show it: perhaps this is a server that has another one, or shows it to those who log in. What it
  /// shows to other servers, it shows to us.
  void ask_for_object(PostRef post, std::string why, Page& page) {
    if (is_address(post.uri))
      objects_.push_back(std::move(post));
    else
      page.refused.push_back({post.local_id, std::move(why)});
  }

  Result<Page> read_batch(const Answer& answer) {
    if (answer.status == 200) return read_statuses(answer);
    if (answer.status == 401 && session_) return refused_token(host_);
    bool has_batches = answer.status != 400 && answer.status != 404 && answer.status != 405;
    bool is_readable = std::ranges::any_of(batch_, [](const PostRef& post) { return is_address(post.uri); });
    bool is_closed = wants_login(answer.status) && is_readable;
    if (has_batches && !is_closed) return standard_failure(answer);
    Page page;
    while (!batch_.empty()) {
      if (has_batches)
        ask_for_object(taken(batch_), fmt::format("answered {}", answer.status), page);
      else
        singles_.push_back(taken(batch_));
    }
    return finished(std::move(page));
  }

  Result<Page> read_statuses(const Answer& answer) {
    auto timeline = read_timeline(answer.body, host_);
    if (!timeline) return timeline.error();
    Page page;
    while (!batch_.empty()) {
      auto post = taken(batch_);
      auto same = std::ranges::find(timeline->found, post.local_id, &Finding::local_id);
      bool there = std::ranges::find(timeline->ids, post.local_id) != timeline->ids.end() || timeline->nameless;
      if (same != timeline->found.end())
        page.readings.push_back({std::move(post), same->counters, *same});
      else if (!there)
        singles_.push_back(std::move(post));
    }
    page.refused = std::move(timeline->refused);
    return finished(std::move(page));
  }

  Result<Page> read_single(const Answer& answer) {
    auto post = taken(singles_);
    Page page;
    auto said = fmt::format("answered {}", answer.status);
    if (says_not_found(answer)) {
      page.gone.push_back({std::move(post), said});
      return finished(std::move(page));
    }
    Result<Finding> finding = Failure{Failure::malformed, said};
    auto use = [&](Json status) { finding = read_status(status, host_); };
    bool is_status = answer.status == 200 && read_json(answer.body, use).has_value();
    bool speaks_other = answer.status == 404 || answer.status == 410 || (answer.status == 200 && !is_status);
    if (is_status && finding && finding->local_id == post.local_id)
      page.readings.push_back({std::move(post), finding->counters, std::move(*finding)});
    else if (is_status && finding)
      page.refused.push_back({post.local_id, "another status was shown"});
    else if (speaks_other || wants_login(answer.status))
      ask_for_object(std::move(post), said, page);
    else  // one post that cannot be shown must not hold up the others
      page.refused.push_back({post.local_id, finding.error().message});
    return finished(std::move(page));
  }

  Result<Page> read_object_of(const Answer& answer) {
    auto post = taken(objects_);
    auto object = read_object(answer, address_of(post));
    Page page;
    switch (object.kind) {
      case ObjectAnswer::shown: page.readings.push_back({std::move(post), object.counters, std::nullopt}); break;
      case ObjectAnswer::gone: page.gone.push_back({std::move(post), std::move(object.why)}); break;
      case ObjectAnswer::not_found: not_found_.push_back(std::move(post)); break;
      default: page.refused.push_back({post.local_id, std::move(object.why)});
    }
    return finished(std::move(page));
  }

  /// Whether a server of the network still stands there, and not a parked domain or a front page that knows nothing.
  Page read_nodeinfo(const Answer& answer) {
    bool is_server = false;
    auto use = [&](Json document) {
      auto links = json_member(document, "links");
      is_server = links && links->is_array();
    };
    bool readable = answer.status == 200 && read_json(answer.body, use).has_value();
    Page page;
    if (readable && is_server) believe_not_found(page);
    for (auto& post : std::exchange(not_found_, {}))
      page.refused.push_back({post.local_id, "answered 404, and nothing says that a server still stands there"});
    return page;
  }

  const std::shared_ptr<Session> session_;
  std::string host_;
  std::deque<PostRef> batch_, singles_, objects_;  ///< still to be asked for: together, one by one, as objects
  std::vector<PostRef> not_found_;                 ///< objects that answered 404
  bool showed_any_ = false;
};

}  // namespace

std::unique_ptr<Job> measure_statuses(std::vector<PostRef> posts, std::shared_ptr<Session> session) {
  return std::make_unique<StatusMeasure>(std::move(posts), std::move(session));
}

}  // namespace campaignd
