#include "daemon/serve/files.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/report/sheets.hpp"
#include "daemon/store/embedded.hpp"

namespace campaignd::serve {

namespace {

/// <li><a href="/report/by_day.csv">By day (CSV)</a></li> …
std::string links_to_sheets() {
  std::string out;
  for (auto sheet : report::sheet_names()) {
    std::string words(sheet);
    std::ranges::replace(words, '_', ' ');
    words.front() = static_cast<char>(words.front() - 'a' + 'A');
    out += fmt::format("<li><a href=\"/report/{}.csv\">{} (CSV)</a></li>\n", sheet, words);
  }
  return out;
}

}  // namespace

Response openapi(const Query&, store::Database&, const Facts&) {
  Response response;
  response.type = "application/yaml";
  response.body = embedded("openapi.yaml");
  return response;
}

Response page(const Query&, store::Database&, const Facts&) {
  Response response;
  response.type = "text/html; charset=utf-8";
  response.body = embedded("web/index.html");
  constexpr std::string_view place = "<!-- sheets -->";
  response.body.replace(response.body.find(place), place.size(), links_to_sheets());
  return response;
}

Response web_file(const Query& query, store::Database&, const Facts&) {
  auto name = query.path.substr(1);
  auto packed = embedded(name + ".gz");
  auto plain = embedded(name);
  if (packed.empty() && plain.empty()) return problem(404, "Not found", "There is no such file.");
  Response response;
  response.gzipped = plain.empty();
  response.body = plain.empty() ? packed : plain;
  response.type = name.ends_with(".js")    ? "text/javascript; charset=utf-8"
                  : name.ends_with(".css") ? "text/css; charset=utf-8"
                                           : "application/octet-stream";
  if (response.gzipped && !query.accepts_gzip)
    return problem(406, "Not acceptable", "This file is served with gzip only.");
  return response;
}

}  // namespace campaignd::serve
