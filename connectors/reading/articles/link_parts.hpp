#pragma once
/// A link taken apart, for article.hpp; what is fetched is parsed by libcurl alone (fetch/).
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace campaignd {

/// The parts of an http(s) link, or of one written without a scheme; views into it.
struct LinkParts {
  std::string host;  ///< ASCII ("xn--…"), lower case, without www., m., mobile. and amp.
  std::string_view port, path, query, fragment;
};

/// Nothing for another scheme, a host that cannot be one, or more than 8 KiB.
std::optional<LinkParts> take_apart(std::string_view url);
std::optional<LinkParts> take_apart(std::string&& url) = delete;  ///< the parts would outlive it

constexpr std::size_t longest_link = 8192;

std::string lowered(std::string_view text);  ///< ASCII letters
bool is_unreserved(char c);                  ///< RFC 3986 2.3
/// The byte that "%XX" at `at` stands for; nothing where there is none.
std::optional<char> escaped_byte(std::string_view text, std::size_t at);

/// Gives every (pair, name, value) of a query, as written.
template <class Each>
void each_pair(std::string_view query, Each each) {
  while (!query.empty()) {
    auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    auto equals = std::min(pair.find('='), pair.size());
    if (!pair.empty()) each(pair, pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
  }
}

}  // namespace campaignd
