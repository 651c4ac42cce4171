#pragma once
/// A recorded answer without the people in it: what a fixture may hold. Pure: text in, text out.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.hpp"

namespace campaignd::commands {

class Scrubber {
 public:
  /// `terms`: the campaign's words and tags, which stay readable; `secrets`: whatever was sent that nobody may see.
  Scrubber(std::vector<std::string> terms, std::vector<std::string> secrets);

  /// The people whose posts these are: their names and handles become "person1", "person2" … wherever they stand.
  void learn(const Page& page);

  /// A body. Of JSON, every text that people wrote becomes letters of the same length, its hashtags of the campaign,
  /// markup, links' hosts and numbers staying; long numbers that are ids are all moved by one and the same amount, so
  /// that their order stays. So of each line that is JSON, as those of a stream. Other bodies (feeds, pages: they are
  /// published as such) lose names and secrets only.
  std::string body(const std::string& text) const;
  /// Of the headers, those a connector reads.
  Headers headers(const Headers& all) const;
  /// A URL without the values of secret parameters.
  std::string url(const std::string& text) const;

 private:
  std::optional<std::string> document_of(const std::string& text) const;
  std::string without_people(std::string text) const;
  std::string masked(const std::string& text) const;
  std::string shifted(const std::string& digits) const;

  std::vector<std::string> terms_, secrets_;
  std::map<std::string, std::string> people_;  ///< by name, to what stands in its place
};

}  // namespace campaignd::commands
