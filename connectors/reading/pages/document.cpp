#include "connectors/reading/pages/document.hpp"

#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include <algorithm>

#include "connectors/reading/pages/selector.hpp"
#include "connectors/reading/pages/soup.hpp"
#include "connectors/reading/pages/spaces.hpp"

namespace campaignd {

namespace {

constexpr std::size_t most_bytes = 4 * 1024 * 1024;
constexpr unsigned long most_work = 20'000'000;  // steps of XPath; a list page needs some ten thousand

template <auto release>
struct Call {
  template <class T>
  void operator()(T* handle) const {
    release(handle);
  }
};
using Doc = std::unique_ptr<xmlDoc, Call<xmlFreeDoc>>;
using Parser = std::unique_ptr<htmlParserCtxt, Call<htmlFreeParserCtxt>>;
using XPathContext = std::unique_ptr<xmlXPathContext, Call<xmlXPathFreeContext>>;
using XPathObject = std::unique_ptr<xmlXPathObject, Call<xmlXPathFreeObject>>;
using XPathExpression = std::unique_ptr<xmlXPathCompExpr, Call<xmlXPathFreeCompExpr>>;

const xmlChar* xml(const char* text) { return reinterpret_cast<const xmlChar*>(text); }
std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<const char*>(text));
}
void say_nothing(void*, xmlErrorPtr) {}

void unknown_function(xmlXPathParserContextPtr parser, int) { xmlXPathErr(parser, XPATH_UNKNOWN_FUNC_ERROR); }

/// Functions that XPath 1.0 does not have: libxml2 would write of them on standard error.
xmlXPathFunction find_function(void* context, const xmlChar* name, const xmlChar* space) {
  auto* known = static_cast<xmlXPathContextPtr>(context)->funcHash;
  return xmlHashLookup2(known, name, space) == nullptr ? unknown_function : nullptr;
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

bool ends_line(std::string_view name) {
  return is_one_of(
      name, {"p",       "div",        "li",         "ul",     "ol",      "dl",      "dt",      "dd",      "tr",
             "table",   "h1",         "h2",         "h3",     "h4",      "h5",      "h6",      "header",  "footer",
             "article", "main",       "blockquote", "figure", "center",  "section", "pre",     "address", "nav",
             "aside",   "figcaption", "form",       "hr",     "details", "body",    "summary", "caption", "fieldset"});
}

/// The first element of a name, by a walk without recursion.
xmlNodePtr first_named(xmlNodePtr root, std::string_view name) {
  for (auto* node = root; node != nullptr;) {
    if (node->type == XML_ELEMENT_NODE && view(node->name) == name) return node;
    if (node->children != nullptr) {
      node = node->children;
      continue;
    }
    while (node != nullptr && node != root && node->next == nullptr) node = node->parent;
    node = node == nullptr || node == root ? nullptr : node->next;
  }
  return nullptr;
}

/// Writes a Flow. Its recursion is as deep as the document, which libxml2 keeps under 256.
class Writer {
 public:
  explicit Writer(Around around) : around_(around) {}

  void visit(Node node, bool in_item) {
    if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) return text(view(node->content));
    if (node->type != XML_ELEMENT_NODE) return;
    auto name = view(node->name);
    if (around_ == Around::left_out && is_around(name, in_item)) return;
    if (name == "br") return new_line();
    if (name == "head" || name == "title") return;
    in_item = in_item || is_one_of(name, {"article", "li", "section", "tr"});
    bool block = ends_line(name);
    if (block) end_line();
    if (name == "td" || name == "th") space_ = true;
    auto begin = flow_.text.size();
    bool link = name == "a" && xmlHasProp(const_cast<xmlNode*>(node), xml("href")) != nullptr;
    for (auto* child = node->children; child != nullptr; child = child->next) visit(child, in_item);
    if (link) anchor(node, begin);
    if (block) end_line();
    if (name == "p" && flow_.text.size() == begin) new_line();
  }

  Flow done() { return std::move(flow_); }

 private:
  static bool is_around(std::string_view name, bool in_item) {
    return is_one_of(name, {"nav", "aside", "form"}) || (!in_item && is_one_of(name, {"header", "footer"}));
  }

  void text(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      if (auto space = space_at(text, at)) {
        space_ = true;
        at += space;
        continue;
      }
      if (space_ && !flow_.text.empty() && flow_.text.back() != '\n') flow_.text += ' ';
      space_ = false;
      flow_.text += text[at++];
    }
  }

  void end_line() {
    space_ = false;
    if (!flow_.text.empty() && flow_.text.back() != '\n') flow_.text += '\n';
  }

  void new_line() {
    space_ = false;
    if (!flow_.text.empty()) flow_.text += '\n';
  }

  void anchor(Node node, std::size_t begin) {
    Anchor out{node, begin, flow_.text.size(), attribute_of(node, "href"), {}};
    out.label = trimmed(std::string_view(flow_.text).substr(begin));
    if (out.label.empty()) {
      auto* picture = first_named(const_cast<xmlNode*>(node), "img");
      if (picture != nullptr) out.label = attribute_of(picture, "alt");
    }
    if (out.label.empty()) out.label = attribute_of(node, "aria-label");
    if (out.label.empty()) out.label = attribute_of(node, "title");
    auto& known = flow_.anchors;  // one link in two pieces, as editors leave them
    if (!known.empty() && known.back().href == out.href && known.back().end == begin && out.end > begin) {
      known.back().end = out.end;
      known.back().label += out.label;
    } else {
      known.push_back(std::move(out));
    }
  }

  Around around_;
  bool space_ = false;
  Flow flow_;
};

}  // namespace

