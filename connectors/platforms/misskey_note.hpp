#pragma once
/// A note of Misskey's API as a Finding, and what requests and errors of that API have in common.
#include <boost/json/object.hpp>

#include "connectors/connector.hpp"
#include "connectors/reading/json.hpp"

namespace campaignd {

/// `observer` is the host that answered: its own people and notes go without a host. The failure says why the note is
/// not one we may keep; `refused` means that its author withholds it.
Result<Finding> read_note(Json note, const std::string& observer);

/// A list of notes as the server sorted it.
struct NoteList {
  std::vector<Finding> found;
  std::vector<Refused> refused;
  std::vector<Refused> renotes;  ///< without a word of their own: no posts
  std::vector<std::string> ids;  ///< of every item that has one
  bool nameless = false;         ///< an item without a readable id
};
Result<NoteList> read_notes(std::string_view body, const std::string& observer);
/// The same, malformed where there are items and nothing of them could be read.
Result<NoteList> read_note_page(std::string_view body, const std::string& observer);

/// Every endpoint is asked by POST, "notes/show" at /api/notes/show.
Request misskey_request(const std::string& host, std::string_view endpoint, const boost::json::object& question);

/// "NO_SUCH_NOTE" of {"error": {"code": "NO_SUCH_NOTE", …}}; empty where the body is none of this API's errors.
std::string error_code(const Answer& answer);
/// The failure that an answer other than 200 means; `what` was asked for.
Failure misskey_failure(const Answer& answer, const std::string& host, std::string_view what);

std::unique_ptr<Job> poll_misskey_account(SourceSettings source, const Cursor& cursor);
std::unique_ptr<Job> measure_notes(std::vector<PostRef> posts);

/// Whether an empty list of this software means that there are no notes. Since 2025 a Misskey server may hide notes
/// from visitors, and says so nowhere.
bool shows_visitors_all(const std::string& software);

}  // namespace campaignd
