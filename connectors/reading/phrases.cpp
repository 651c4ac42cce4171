#include "connectors/reading/phrases.hpp"

namespace campaignd {

std::vector<std::string> phrases_of(std::string_view query) {
  constexpr std::string_view blanks = " \t\r\n";
  std::vector<std::string> out;
  for (std::size_t at = query.find_first_not_of(blanks); at < query.size(); at = query.find_first_not_of(blanks, at)) {
    if (query[at] == '"') {
      auto end = query.find('"', at + 1);
      if (end == query.npos) return {};
      if (end > at + 1) out.emplace_back(query.substr(at + 1, end - at - 1));
      at = end + 1;
      continue;
    }
    auto start = at;
    while (at < query.size() && blanks.find(query[at]) == blanks.npos) {
      if (query[at] == '"') {  // of the operator before it
        at = query.find('"', at + 1);
        if (at == query.npos) return {};
      }
      ++at;
    }
    auto word = query.substr(start, at - start);
    if (word == "OR" || word.find_first_of("()|") != word.npos) return {};
  }
  return out;
}

}  // namespace campaignd
