#include <fmt/format.h>

#include <boost/json.hpp>

#include "connectors/platforms/fediverse_account.hpp"
#include "connectors/platforms/misskey_note.hpp"
#include "connectors/platforms/server_kind.hpp"
#include "connectors/reading/newest_first.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr int page_size = 50;

/// A number that the account does not show is written as zero.
std::optional<std::int64_t> followers_of(Json account) {
  auto count = json_count(account, "followersCount");
  auto shown_to = json_text(account, "followersVisibility");
  if (shown_to.empty()) shown_to = json_text(account, "ffVisibility");  // before 2023.12
  bool hidden = !shown_to.empty() && shown_to != "public";
  return count == 0 && hidden ? std::nullopt : count;
}

FediverseProfile read_profile(Json account) {
  FediverseProfile out{json_text(account, "id"), fold(json_text(account, "username")), {}, {}};
  out.moved = cut(clean_utf8(json_text(account, "movedTo")), 200);
  out.suspended = json_flag(account, "isSuspended").value_or(false);
  if (json_flag(account, "isSilenced").value_or(false)) out.withheld = "silenced";
  return out;
}

class AccountPoll final : public Job {
 public:
  AccountPoll(SourceSettings source, const Cursor& cursor)
      : source_(at_home_unless_told(std::move(source))),
        account_(source_, cursor.position),
        server_(source_.host, cursor.position, "misskey"),
        pages_(source_, cursor.position, text_before) {
    if (!position_text(cursor.position, "followers").empty())
      followers_ = position_number(cursor.position, "followers");
  }

  Request ask(sys_ms now) override {
    now_ = now;
    if (server_.is_due(now)) return server_.ask(now);
    looks_up_ = account_.is_due(now);
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
    boost::json::object question{{"username", account_.user()}};
    if (account_.home() != fold(source_.host))
      question["host"] = account_.home();  // a server's own people go without a host
    return misskey_request(source_.host, "users/show", question);
  }

  boost::json::object question() const {
    boost::json::object out{
        {"userId", account_.id()}, {"limit", page_size}, {"withReplies", true}, {"withRenotes", false}};
    if (!pages_.below().empty()) out["untilId"] = pages_.below();
    return out;
  }

  Result<Page> read_account(const Answer& answer) {
    if (answer.status != 200) return failure(answer);
    FediverseProfile profile;
    std::optional<std::int64_t> followers;
    auto use = [&](Json account) {
      profile = read_profile(account);
      followers = followers_of(account);
    };
    if (auto read = read_json(answer.body, use); !read) return read.error();
    auto id = account_.read(profile, source_.host, now_);
    if (!id) return id.error();
    if (*id == FediverseAccount::Id::another) pages_ = NewestFirst(source_, {}, text_before);
    followers_ = followers;
    return again();
  }

  Page read_page(NoteList list) {
    Page page;
    page.refused = std::move(list.refused);
    for (auto& each : list.found) {
      auto& author = each.post.author;
      if (author.key == account_.name()) {
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
    if (code == "NO_SUCH_USER" || code == "FAILED_TO_RESOLVE_REMOTE_USER") return account_.unknown(source_.host);
    return misskey_failure(answer, source_.host, account_.name());
  }

  Page again() const {
    Page page;
    page.more = true;
    return finished(std::move(page));
  }

  Page finished(Page page) const {
    page.cursor.position =
        fmt::format("{}&followers={}{}{}", pages_.position(), followers_ ? std::to_string(*followers_) : std::string{},
                    account_.position(), server_.position());
    page.software = server_.software();
    account_.tell(page);
    return page;
  }

  const SourceSettings source_;
  FediverseAccount account_;
  ServerKind server_;
  NewestFirst pages_;
  std::optional<std::int64_t> followers_;
  sys_ms now_{};
  bool looks_up_ = false;
  bool shown_ = false;  ///< this poll was shown a note
};

}  // namespace

std::unique_ptr<Job> poll_misskey_account(SourceSettings source, const Cursor& cursor) {
  return std::make_unique<AccountPoll>(std::move(source), cursor);
}

}  // namespace campaignd
