#include "daemon/serve/guard.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/reading/url.hpp"

namespace campaignd::serve {

namespace {

constexpr std::size_t longest_target = 4 * 1024;
constexpr std::ptrdiff_t most_headers = 64;

/// 127.0.0.1, localhost and [::1] with our port, and the host of serve.public_url.
bool names_us(std::string_view host, int port, const Config& config) {
  for (std::string_view name : {"127.0.0.1", "localhost", "[::1]"})
    if (host == fmt::format("{}:{}", name, port) || (port == 80 && host == name)) return true;
  if (config.public_url.empty()) return false;
  auto from = config.public_url.find("://") + 3;
  return host == std::string_view(config.public_url).substr(from, config.public_url.find('/', from) - from);
}

bool is_foreign(const Head& head, const Config& config, int port) {
  auto origin = header(head.headers, "origin");
  if (!origin.empty()) {
    auto scheme = origin.find("://");
    if (scheme == origin.npos || !names_us(origin.substr(scheme + 3), port, config)) return true;
  }
  auto site = header(head.headers, "sec-fetch-site");
  if (site.empty() || site == "same-origin" || site == "none") return false;
  // A link may come from anywhere; a script, an image, a frame may not.
  return header(head.headers, "sec-fetch-mode") != "navigate" || header(head.headers, "sec-fetch-dest") != "document";
}

/// Decoded once, nothing may be left that a second decoding or a file system could take for more.
bool is_path(std::string_view path) {
  auto once = percent_decode(path);
  return path.starts_with('/') && once.find("..") == once.npos && std::ranges::none_of(once, [](char c) {
           return c == '%' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
         });
}

std::ptrdiff_t count(const Head& head, std::string_view name) {
  return std::ranges::count(head.headers, name, &Headers::value_type::first);
}

}  // namespace

std::optional<Response> refusal(const Head& head, const Config& config, int port) {
  if (count(head, "host") != 1) return problem(400, "Bad request", "A request has exactly one Host field.");
  if (!names_us(header(head.headers, "host"), port, config)) return Response{.status = 421, .type = {}, .body = {}};
  if (std::ssize(head.headers) > most_headers)
    return problem(431, "Too many header fields", "A browser sends fewer than 64.");
  if (head.method != "GET" && head.method != "HEAD")
    return problem(405, "Method not allowed", "Only GET and HEAD are answered here.");
  auto length = header(head.headers, "content-length");
  if (count(head, "transfer-encoding") > 0 || count(head, "content-length") > 1 || (!length.empty() && length != "0"))
    return problem(413, "No body, please", "Requests here have no body.");
  if (is_foreign(head, config, port))
    return problem(403, "Forbidden", "Pages of other sites may link here, not read from here.");
  if (head.target.size() > longest_target)
    return problem(414, "URI too long", "The address is longer than any of ours.");
  if (!is_path(std::string_view(head.target).substr(0, head.target.find('?'))))
    return problem(400, "Bad request", "The path is not one of ours.");
  return std::nullopt;
}

}  // namespace campaignd::serve
