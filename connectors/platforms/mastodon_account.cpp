#include "connectors/platforms/mastodon_account.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "connectors/platforms/fediverse_account.hpp"
#include "connectors/platforms/mastodon_pager.hpp"
#include "connectors/platforms/server_kind.hpp"
#include "connectors/platforms/webfinger.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::size_t page_size = 40;

FediverseProfile read_profile(Json account, const std::string& host) {
  auto name = json_text(account, "username");
  if (name.empty()) name = json_text(account, "acct");
  FediverseProfile out{json_text(account, "id"), fold(name.substr(0, name.find('@'))), {}, {}};
  if (auto moved = json_member(account, "moved")) out.moved = cut(fold(json_text(*moved, "acct")), 100);
  if (!out.moved.empty() && out.moved.find('@') == out.moved.npos) out.moved += "@" + host;
  out.suspended = json_flag(account, "suspended").value_or(false);
  if (json_flag(account, "limited").value_or(false)) out.withheld = "limited";
  return out;
}

std::string host_asked(const SourceSettings& source, const std::string& position) {
  auto elsewhere = position_text(position, "at");
  return elsewhere.empty() ? source.host : elsewhere;
}

class AccountPoll final : public Job {
 public:
  AccountPoll(SourceSettings source, const Cursor& cursor)
      : source_(at_home_unless_told(std::move(source))),
        host_(host_asked(source_, cursor.position)),
        account_(source_, cursor.position),
        server_(host_, cursor.position, "mastodon"),
        pager_(source_, cursor, session()) {}

  Request ask(sys_ms now) override {
    now_ = now;
    if (server_.is_due(now)) return server_.ask(now);
    if (step_ == Step::list && account_.is_due(now)) step_ = Step::look_up;
    auto accounts = "https://" + host_ + "/api/v1/accounts/";
    switch (step_) {
      case Step::look_up: return api_request(accounts + "lookup?acct=" + percent_encode(local_name()), session());
      case Step::by_name: return api_request(accounts + percent_encode(local_name()), session());
      case Step::elsewhere: return ask_webfinger(account_.user(), account_.home());
      default:
        return pager_.ask(fmt::format("{}{}/statuses?limit={}&exclude_reblogs=true", accounts,
                                      percent_encode(account_.id()), page_size),
                          now);
    }
  }

  Result<Page> read(const Answer& answer) override {
    if (server_.is_asking()) {
      if (auto read = server_.read(answer); !read) return read.error();
      return then(Step::list);
    }
    if (step_ == Step::elsewhere) return read_whereabouts(answer);
    if (step_ != Step::list) return read_account(answer);
    if (answer.status == 304) return finished(pager_.read_unchanged(answer));
    if (wants_login(answer.status)) return needs_login(answer);
    if (answer.status == 404 || answer.status == 410) return account_.unknown(host_);
    if (answer.status != 200) return standard_failure(answer);
    auto timeline = read_list(answer, host_);
    if (!timeline) return timeline.error();
    keep_own(*timeline);
    return finished(pager_.read(std::move(*timeline), answer));
  }

 private:
  enum class Step { look_up, by_name, elsewhere, list };

  bool is_elsewhere() const { return host_ != source_.host; }
  /// A token is for the server it was made at.
  std::shared_ptr<Session> session() const { return is_elsewhere() ? nullptr : source_.session; }

  /// The account as the server names it: its own people go without a host.
  std::string local_name() const {
    bool is_local = is_elsewhere() || account_.home() == fold(host_);
    return is_local ? account_.user() : account_.name();
  }

  Page then(Step step) {
    step_ = step;
    Page page;
    page.more = true;
    return finished(std::move(page));
  }

  Page finished(Page page) const {
    auto at = is_elsewhere() ? "&at=" + percent_encode(host_) : std::string{};
    page.cursor = pager_.cursor(account_.position() + at + server_.position());
    page.software = server_.software();
    account_.tell(page);
    return page;
  }

