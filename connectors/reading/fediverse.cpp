#include "connectors/reading/fediverse.hpp"

#include <algorithm>

#include "connectors/reading/articles/domain.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::string_view scheme = "https://";

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 20 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_letters_and_digits(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
  });
}

}  // namespace

bool is_on_site_of(const std::string& address, const std::string& host) {
  auto other = host_of(address);
  return !other.empty() && (other == host || registrable_domain(other) == registrable_domain(host));
}

std::vector<std::string_view> path_of(std::string_view address) {
  std::vector<std::string_view> out;
  if (!address.starts_with(scheme) || address.find_first_of("?#") != address.npos) return out;
  auto slash = address.find('/', scheme.size());
  while (slash != address.npos) {
    auto next = address.find('/', slash + 1);
    out.push_back(address.substr(slash + 1, next == address.npos ? next : next - slash - 1));
    slash = next;
  }
  return out;
}

std::string mastodon_id_at_home(const std::string& uri) {
  if (!uri.starts_with(scheme) || host_of(uri).empty()) return {};
  auto path = path_of(uri);
  auto size = path.size();
  bool named = size == 4 && path[0] == "users" && path[2] == "statuses";
  bool numbered = size == 5 && path[0] == "ap" && path[1] == "users" && path[3] == "statuses";
  bool page = size == 2 && path[0].starts_with('@') && path[0].size() > 1;
  bool has_number = (named || numbered || page) && is_number(path.back());
  return has_number ? std::string(path.back()) : uri;
}

std::string lemmy_id_at_home(const std::string& uri) {
  auto path = path_of(uri);
  bool is_item = path.size() == 2 && (path[0] == "post" || path[0] == "comment") && is_number(path[1]);
  return is_item ? std::string(path[0]) + "/" + std::string(path[1]) : std::string{};
}

std::string misskey_id_at_home(const std::string& uri) {
  auto path = path_of(uri);
  bool is_note = path.size() == 2 && path[0] == "notes" && is_letters_and_digits(path[1]);
  return is_note ? std::string(path[1]) : std::string{};
}

}  // namespace campaignd
