#include <fmt/format.h>

#include <algorithm>

#include "connectors/platforms/x_api.hpp"
#include "connectors/platforms/x_pages.hpp"
#include "connectors/platforms/x_polls.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::size_t longest_query = 512;
constexpr int least_page = 10;
constexpr XListRules rules{.mark = "next_token", .memory = std::chrono::days(7)};

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string joined(const std::vector<std::string>& terms) {
  std::string out;
  for (const auto& each : terms) out += (out.empty() ? "" : " OR ") + each;
  return (terms.size() > 1 ? "(" + out + ")" : out) + " -is:retweet";
}

/// What X is asked for: any of the tags, or what the query says.
struct Question {
  std::vector<std::string> terms;
  std::string left_out;  ///< what made it too long
};

Question question_of(const SourceSettings& source) {
  std::vector<std::string> wanted;
  for (const auto& tag : source.tags) wanted.push_back("#" + tag);
  if (!source.query.empty()) wanted.push_back("(" + source.query + ")");
  Question out;
  for (auto& each : wanted) {
    out.terms.push_back(each);
    if (characters(joined(out.terms)) <= longest_query) continue;
    out.terms.pop_back();
    out.left_out = std::move(each);
  }
  return out;
}

class Search final : public Job {
 public:
  Search(const SourceSettings& source, const Cursor& cursor)
      : access_(source),
        question_(question_of(source)),
        page_size_(access_.page_size(XPrices::post + XPrices::user, least_page)),
        pages_(source, cursor.position, rules) {}

  Request ask(sys_ms now) override {
    auto query = question_.terms.empty() ? std::string{} : joined(question_.terms);
    return access_.ask(fmt::format("tweets/search/recent?query={}&max_results={}{}{}{}", percent_encode(query),
                                   page_size_, x_post_fields, x_author_fields, pages_.ask(now)),
                       page_size_ * (XPrices::post + XPrices::user));
  }

  Result<Page> read(const Answer& answer) override {
    if (question_.terms.empty()) return nothing_to_ask();
    Page page;
    if (answer.status == 400 && pages_.starts_afresh()) {
      page.more = true;
      page.cost = 0;
    } else {
      auto list = access_.read_list(answer);
      if (!list) return list.error();
      page = pages_.read(std::move(*list), page_size_);
    }
    if (!page.more && !question_.left_out.empty())
      page.refused.push_back({"", fmt::format("X takes {} characters and is not asked for \"{}\": give it a source of "
                                              "its own",
                                              longest_query, question_.left_out)});
    page.cursor.position = pages_.position();
    return page;
  }

 private:
  Failure nothing_to_ask() const {
    Failure failure{
        Failure::refused,
        question_.left_out.empty()
            ? std::string("an x source needs tags or a query: write one of them, or both")
            : fmt::format("the query is longer than the {} characters X takes: write two sources", longest_query)};
    failure.cost = 0;
    return failure;
  }

  const XAccess access_;
  const Question question_;
  const int page_size_;
  XPages pages_;
};

}  // namespace

std::unique_ptr<Job> search_x(const SourceSettings& source, const Cursor& cursor) {
  return std::make_unique<Search>(source, cursor);
}

}  // namespace campaignd