  Result<Page> read_account(const Answer& answer) {
    // Not all servers have a look-up, and Pleroma takes a name for an id. Mastodon has one.
    bool may_lack_look_up = answer.status == 400 || answer.status == 404 || answer.status == 405;
    if (step_ == Step::look_up && may_lack_look_up && !server_.runs("mastodon")) return then(Step::by_name);
    if (may_lack_look_up || answer.status == 410) return look_elsewhere(account_.unknown(host_));
    if (wants_login(answer.status) && !account_.id().empty()) {
      account_.keep(now_);
      return then(Step::list);
    }
    if (wants_login(answer.status) && is_no_server()) return look_elsewhere(needs_login(answer));
    if (wants_login(answer.status)) return needs_login(answer);
    if (answer.status != 200) return standard_failure(answer);
    FediverseProfile profile;
    auto use = [&](Json account) { profile = read_profile(account, host_); };
    auto read = read_json(answer.body, use);
    if (!read && is_no_server()) return look_elsewhere(read.error());
    if (!read) return read.error();
    auto id = account_.read(profile, host_, now_);
    if (!id) return id.error();
    if (*id == FediverseAccount::Id::another) pager_ = Pager(source_, {}, session());
    return then(Step::list);
  }

  /// Nothing that speaks this API, as far as is known: the website of those whose server has another name.
  bool is_no_server() const { return server_.software().empty() && account_.id().empty(); }

  /// Asks the host in the account's name, once a poll; `otherwise` stands where it knows of no other server. Who is
  /// asked for on a server that the configuration names is not looked for anywhere else.
  Result<Page> look_elsewhere(Failure otherwise) {
    bool may_ask = fold(source_.host) == account_.home() && !otherwise_;
    if (!may_ask) return otherwise;
    otherwise_ = std::move(otherwise);
    return then(Step::elsewhere);
  }

  Result<Page> read_whereabouts(const Answer& answer) {
    if (answer.status == 429 || answer.status >= 500) return standard_failure(answer);
    auto host = answer.status == 200 ? server_in_webfinger(answer.body) : std::string{};
    if (host.empty() || host == fold(host_)) return *otherwise_;
    host_ = std::move(host);
    server_ = ServerKind(host_, {}, "mastodon");
    account_ = FediverseAccount(source_, {});
    pager_ = Pager(source_, {}, session());
    return then(Step::list);
  }

  Failure needs_login(const Answer& answer) const {
    if (answer.status == 401 && session()) return refused_token(host_);
    std::string_view always = server_.runs("gotosocial") ? " (GoToSocial always does so)" : "";
    return {
        Failure::refused,
        fmt::format("{} answered {}: it shows {} to logged-in callers only{}; where the account has a feed, read that",
                    host_, answer.status, account_.name(), always)};
  }

  /// Only posts of the account, under the name it is configured with: servers write it without a host, or with the
  /// host of their pages.
  void keep_own(Timeline& timeline) const {
    auto local = account_.user() + "@" + fold(host_);
    std::vector<Finding> own;
    for (auto& each : timeline.found) {
      auto& key = each.post.author.key;
      bool is_boost = std::ranges::find(timeline.ids, each.local_id) == timeline.ids.end();
      // snac shows a post of the account as a boost once anybody has boosted it.
      if (key == account_.name() || key == local) {
        key = account_.name();
        if (is_elsewhere()) each.home_id = each.local_id;  // the source goes by the host in the account's name
        own.push_back(std::move(each));
      } else if (!is_boost && !each.post.bridge.empty()) {
        own.push_back(std::move(each));  // the account is a bridge's: the author is the original's
      } else if (!is_boost) {
        timeline.refused.push_back({each.local_id, "a post of another account"});
      }
    }
    timeline.found = std::move(own);
  }

  const SourceSettings source_;
  std::string host_;  ///< that is asked: the source's, or where the account was found
  FediverseAccount account_;
  ServerKind server_;
  Pager pager_;
  std::optional<Failure> otherwise_;  ///< it was asked where the account is; this is so where nobody knows
  sys_ms now_{};
  Step step_ = Step::list;
};

}  // namespace

std::unique_ptr<Job> poll_account(SourceSettings source, const Cursor& cursor) {
  return std::make_unique<AccountPoll>(std::move(source), cursor);
}

}  // namespace campaignd
