#pragma once
/// What GDELT's search (DOC 2.0, mode artlist) answers: articles, or a sentence.
#include "connectors/connector.hpp"

namespace campaignd {

struct ArticleList {
  std::vector<Finding> found;
  std::vector<Refused> refused;
  std::size_t items = 0;  ///< as many as the list had, refused ones and repetitions too
};

/// Success and failure are told apart by the body: refusals and throttling come with status 200 as well. GDELT's JSON
/// with stray backslashes and quotation marks in it is mended once. `vouched`: texts of which
/// each article holds one, by GDELT's word.
Result<ArticleList> read_articles(const Answer& answer, const std::vector<std::string>& vouched = {});

/// "pl" as GDELT calls it, in lower case and one word; empty for languages it is not known to name.
std::string gdelt_language(std::string_view tag);

}  // namespace campaignd
