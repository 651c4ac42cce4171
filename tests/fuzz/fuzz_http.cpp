// Requests to the port: Beast's parser with our limits, then our guard.
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "connectors/reading/url.hpp"
#include "daemon/serve/guard.hpp"
#include "tests/fuzz/law.hpp"

namespace http = boost::beast::http;
using namespace campaignd;

/// The guard needs this one function of respond.cpp, which needs a database.
serve::Response serve::problem(int status, std::string_view, std::string_view) { return {.status = status}; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Config config;
  http::request_parser<http::empty_body> parser;
  parser.header_limit(8 * 1024);
  parser.body_limit(0);
  boost::system::error_code error;
  parser.put(boost::asio::buffer(data, size), error);
  if (error || !parser.is_header_done()) return 0;
  serve::Head head{std::string(parser.get().method_string()), std::string(parser.get().target()), {}};
  for (const auto& field : parser.get()) {
    std::string name(field.name_string());
    for (char& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 32);
    head.headers.emplace_back(std::move(name), field.value());
  }
  if (serve::refusal(head, config, 8620)) return 0;
  law(head.method == "GET" || head.method == "HEAD", "only reading is answered");
  auto host = header(head.headers, "host");
  law(host == "127.0.0.1:8620" || host == "localhost:8620" || host == "[::1]:8620", "only our own names are answered");
  auto path = percent_decode(head.target.substr(0, head.target.find('?')));
  law(path.starts_with('/') && path.find("..") == std::string::npos, "a path stays below /");
  law(header(head.headers, "transfer-encoding").empty(), "no body is smuggled in");
  return 0;
}
