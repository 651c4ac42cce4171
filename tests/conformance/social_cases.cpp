/// Reads recorded answers of platforms in one process, as `campaignd parse` would: a line of input is
/// "connector<TAB>address it came from<TAB>content type<TAB>file", a line of output what was made of it, as JSON:
/// {"file", "out"}, {"file", "failure", "message"}, or {"file", "connector": null} where nobody has written one.
#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <sstream>

#include "connectors/connector.hpp"

using namespace campaignd;

namespace {

std::string next_field(std::string_view& line) {
  auto field = line.substr(0, line.find('\t'));
  line.remove_prefix(std::min(line.size(), field.size() + 1));
  return std::string(field);
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

/// The answer goes out as the connector wrote it: what is no JSON shows itself to who reads it.
std::string verdict(const std::string& connector, const ParseHints& hints, const std::string& file) {
  const auto* platform = find_platform(connector);
  if (platform == nullptr) return R"("connector":null)";
  auto out = platform->parse(read_file(file), hints);
  if (out) return R"("out":)" + *out;
  return R"("failure":")" + std::string(name_of(out.error().code)) + R"(","message":)" +
         boost::json::serialize(boost::json::string(out.error().message));
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::string_view rest = line;
    auto connector = next_field(rest), url = next_field(rest), type = next_field(rest), file = next_field(rest);
    std::cout << R"({"file":)" << boost::json::serialize(boost::json::string(file)) << ","
              << verdict(connector, {.content_type = type, .url = url}, file) << "}\n"
              << std::flush;
  }
  return 0;
}
