#include <fmt/format.h>

#include <algorithm>

#include "connectors/platforms/x_api.hpp"
#include "connectors/platforms/x_pages.hpp"
#include "connectors/platforms/x_polls.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr int least_page = 5;
constexpr XListRules rules{.mark = "pagination_token", .most_posts = 3'200};

/// "@Name" or "name".
std::string configured_name(const std::string& account) {
  auto name = fold(account);
  if (name.starts_with('@')) name.erase(0, 1);
  return name;
}

class AccountPoll final : public Job {
 public:
  AccountPoll(SourceSettings source, const Cursor& cursor)
      : source_(std::move(source)),
        access_(source_),
        name_(configured_name(source_.account)),
        page_size_(access_.page_size(XPrices::post, least_page)),
        pages_(source_, cursor.position, rules),
        id_(query_value("?" + cursor.position, "account")),
        looks_up_(id_.empty()) {}

  Request ask(sys_ms now) override {
    if (looks_up_)
      return access_.ask(fmt::format("users/by/username/{}?user.fields=protected", percent_encode(name_)),
                         XPrices::user);
    // All posts of the list have one author.
    return access_.ask(fmt::format("users/{}/tweets?exclude=retweets&max_results={}{}{}{}", percent_encode(id_),
                                   page_size_, x_post_fields, x_author_fields, pages_.ask(now)),
                       page_size_ * XPrices::post + XPrices::user);
  }

  Result<Page> read(const Answer& answer) override {
    if (!looks_up_ && answer.status == 400 && pages_.starts_afresh()) return again(0);
    auto list = access_.read_list(answer);
    if (!list) return list.error();
    if (looks_up_) return read_account(*list);
    if (list->size == 0 && !list->problems.empty()) return without_posts(list->problems.front());
    know_author(*list);
    return finished(pages_.read(std::move(*list), page_size_));
  }

 private:
  Result<Page> read_account(const XList& list) {
    looked_up_ = true;
    if (!list.user || list.user->id.empty())
      return not_shown(list.problems.empty() ? XProblem{} : list.problems.front());
    if (list.user->is_protected) return is_protected(list.cost);
    looks_up_ = false;
    if (list.user->id != id_) pages_ = XPages(source_, {}, rules);
    id_ = list.user->id;
    return again(list.cost);
  }

  /// An account that is gone may have a successor of its name, or come back: what was read of it is not paid for twice.
  Result<Page> without_posts(const XProblem& problem) {
    if (problem.kind != "resource-not-found" || looked_up_) return not_shown(problem);
    looks_up_ = true;
    return again(0);
  }

  Failure not_shown(const XProblem& problem) const {
    if (problem.kind == "not-authorized-for-resource") return is_protected(0);
    if (problem.detail.find("suspended") != std::string::npos)
      return failure(Failure::gone, fmt::format("X has suspended {}: its posts are not shown", name_), 0);
    if (problem.kind == "resource-not-found")
      return failure(Failure::gone, fmt::format("X knows no account {}: check its name in the configuration", name_),
                     0);
    return failure(Failure::malformed, fmt::format("X was asked for {} and answered without it", name_), 0);
  }

  Failure is_protected(int cost) const {
    return failure(Failure::refused, fmt::format("{} is protected: only its followers may read it", name_), cost);
  }

  static Failure failure(Failure::Code code, std::string why, int cost) {
    Failure out{code, std::move(why)};
    out.cost = cost;
    return out;
  }

  /// Posts carry the name the account is configured with, also after it took another one.
  void know_author(XList& list) {
    std::erase_if(list.found, [&](const Finding& each) {
      if (each.post.author.key == id_) return false;
      list.refused.push_back({each.local_id, "a post of another account"});
      return true;
    });
    for (auto& each : list.found) {
      const auto& now = each.post.author.handle;
      if (!now.empty() && now != name_)
        notice_ = fmt::format("{} is now called {}: write x:{} into the configuration", name_, now, now);
      name_x_author(each, name_);
    }
  }

  Page again(int cost) const {
    Page page;
    page.more = true;
    page.cost = cost;
    return finished(std::move(page));
  }

  Page finished(Page page) const {
    if (!page.more && !notice_.empty()) page.refused.push_back({"", notice_});
    page.cursor.position = fmt::format("{}&account={}", pages_.position(), percent_encode(id_));
    return page;
  }

  const SourceSettings source_;
  const XAccess access_;
  const std::string name_;
  const int page_size_;
  XPages pages_;
  std::string id_, notice_;
  bool looks_up_;  ///< the next answer is to the question for the name
  bool looked_up_ = false;
};

}  // namespace

std::unique_ptr<Job> poll_x_account(SourceSettings source, const Cursor& cursor) {
  return std::make_unique<AccountPoll>(std::move(source), cursor);
}

}  // namespace campaignd
