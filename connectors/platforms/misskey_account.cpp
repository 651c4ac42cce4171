#include <fmt/format.h>

#include <boost/json.hpp>

#include "connectors/platforms/fediverse_account.hpp"
#include "connectors/platforms/mastodon_pager.hpp"
#include "connectors/platforms/misskey_note.hpp"
#include "connectors/reading/newest_first.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr auto look_up_every = std::chrono::days(1);
constexpr int page_size = 50;

/// An account as its server shows it.
struct Profile {
  std::string id, user;
  std::string moved;  ///< the address of the account that follows it
  bool suspended = false, silenced = false;
  std::optional<std::int64_t> followers;
};

/// A number that the account does not show is written as zero.
std::optional<std::int64_t> followers_of(Json account) {
  auto count = json_count(account, "followersCount");
  auto shown_to = json_text(account, "followersVisibility");
  if (shown_to.empty()) shown_to = json_text(account, "ffVisibility");  // before 2023.12
  bool hidden = !shown_to.empty() && shown_to != "public";
  return count == 0 && hidden ? std::nullopt : count;
}

Profile read_profile(Json account) {
  Profile out{json_text(account, "id"), fold(json_text(account, "username"))};
  out.moved = cut(clean_utf8(json_text(account, "movedTo")), 200);
  out.suspended = json_flag(account, "isSuspended").value_or(false);
  out.silenced = json_flag(account, "isSilenced").value_or(false);
  out.followers = followers_of(account);
  return out;
}

class AccountPoll final : public Job {
 public:
  AccountPoll(SourceSettings source, const Cursor& cursor)
      : source_(at_home_unless_told(std::move(source))),
        name_(full_name(source_)),
        user_(name_.substr(0, name_.find('@'))),
        home_(name_.substr(name_.find('@') + 1)),
        server_(source_.host, cursor.position),
        pages_(source_, cursor.position, text_before),
        id_(position_text(cursor.position, "account")),
        notice_(position_text(cursor.position, "notice")),
        looked_up_(position_time(cursor.position, "looked")) {
    if (!position_text(cursor.position, "followers").empty())
      followers_ = position_number(cursor.position, "followers");
  }

  Request ask(sys_ms now) override {
    now_ = now;
    if (server_.is_due(now)) {
      auto request = server_.ask(now);
      request.bucket = "misskey";
      return request;
    }
    looks_up_ = id_.empty() || now - looked_up_ >= look_up_every;
    return looks_up_ ? look_up() : misskey_request(source_.host, "users/notes", question());
  }

  Result<Page> read(const Answer& answer) override {
    if (server_.is_asking()) {
      if (auto read = server_.read(answer); !read) return read.error();
      return again();
    }
    if (looks_up_) return read_account(answer);
    if (answer.status != 200) return failure(answer);
    auto list = read_note_page(answer.body, source_.host);
    if (!list) return list.error();
    return finished(read_page(std::move(*list)));
  }

 private:
  Request look_up() const {
    boost::json::object question{{"username", user_}};
    if (home_ != fold(source_.host)) question["host"] = home_;  // a server's own people go without a host
    return misskey_request(source_.host, "users/show", question);
  }

  boost::json::object question() const {
    boost::json::object out{{"userId", id_}, {"limit", page_size}, {"withReplies", true}, {"withRenotes", false}};
    if (!pages_.below().empty()) out["untilId"] = pages_.below();
    return out;
  }

  Result<Page> read_account(const Answer& answer) {
    if (answer.status != 200) return failure(answer);
    Profile profile;
    if (auto read = read_json(answer.body, [&](Json account) { profile = read_profile(account); }); !read)
      return read.error();
    if (profile.id.empty())
      return Failure{Failure::malformed, fmt::format("{} answered without the account {}", source_.host, name_)};
    if (profile.user != user_) return unknown();
    if (profile.suspended)
      return Failure{Failure::refused,
                     fmt::format("{} has suspended {}: its notes are not shown", source_.host, name_)};
    // A server made anew: the old ids say nothing.
    if (!id_.empty() && profile.id != id_) pages_ = NewestFirst(source_, {}, text_before);
    id_ = profile.id;
    followers_ = profile.followers;
    notice_ = notice_of(profile);
    looked_up_ = now_;
    return again();
  }

  std::string notice_of(const Profile& profile) const {
    if (!profile.moved.empty())
      return fmt::format("{} has moved to {}: add that account to the configuration", name_, profile.moved);
    if (profile.silenced) return fmt::format("{} has silenced {}: public lists do not show it", source_.host, name_);
    return {};
  }

  Page read_page(NoteList list) {
    Page page;
    page.refused = std::move(list.refused);
    for (auto& each : list.found) {
      auto& author = each.post.author;
      if (author.key == name_) {
        if (followers_) author.followers = followers_;
        page.found.push_back(std::move(each));
      } else {
        page.refused.push_back({each.local_id, "a note of another account"});
      }
    }
    bool empty = list.ids.empty();
    shown_ = shown_ || !empty;
    bool proves = shown_ || shows_visitors_all(server_.software());
    return pages_.read(std::move(page), list.ids, empty && proves);
  }

  Failure failure(const Answer& answer) const {
    auto code = error_code(answer);
    if (code == "NO_SUCH_USER" || code == "FAILED_TO_RESOLVE_REMOTE_USER") return unknown();
    return misskey_failure(answer, source_.host, name_);
  }

  Failure unknown() const {
    return {Failure::gone,
            fmt::format("{} knows no account {}: check its name in the configuration", source_.host, name_)};
  }

  Page again() const {
    Page page;
    page.more = true;
    return finished(std::move(page));
  }

  Page finished(Page page) const {
    page.cursor.position =
        fmt::format("{}&account={}&looked={}&followers={}&notice={}", pages_.position(), percent_encode(id_),
                    looked_up_.time_since_epoch().count(), followers_ ? std::to_string(*followers_) : std::string{},
                    percent_encode(notice_)) +
        server_.position();
    page.software = server_.software();
    if (!page.more && !notice_.empty()) page.refused.push_back({"", notice_});
    return page;
  }

  const SourceSettings source_;
  const std::string name_, user_, home_;  ///< user@host in lower case, and its parts
  ServerKind server_;
  NewestFirst pages_;
  std::string id_, notice_;
  std::optional<std::int64_t> followers_;
  sys_ms looked_up_, now_{};
  bool looks_up_ = false;
  bool shown_ = false;  ///< this poll was shown a note
};

}  // namespace

std::unique_ptr<Job> poll_misskey_account(SourceSettings source, const Cursor& cursor) {
  return std::make_unique<AccountPoll>(std::move(source), cursor);
}

}  // namespace campaignd
