#include "connectors/platforms/mastodon_account.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/platforms/fediverse_account.hpp"
#include "connectors/platforms/mastodon_pager.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr auto look_up_every = std::chrono::days(1);
constexpr std::size_t page_size = 40;

/// An account as the server shows it.
struct Profile {
  std::string id, user;
  std::string moved;  ///< the account that follows it
  bool suspended = false, limited = false;
};

Profile read_profile(Json account) {
  auto name = json_text(account, "username");
  if (name.empty()) name = json_text(account, "acct");
  Profile out{json_text(account, "id"), fold(name.substr(0, name.find('@')))};
  if (auto moved = json_member(account, "moved")) out.moved = cut(fold(json_text(*moved, "acct")), 100);
  out.suspended = json_flag(account, "suspended").value_or(false);
  out.limited = json_flag(account, "limited").value_or(false);
  return out;
}

class AccountPoll final : public Job {
 public:
  AccountPoll(SourceSettings source, const Cursor& cursor)
      : source_(at_home_unless_told(std::move(source))),
        name_(full_name(source_)),
        user_(name_.substr(0, name_.find('@'))),
        server_(source_.host, cursor.position),
        pager_(source_, cursor),
        id_(position_text(cursor.position, "account")),
        notice_(position_text(cursor.position, "notice")),
        looked_up_(position_time(cursor.position, "looked")) {}

  Request ask(sys_ms now) override {
    now_ = now;
    if (server_.is_due(now)) return server_.ask(now);
    if (step_ == Step::list && (id_.empty() || now - looked_up_ >= look_up_every)) step_ = Step::look_up;
    auto accounts = "https://" + source_.host + "/api/v1/accounts/";
    switch (step_) {
      case Step::look_up: return api_request(accounts + "lookup?acct=" + percent_encode(local_name()));
      case Step::by_name: return api_request(accounts + percent_encode(local_name()));
      default:
        return pager_.ask(
            fmt::format("{}{}/statuses?limit={}&exclude_reblogs=true", accounts, percent_encode(id_), page_size), now);
    }
  }

  Result<Page> read(const Answer& answer) override {
    if (server_.is_asking()) {
      if (auto read = server_.read(answer); !read) return read.error();
      return then(Step::list);
    }
    if (step_ != Step::list) return read_account(answer);
    if (answer.status == 304) return finished(pager_.read_unchanged(answer));
    if (wants_login(answer.status)) return needs_login(answer);
    if (answer.status == 404 || answer.status == 410) return unknown();
    if (answer.status != 200) return standard_failure(answer);
    auto timeline = read_list(answer, source_.host);
    if (!timeline) return timeline.error();
    keep_own(*timeline);
    return finished(pager_.read(std::move(*timeline), answer));
  }

 private:
  enum class Step { look_up, by_name, list };

  /// The account as this server names it: its own people go without a host.
  std::string local_name() const { return name_ == user_ + "@" + fold(source_.host) ? user_ : name_; }

  Page then(Step step) {
    step_ = step;
    Page page;
    page.more = true;
    return finished(std::move(page));
  }

  Page finished(Page page) {
    page.cursor = pager_.cursor(fmt::format("&account={}&looked={}&notice={}", percent_encode(id_),
                                            looked_up_.time_since_epoch().count(), percent_encode(notice_)) +
                                server_.position());
    page.software = server_.software();
    if (!page.more && !notice_.empty()) page.refused.push_back({"", notice_});
    return page;
  }

  Result<Page> read_account(const Answer& answer) {
    // Not all servers have a look-up, and Pleroma takes a name for an id. Mastodon has one.
    bool may_lack_look_up = answer.status == 400 || answer.status == 404 || answer.status == 405;
    bool is_mastodon = server_.software().starts_with("mastodon");
    if (step_ == Step::look_up && may_lack_look_up && !is_mastodon) return then(Step::by_name);
    if (may_lack_look_up || answer.status == 410) return unknown();
    if (wants_login(answer.status) && !id_.empty()) return looked_up();  // the posts may be open all the same
    if (wants_login(answer.status)) return needs_login(answer);
    if (answer.status != 200) return standard_failure(answer);
    Profile profile;
    if (auto read = read_json(answer.body, [&](Json account) { profile = read_profile(account); }); !read)
      return read.error();
    if (profile.id.empty())
      return Failure{Failure::malformed, fmt::format("{} answered without the account {}", source_.host, name_)};
    if (profile.user != user_) return unknown();
    if (profile.suspended)  // its list is empty, which would look as if it were silent
      return Failure{Failure::refused,
                     fmt::format("{} has suspended {}: its posts are not shown", source_.host, name_)};
    if (!id_.empty() && profile.id != id_) pager_ = Pager(source_, {});  // a server made anew: the old ids say nothing
    id_ = profile.id;
    notice_ = notice_of(profile);
    return looked_up();
  }

  Page looked_up() {
    looked_up_ = now_;
    return then(Step::list);
  }

  std::string notice_of(const Profile& profile) const {
    if (!profile.moved.empty()) {
      auto host = profile.moved.find('@') == profile.moved.npos ? "@" + source_.host : std::string{};
      return fmt::format("{} has moved to {}{}: add that account to the configuration", name_, profile.moved, host);
    }
    if (profile.limited) return fmt::format("{} has limited {}: tag timelines do not show it", source_.host, name_);
    return {};
  }

  Failure unknown() const {
    return {Failure::gone,
            fmt::format("{} knows no account {}: check its name in the configuration", source_.host, name_)};
  }

  Failure needs_login(const Answer& answer) const {
    std::string_view always = server_.software().starts_with("gotosocial") ? " (GoToSocial always does so)" : "";
    return {
        Failure::refused,
        fmt::format("{} answered {}: it shows {} to logged-in callers only{}; where the account has a feed, read that",
                    source_.host, answer.status, name_, always)};
  }

  /// Only posts of the account, under the name it is configured with: servers write it without a host, or with the
  /// host of their pages.
  void keep_own(Timeline& timeline) const {
    auto local = user_ + "@" + fold(source_.host);
    std::vector<Finding> own;
    for (auto& each : timeline.found) {
      auto& key = each.post.author.key;
      bool is_boost = std::ranges::find(timeline.ids, each.local_id) == timeline.ids.end();
      // snac shows a post of the account as a boost once anybody has boosted it.
      if (key == name_ || key == local) {
        key = name_;
        own.push_back(std::move(each));
      } else if (!is_boost) {
        timeline.refused.push_back({each.local_id, "a post of another account"});
      }
    }
    timeline.found = std::move(own);
  }

  const SourceSettings source_;
  const std::string name_, user_;  ///< user@host in lower case, and its user
  ServerKind server_;
  Pager pager_;
  std::string id_, notice_;
  sys_ms looked_up_, now_{};
  Step step_ = Step::list;
};

}  // namespace

std::unique_ptr<Job> poll_account(SourceSettings source, const Cursor& cursor) {
  return std::make_unique<AccountPoll>(std::move(source), cursor);
}

}  // namespace campaignd
