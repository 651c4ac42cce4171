#include "connectors/platforms/mastodon_tag_history.hpp"

#include <fmt/format.h>

#include "connectors/platforms/mastodon_status.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {
constexpr auto ask_every = std::chrono::days(1);
constexpr std::size_t most_days = 31;  // a week is given
}  // namespace

TagHistory::TagHistory(const SourceSettings& source, const std::string& position)
    : host_(source.host), tags_(source.tags), session_(source.session), asked_(position_time(position, "stated")) {}

bool TagHistory::is_due(sys_ms now) const { return is_asking() || (!tags_.empty() && now - asked_ >= ask_every); }

Request TagHistory::ask(sys_ms now) {
  now_ = now;
  if (at_ == 0) at_ = 1;
  return api_request("https://" + host_ + "/api/v1/tags/" + percent_encode(tags_[at_ - 1]), session_);
}

std::vector<StatedUse> TagHistory::read(const Answer& answer) {
  std::vector<StatedUse> out;
  const auto& tag = tags_[at_ - 1];
  auto use = [&](Json document) {
    auto days = json_member(document, "history");
    if (!days || !days->is_array()) return;
    for (Json each : simdjson::dom::array(*days)) {
      auto day = json_count(each, "day");
      auto uses = json_count(each, "uses");
      bool is_day = day && *day > 0 && *day % (24 * 60 * 60) == 0;
      if (!is_day || !uses || out.size() == most_days) continue;
      out.push_back({tag, sys_ms(std::chrono::seconds(*day)), *uses, json_count(each, "accounts")});
    }
  };
  bool is_stated = answer.status == 200 && read_json(answer.body, use).has_value();
  at_ = at_ < tags_.size() ? at_ + 1 : 0;
  if (at_ == 0) asked_ = now_;
  return is_stated ? out : std::vector<StatedUse>{};
}

std::string TagHistory::position() const { return fmt::format("&stated={}", asked_.time_since_epoch().count()); }

}  // namespace campaignd
