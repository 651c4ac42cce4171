#pragma once
/// An HTML document as a tree, by libxml2's HTML parser in recovering mode. Nothing is loaded, no entity expanded; 4
/// MB, 100,000 tags and a depth of 256 are the most, and all selections of a document share one budget of work.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/failure.hpp"

struct _xmlDoc;
struct _xmlNode;

namespace campaignd {

/// An element of a Document; valid as long as that is.
using Node = const _xmlNode*;

/// A link within a Flow: [begin, end) of its text.
struct Anchor {
  Node node = nullptr;
  std::size_t begin = 0, end = 0;
  std::string href;   ///< as written
  std::string label;  ///< its text; else its picture's alt text, aria-label or title
};

/// A node as a reader sees it. White space is collapsed; block elements and <br> end a line, an empty <p> leaves a
/// blank one.
struct Flow {
  std::string text;
  std::vector<Anchor> anchors;
};

/// Whether what stands around the content is read: nav, aside, form, and header and footer outside of an article or
/// list item.
enum class Around : std::uint8_t { read, left_out };

class Document {
 public:
  static Result<Document> parse(std::string_view bytes, std::string_view content_type);
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  Node body() const;              ///< <body>, or the root where there is none
  bool whole() const;             ///< </body> or </html> arrived
  std::string language() const;   ///< <html lang>
  std::string base_href() const;  ///< <base href>, as written

  /// The elements below `from` (and itself) that a selector finds, in document order. A selector that cannot be read is
  /// `refused`, one that asks for too much work `too_large`.
  Result<std::vector<Node>> select(Node from, std::string_view selector) const;

 private:
  struct Tree;
  explicit Document(std::unique_ptr<Tree> tree);
  std::unique_ptr<Tree> tree_;
};

/// Whether a selector can be read at all: what the configuration asks before any page came.
Result<void> check_selector(std::string_view selector);

Flow flow_of(Node node, Around around = Around::read);
std::string_view name_of(Node node);
Node parent_of(Node node);  ///< null above the root
std::string attribute_of(Node node, const char* name);

}  // namespace campaignd
