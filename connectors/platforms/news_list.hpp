#pragma once
/// What a news search answers in RSS: articles of outlets, under the search's own links; or a refusal.
#include "connectors/connector.hpp"

namespace campaignd {

struct NewsList {
  std::vector<Finding> found;  ///< none twice
  std::vector<Refused> refused;
  std::size_t items = 0;  ///< as many as the list had, refused ones and repetitions too
};

/// `language`: of a list that does not say its own. `vouched`: texts of which each article
/// holds one, by the search's word.
Result<NewsList> read_news(const Answer& answer, const std::string& language, const std::vector<std::string>& vouched);

/// What an answer that is no list of news means: both searches turn programs away with web pages and redirects.
std::optional<Failure> news_failure(const Answer& answer);

/// Where an answer redirects to; empty where it does not.
std::string redirected_to(const Answer& answer);

std::unique_ptr<Job> search_google_news(const SourceSettings& source, Cursor cursor);
std::unique_ptr<Job> search_bing_news(const SourceSettings& source, Cursor cursor);

}  // namespace campaignd
