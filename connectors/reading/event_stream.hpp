#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace campaignd {

/// Server-sent events (HTML Living Standard 9.2.6), read as their bytes come in.
class EventStream {
 public:
  struct Event {
    std::string name;  ///< "message" where it says none
    std::string data;
  };
  /// The events that `bytes` complete. What is unfinished waits for the next bytes; an event of more than 1 MiB is left
  /// out.
  std::vector<Event> read(std::string_view bytes);

 private:
  void read_line(std::string_view line, std::vector<Event>& out);

  std::string line_;
  Event event_;
  bool has_begun_ = false, is_in_line_ = false, has_data_ = false, is_too_long_ = false, after_return_ = false;
};

}  // namespace campaignd
