#pragma once
/// XML in, by libxml2's SAX interface in recovering mode: malformed documents are read as far as they go. Nothing a
/// DOCTYPE declares is loaded or expanded, and nothing is ever fetched (reliability: XXE, entity bombs).
#include <libxml/SAX2.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace campaignd {

struct XmlName {
  std::string_view space;  ///< namespace URI, empty for none
  std::string_view local;
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

/// Gives the document to the handler, in order. The encoding is the BOM's; else UTF-8 where the bytes are valid UTF-8;
/// else the declaration's or `charset` of the answer; else windows-1252.
void read_xml(std::string_view bytes, std::string_view charset, XmlHandler& handler);

}  // namespace campaignd