struct Document::Tree {
  Doc doc;
  XPathContext context;
  bool whole = false;
};

Document::Document(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::parse(std::string_view bytes, std::string_view content_type) {
  [[maybe_unused]] static const bool once = (xmlInitParser(), true);
  if (bytes.size() > most_bytes) return Failure{Failure::too_large, "the page is larger than 4 MB"};
  auto markup = tidy_markup(decode_html(bytes, content_type));
  if (!markup) return markup.error();
  auto tree = std::make_unique<Tree>();
  tree->whole = markup->find("</body>") != std::string::npos || markup->find("</html>") != std::string::npos;
  Parser parser(htmlNewParserCtxt());
  if (!parser) throw std::bad_alloc();
  tree->doc.reset(htmlCtxtReadMemory(parser.get(), markup->data(), static_cast<int>(markup->size()), nullptr, "UTF-8",
                                     HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                         HTML_PARSE_NODEFDTD | HTML_PARSE_IGNORE_ENC));
  if (parser->disableSAX != 0) return Failure{Failure::malformed, "the page's elements are nested deeper than 256"};
  if (!tree->doc || xmlDocGetRootElement(tree->doc.get()) == nullptr)
    return Failure{Failure::malformed, "the answer holds no HTML"};
  tree->context.reset(xmlXPathNewContext(tree->doc.get()));
  if (!tree->context) throw std::bad_alloc();
  tree->context->error = say_nothing;
  tree->context->opLimit = most_work;
  xmlXPathRegisterFuncLookup(tree->context.get(), find_function, tree->context.get());
  xmlXPathOrderDocElems(tree->doc.get());
  return Document(std::move(tree));
}

Node Document::body() const {
  auto* root = xmlDocGetRootElement(tree_->doc.get());
  auto* body = first_named(root, "body");
  return body == nullptr ? root : body;
}

bool Document::whole() const { return tree_->whole; }

std::string Document::language() const { return attribute_of(xmlDocGetRootElement(tree_->doc.get()), "lang"); }

std::string Document::base_href() const {
  auto* base = first_named(xmlDocGetRootElement(tree_->doc.get()), "base");
  return base == nullptr ? std::string{} : attribute_of(base, "href");
}

Result<std::vector<Node>> Document::select(Node from, std::string_view selector) const {
  auto xpath = selector_to_xpath(selector);
  if (!xpath) return xpath.error();
  auto* context = tree_->context.get();
  auto failed = [&](std::string_view otherwise) {
    bool work = context->opCount >= context->opLimit;
    return Failure{work ? Failure::too_large : Failure::refused,
                   "the selector \"" + std::string(selector) + "\" " +
                       (work ? "asks for too much work on this page" : std::string(otherwise))};
  };
  XPathExpression expression(xmlXPathCtxtCompile(context, xml(xpath->c_str())));
  if (!expression) return failed("is no XPath");
  context->node = const_cast<xmlNode*>(from);
  XPathObject found(xmlXPathCompiledEval(expression.get(), context));
  if (!found) return failed("cannot be followed");
  if (found->type != XPATH_NODESET) return failed("finds no elements");
  std::vector<Node> nodes;
  if (found->nodesetval == nullptr) return nodes;
  xmlXPathNodeSetSort(found->nodesetval);
  for (int i = 0; i < found->nodesetval->nodeNr; ++i)
    if (found->nodesetval->nodeTab[i]->type == XML_ELEMENT_NODE) nodes.push_back(found->nodesetval->nodeTab[i]);
  return nodes;
}

Result<void> check_selector(std::string_view selector) {
  auto page = Document::parse("<html><body><ul><li><a href='/'>x</a></li></ul></body></html>", "");
  if (!page) return page.error();
  auto nodes = page->select(page->body(), selector);
  return nodes ? Result<void>{} : nodes.error();
}

Flow flow_of(Node node, Around around) {
  Writer writer(around);
  writer.visit(node, false);
  return writer.done();
}

std::string_view name_of(Node node) { return view(node->name); }

Node parent_of(Node node) {
  return node->parent != nullptr && node->parent->type == XML_ELEMENT_NODE ? node->parent : nullptr;
}

std::string attribute_of(Node node, const char* name) {
  auto* attribute = xmlHasProp(const_cast<xmlNode*>(node), xml(name));
  if (attribute == nullptr || attribute->children == nullptr) return {};
  return std::string(view(attribute->children->content));
}

}  // namespace campaignd
