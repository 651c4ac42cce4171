#include "connectors/platforms/telegram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "connectors/platforms/telegram_page.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/newest_first.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/text.hpp"

namespace campaignd {

namespace {

constexpr std::array budgets{Budget{"telegram", 60, std::chrono::minutes(5), std::chrono::seconds(2)}};
constexpr auto patience = std::chrono::minutes(15);  // t.me shows a busy channel as one without posts
constexpr std::int64_t most_empty = 3;               // polls that were shown no posts where there may be some

std::string channel_of(const SourceSettings& source) {
  auto name = fold(source.account);
  return name.starts_with('@') ? name.substr(1) : name;
}

/// One poll of a channel. The newest page is read each time: it also brings the number of subscribers.
class ChannelPoll final : public Job {
 public:
  ChannelPoll(const SourceSettings& source, const Cursor& cursor)
      : channel_(channel_of(source)),
        pages_(source, cursor.position, number_before),
        end_(position_text(cursor.position, "end")),
        empty_below_(position_text(cursor.position, "empty")),
        times_(position_number(cursor.position, "times")) {}

  Request ask(sys_ms) override { return telegram_request(channel_, pages_.below()); }

  Result<Page> read(const Answer& answer) override {
    if (auto failure = telegram_failure(answer, channel_)) return *failure;
    auto read = read_channel(answer.body, header(answer.headers, "content-type"), channel_);
    if (!read) return read.error();
    if (!read->whole) return Failure{Failure::malformed, "t.me sent a page that breaks off"};
    if (read->ids.empty())
      if (auto failure = failure_of_empty(*read)) return *failure;
    Page page;
    page.found = std::move(read->found);
    page.refused = std::move(read->refused);
    if (read->ids.empty() && !pages_.is_at_newest()) return after_empty(std::move(page));
    auto lowest = std::ranges::min_element(read->ids, number_before);
    bool first_of_all = lowest != read->ids.end() && *lowest == "1";
    if (lowest != read->ids.end() && !read->older) end_ = *lowest;
    page = pages_.read(std::move(page), read->ids, first_of_all);
    if (!page.more) forget_ends();
    page.cursor.position = position();
    return page;
  }

 private:
  /// A page without posts is the end where the one above it had no link to older ones. Elsewhere t.me is busy, or the
  /// messages below are gone.
  Page after_empty(Page page) {
    auto below = pages_.below();
    bool is_end = below == end_ && !pages_.is_above_known();
    times_ = below == empty_below_ ? times_ + 1 : 1;
    empty_below_ = below;
    if (is_end || times_ >= most_empty) {
      page = pages_.read(std::move(page), {}, is_end);
      forget_ends();
    } else {
      page.pause = patience;
      auto why = fmt::format("t.me shows no posts of {} below {}, though there may be some", channel_, below);
      page.refused.push_back({"", std::move(why)});
    }
    page.cursor.position = position();
    return page;
  }

  void forget_ends() {
    end_.clear();
    empty_below_.clear();
    times_ = 0;
  }

  std::string position() const {
    auto out = pages_.position();
    if (!end_.empty()) out += "&end=" + end_;
    if (times_ > 0) out += fmt::format("&empty={}&times={}", empty_below_, times_);
    return out;
  }

  std::optional<Failure> failure_of_empty(const ChannelPage& page) const {
    if (!page.is_channel && page.is_card)
      return Failure{Failure::gone,
                     fmt::format("t.me knows no channel {}: check its name in the configuration", channel_)};
    if (!page.is_channel || !page.refused.empty())
      return Failure{Failure::malformed, fmt::format("t.me sent a page that is none of the channel {}", channel_)};
    if (pages_.is_at_newest() && pages_.knows_posts())
      return Failure{Failure::throttled,
                     fmt::format("t.me shows no posts of {}, though there are some: it is busy", channel_), patience};
    return std::nullopt;
  }

  const std::string channel_;
  NewestFirst pages_;
  std::string end_;          ///< the lowest message of a page without a link to older ones
  std::string empty_below_;  ///< where no posts were shown, in so many polls
  std::int64_t times_;
};

class Telegram final : public Connector {
 public:
  explicit Telegram(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return telegram_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override {
    return std::make_unique<ChannelPoll>(settings_, cursor);
  }
  std::unique_ptr<Job> measure(std::vector<PostRef> posts) const override {
    return measure_channel_posts(std::move(posts));
  }

 private:
  const SourceSettings settings_;
};

}  // namespace

constinit const Contract telegram_contract{
    .name = "telegram",
    .network = "telegram",
    .counters = "likes views",
    .access = Access::open,
    .budgets = budgets,
    .batch = 20,
    .every = std::chrono::minutes(30),
    .accounts = true,
    .home = "t.me",
    .blind =
        "channels without a web preview, groups and private chats; comments; how often a post was forwarded; "
        "channels nobody named, for there is no search"};

std::unique_ptr<Connector> make_telegram(SourceSettings settings) {
  return std::make_unique<Telegram>(std::move(settings));
}

Result<std::string> parse_telegram(const std::string& body, const ParseHints& hints) {
  auto read = read_channel(body, hints.content_type, {});
  if (!read) return read.error();
  Page page;
  page.found = std::move(read->found);
  page.refused = std::move(read->refused);
  for (auto& each : read->others) page.refused.push_back(std::move(each));
  return boost::json::serialize(to_json(page));
}

}  // namespace campaignd
