#pragma once
/// The web preview of a Telegram channel (t.me/s/NAME) as Findings.
#include "connectors/connector.hpp"

namespace campaignd {

/// A page of a channel, as far as it holds one.
struct ChannelPage {
  std::vector<Finding> found;
  std::vector<Refused> refused;
  std::vector<Refused> others;   ///< messages that are no posts of the channel: forwarded ones, and Telegram's own
  std::vector<std::string> ids;  ///< of all messages: numbers
  bool whole = false;            ///< the page did not break off
  bool is_channel = false;       ///< it shows a channel, with posts or without
  bool is_card = false;          ///< it only offers to contact whoever has the name
  bool older = false;            ///< it links to older messages
};

/// `account` is the name the channel is configured by, and whose posts these become; empty: the one on the page.
Result<ChannelPage> read_channel(std::string_view body, std::string_view content_type, const std::string& account);

/// "37.2K", "950", "1.1M", "11 012": the number, as rounded as it is written.
std::optional<std::int64_t> read_short_number(std::string_view text);

Request telegram_request(const std::string& channel, const std::string& below);

/// What an answer without a preview means; nothing for one that has a page to read.
std::optional<Failure> telegram_failure(const Answer& answer, const std::string& channel);

std::unique_ptr<Job> measure_channel_posts(std::vector<PostRef> posts);

}  // namespace campaignd
