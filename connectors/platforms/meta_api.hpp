#pragma once
/// What Threads, Instagram and Facebook share: Meta's Graph API, its lists, its errors, and what it says of its limits.
#include <functional>
#include <optional>
#include <set>

#include "connectors/connector.hpp"
#include "connectors/reading/json.hpp"

namespace campaignd::meta {

/// A host, and the version that is asked. A version lives for about two years; one that has ended is silently answered
/// as if its successor had been asked.
struct Api {
  std::string_view host, version;
};
inline constexpr Api graph{"graph.facebook.com", "v25.0"};  // to 29 July 2028
inline constexpr Api threads{"graph.threads.net", "v1.0"};

/// A GET of a path with its query. The token goes into a header, never into the address.
Request ask(const Api& api, const std::string& path, const std::string& token, std::string_view bucket);

/// Who speaks, and what must not be repeated when it is quoted.
struct Speaker {
  std::string_view name;              ///< "Threads"
  const Session* session = nullptr;   ///< its secrets are left out of what is said
  std::string_view permissions = {};  ///< what the app needs from App Review
};

/// {"error": {"message", "type", "code", "error_subcode"}}; code 0: the body is none.
struct Error {
  int code = 0, subcode = 0;
  std::string message;
  bool transient = false;
};
Error read_error(std::string_view body);

/// Whether an error is about the token, the app or its limits, or a passing trouble: any other question would fail too.
bool concerns_caller(const Error& error);
/// "Please reduce the amount of data you're asking for": fewer items at once.
bool wants_less(const Error& error);

/// What an answer other than 200 means.
Failure failure_of(const Answer& answer, const Speaker& speaker);
/// There is no token, or not of the form that is asked for.
Failure no_credential(const Speaker& speaker, std::string_view form);
/// A failed reading of a 200, told with the name of who sent it.
Failure unreadable(const Failure& why, const Speaker& speaker);
/// What Meta wrote, without tokens, as a quotation for people.
std::string quoted(std::string_view text, const Speaker& speaker);

/// How much of a limit is used, as the headers of an answer say it: the highest of all percentages.
struct Usage {
  int percent = 0;
  std::chrono::seconds regain{};  ///< until access is given back, where that is said
};
Usage read_usage(const Headers& headers);

/// From 75 % on the source rests for half an hour, from 95 % on the poll ends at this page as well, and no longer
/// claims to have read back to where it has not.
void heed_limits(const Answer& answer, const Speaker& speaker, Page& page);

/// Where the next page begins. `paging.next` holds the token, so only whether it is there is kept.
struct Paging {
  std::string after;
  bool has_next = false;
};
Paging read_paging(Json list);

struct List {
  std::vector<Finding> found;
  std::vector<Refused> refused;
  std::set<std::string> names;  ///< of what was found
  std::size_t size = 0;         ///< items, refused and left out ones too
  Paging paging;
  void refuse(std::string id, std::string why);
};

/// Reads one item; nothing where it is none of a post.
using ReadItem = std::function<std::optional<Result<Finding>>(Json)>;

/// An item goes into its list once.
void keep_item(Json item, const ReadItem& read, List& list);
/// {"data": […], "paging": {…}}. An item that cannot be read is refused, and the rest stands.
Result<List> read_list(std::string_view body, const ReadItem& read);

/// Whether all items with a date were published before `line`. One old item may be pinned to the top.
bool lies_below(const std::vector<Finding>& found, sys_ms line);

/// "2019-08-12T03:45:11+0000"
std::optional<sys_ms> read_time(Json item, std::string_view key);

}  // namespace campaignd::meta
