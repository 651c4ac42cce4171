#pragma once
/// The forms a value of the configuration may have. Pure: text in, an answer out.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace campaignd {

/// An IP address, with or without /bits.
bool is_cidr(const std::string& text);

/// Letters, digits, '-' and '_' only: what may name a file.
bool is_name(std::string_view text);

/// "a.example" or "a.example:8443"; nothing with a scheme, a path or spaces.
bool is_host(std::string_view text);

/// What is wrong with an id, a hashtag, an http(s) address, or a domain ("isp.org.pl", "gov.pl/web/mswia"), and what to
/// write instead; empty: nothing.
std::string id_problem(std::string_view id);
std::string hashtag_problem(const std::string& tag);  ///< with or without '#'
std::string url_problem(const std::string& url);
std::string domain_problem(const std::string& text);

/// The account whose page, or a page of whose, an address is ("https://social.example/@ala/1", "https://x.com/ala"), as
/// it is configured ("mastodon:ala@social.example", "x:ala"); empty: no account's.
std::string account_at(const std::string& url);

/// A host without "www.".
std::string without_www(std::string host);

/// The word of `known` at most two letters away (a third of a longer one's), the nearest first; empty: none.
std::string nearest(std::string_view word, const std::vector<std::string>& known);
/// The same, `most` letters away.
std::string nearest(std::string_view word, const std::vector<std::string>& known, std::size_t most);

/// "; did you mean 'listen'?", or nothing.
std::string did_you_mean(std::string_view word);

/// The shape of a BCP 47 tag: "pl", "pt-BR", "sr-Latn-RS"; whether the language exists is not asked.
bool is_language(std::string_view text);

/// "30s", "5min" or "5m", "2h", "1d": from a second to 366 days.
std::optional<std::chrono::milliseconds> duration_of(const std::string& text);

/// A number from 0 to 65535 in digits alone.
bool is_port(std::string_view text);

/// "host:443=127.0.0.1:9001"
bool is_detour(std::string_view text);

/// The port an http(s) address or a bare host names; nothing where it names none.
std::optional<int> port_of(std::string_view address);

}  // namespace campaignd
