#include "connectors/platforms/news_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "connectors/platforms/feed_flavours.hpp"
#include "connectors/reading/articles/article.hpp"
#include "connectors/reading/feeds/discover.hpp"
#include "connectors/reading/feeds/manners.hpp"
#include "connectors/reading/feeds/syndication.hpp"
#include "connectors/reading/html.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

/// Who turns a program away does so for longer when it comes back at once.
constexpr std::chrono::seconds rest_after_trouble = std::chrono::hours(1);

std::string without_www(std::string host) {
  if (host.starts_with("www.")) host.erase(0, 4);
  return host;
}

/// The failure says why an entry is no article. Links of the search that hide the outlet's page stay as they are: only
/// a browser can follow them.
Result<Finding> read_article(FeedEntry entry, const FeedFlavour* flavour, const std::string& feed_url,
                             sys_ms received) {
  if (flavour != nullptr && flavour->mend != nullptr)
    if (auto why = flavour->mend(entry)) return Failure{Failure::malformed, std::move(*why)};
  auto link = real_link(entry.link);
  if (host_of(link).empty()) return Failure{Failure::malformed, "an entry without an http(s) address"};
  Finding finding;
  Post& post = finding.post;
  auto outlet = without_www(host_of(hides_page(link) && !host_of(entry.source_url).empty() ? entry.source_url : link));
  finding.local_id = entry.id.empty() ? link : entry.id;
  post.platform = "news";
  post.host = outlet;
  post.uri = link;
  post.url = link;
  if (link != entry.link) post.aliases.push_back(entry.link);
  post.author.key = outlet;
  post.author.name = entry.source.empty() ? outlet : entry.source;
  post.author.media = true;
  post.kind = Kind::article;
  post.published = entry.published;
  if (post.published > received) post.published.reset();
  if (!post.published) post.date_basis = DateBasis::first_seen;
  post.title = read_html(entry.title.html).text;
  post.text = read_html(entry.summary.html).text;
  if (flavour != nullptr && flavour->finish != nullptr) flavour->finish(entry, feed_url, finding);
  return finding;
}

Failure turned_away(const std::string& host, const std::string& target) {
  auto name = target.empty() ? "nowhere" : cut(clean_utf8(target), 80);
  if (target.starts_with("consent."))
    return {Failure::refused, fmt::format("{} leads to a question of consent ({}), which no program may answer; ask "
                                          "from a network outside the European Union, or leave this search out",
                                          host, name)};
  return {Failure::refused, fmt::format("{} redirects to {}, where no list of news is expected", host, name)};
}

Failure patiently(Failure failure) {
  failure.retry_after = std::max(failure.retry_after.value_or(rest_after_trouble), rest_after_trouble);
  return failure;
}

}  // namespace

Result<NewsList> read_news(const Answer& answer, const std::string& language, const std::vector<std::string>& vouched) {
  auto feed = read_feed(answer.body, header(answer.headers, "content-type"), answer.asked.url);
  if (!feed) return feed.error();
  if (!feed->complete) return Failure{Failure::malformed, host_of(answer.asked.url) + " sent a list that breaks off"};
  const auto* flavour = flavour_of(answer.asked.url);
  NewsList list;
  list.items = feed->entries.size();
  std::set<std::string> seen;
  for (auto& entry : feed->entries) {
    auto id = entry.id.empty() ? entry.link : entry.id;
    auto finding = read_article(std::move(entry), flavour, answer.asked.url, answer.received);
    if (!finding) {
      list.refused.push_back({id.empty() ? "an entry without a name" : id, finding.error().message});
      continue;
    }
    finding->post.language = feed->language.empty() ? language : feed->language;
    finding->post.vouched = vouched;
    if (!seen.contains(finding->local_id) && !seen.contains(finding->post.uri)) {
      seen.insert({finding->local_id, finding->post.uri});
      list.found.push_back(std::move(*finding));
    }
  }
  return list;
}

std::string redirected_to(const Answer& answer) {
  auto location = header(answer.headers, "location");
  bool is_redirect = answer.status >= 300 && answer.status < 400 && !location.empty();
  return is_redirect ? resolve(answer.asked.url, location) : std::string{};
}

std::optional<Failure> news_failure(const Answer& answer) {
  auto host = host_of(answer.asked.url);
  if (answer.status >= 300 && answer.status < 400) return turned_away(host, host_of(redirected_to(answer)));
  switch (answer.status) {
    case 200: break;
    case 403:
    case 451:
      return Failure{
          Failure::refused,
          fmt::format("{} refuses programs ({}); try another engine, or leave this search out", host, answer.status)};
    case 404:
    case 410:
      return patiently({Failure::unavailable, fmt::format("{} answered {}: its news search is not there at the moment",
                                                          host, answer.status)});
    case 429:
    case 503:
      return patiently({Failure::throttled, fmt::format("{} wants fewer requests ({}); waiting", host, answer.status),
                        read_retry_after(answer.headers, answer.received)});
    default: {
      auto failure = standard_failure(answer);
      return failure.code == Failure::unavailable ? patiently(failure) : failure;
    }
  }
  if (answer.body.empty()) return Failure{Failure::malformed, host + " answered with nothing (200, 0 bytes)"};
  if (is_challenge(answer) || looks_like_html(answer.body))
    return patiently({Failure::unavailable, host + " shows a web page in place of the list of news"});
  return std::nullopt;
}

}  // namespace campaignd
