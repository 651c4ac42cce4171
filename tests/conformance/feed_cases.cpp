/// Reads every case of a corpus of feeds in one process and writes what `campaignd parse feed` would say of each, a
/// JSON line a case, for the corpus's own runner to judge: {id, rc, out}.
#include <simdjson.h>

#include <fstream>
#include <iostream>
#include <sstream>

#include "connectors/platforms/feed.hpp"

using namespace campaignd;
namespace ondemand = simdjson::ondemand;

namespace {

std::string text_of(ondemand::object object, std::string_view key) {
  std::string_view text;
  return object.find_field_unordered(key).get(text) == simdjson::SUCCESS ? std::string(text) : std::string{};
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

}  // namespace

/// feed_cases CORPUS: the folder that holds cases.jsonl.
int main(int argc, char** argv) {
  if (argc != 2) return 64;
  const std::string corpus = argv[1];
  std::ifstream cases(corpus + "/cases.jsonl");
  ondemand::parser parser;
  for (std::string line; std::getline(cases, line);) {
    simdjson::padded_string padded(line);
    auto document = parser.iterate(padded);
    ondemand::object each = document.get_object();
    auto id = text_of(each, "id");
    auto file = text_of(each, "file");
    ParseHints hints;
    if (ondemand::object http; each.find_field_unordered("http").get(http) == simdjson::SUCCESS) {
      hints.content_type = text_of(http, "content_type");
      hints.url = text_of(http, "base");
      hints.language = text_of(http, "content_language");
    }
    auto out = parse_feed(read_file(corpus + "/" + file), hints);
    std::cout << R"({"id":")" << id << R"(","rc":)" << (out ? 0 : 65) << R"(,"out":)" << (out ? *out : "null") << "}\n";
  }
  return 0;
}
