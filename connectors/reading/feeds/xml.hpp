#pragma once
/// XML in, by libxml2's SAX interface: malformed documents are read as far as they go. Nothing a DOCTYPE declares is
/// loaded or expanded, and nothing is ever fetched: a DOCTYPE does not even reach the parser.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace campaignd {

struct XmlName {
  std::string_view space;  ///< namespace URI, empty for none
  std::string_view local;
  std::string_view prefix;  ///< as written; of use where nobody declared it
};

struct XmlAttribute {
  XmlName name;
  std::string value;
};

class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void start(XmlName name, const std::vector<XmlAttribute>& attributes) = 0;
  virtual void text(std::string_view text) = 0;
  virtual void end(XmlName name) = 0;
};

/// Gives a document (UTF-8) to the handler, in order: its one element, with everything in it. False at the first
/// fault, and where there is a DOCTYPE: what was given then is to be forgotten, and the document to be mended.
bool read_xml(std::string_view text, XmlHandler& handler);

/// The same for any text, mended first (mend). False where it broke off: what was open then is never ended.
bool read_mended_xml(std::string_view text, XmlHandler& handler);

}  // namespace campaignd
