#include "connectors/reading/feeds/xml.hpp"

#include <libxml/SAX2.h>
#include <libxml/parser.h>

#include <algorithm>
#include <exception>
#include <memory>

#include "connectors/reading/feeds/mend.hpp"

namespace campaignd {

namespace {

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<const char*>(text));
}

/// What libxml2 hands to the callbacks. Exceptions stop at the C boundary and are thrown again behind it.
struct Parse {
  XmlHandler* handler;
  std::exception_ptr postponed;
  xmlParserCtxtPtr context = nullptr;
  bool declares = false;  ///< there is a DOCTYPE
  bool strange = false;   ///< a reference named a control character

  template <class Act>
  void guarded(Act act) noexcept {
    if (postponed) return;
    try {
      act();
    } catch (...) {
      postponed = std::current_exception();
      if (context != nullptr) xmlStopParser(context);
    }
  }
};

/// The callbacks get the parser context; its _private is ours.
Parse& self(void* context) { return *static_cast<Parse*>(static_cast<xmlParserCtxtPtr>(context)->_private); }

/// Without XML_PARSE_NOENT, which is never set, libxml2 leaves the '&' of an attribute's value written so, and nothing
/// else.
std::string decoded(std::string_view value) {
  constexpr std::string_view written = "&#38;";
  std::string out;
  for (;;) {
    auto at = std::min(value.find(written), value.size());
    out += value.substr(0, at);
    if (at == value.size()) return out;
    out += '&';
    value.remove_prefix(at + written.size());
  }
}

void on_start(void* context, const xmlChar* local, const xmlChar* prefix, const xmlChar* space, int, const xmlChar**,
              int count, int, const xmlChar** raw) {
  self(context).guarded([&] {
    std::vector<XmlAttribute> attributes;
    for (int i = 0; i < count; ++i) {
      const xmlChar** a = raw + i * 5;  // local name, prefix, URI, value, end of value
      std::string_view value(reinterpret_cast<const char*>(a[3]), static_cast<std::size_t>(a[4] - a[3]));
      attributes.push_back({{view(a[2]), view(a[0]), view(a[1])}, decoded(value)});
    }
    self(context).handler->start({view(space), view(local), view(prefix)}, attributes);
  });
}

void on_end(void* context, const xmlChar* local, const xmlChar* prefix, const xmlChar* space) {
  self(context).guarded([&] { self(context).handler->end({view(space), view(local), view(prefix)}); });
}

/// The document holds no control character (to_utf8), but its references may: those of 128 to 159 mean windows-1252.
bool holds_control(std::string_view text) {
  if (text.find('\r') != text.npos) return true;
  for (auto at = text.find('\xC2'); at < text.size(); at = text.find('\xC2', at + 1))
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0) return true;
  return false;
}

void on_text(void* context, const xmlChar* text, int length) {
  std::string_view piece(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
  if (holds_control(piece)) self(context).strange = true;
  self(context).guarded([&] { self(context).handler->text(piece); });
}

void on_declaration(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  self(context).declares = true;
  xmlStopParser(self(context).context);
}

void say_nothing(void*, const char*, ...) {}

xmlSAXHandler sax_handler() {
  xmlSAXHandler sax{};
  sax.initialized = XML_SAX2_MAGIC;
  sax.startElementNs = on_start;
  sax.endElementNs = on_end;
  sax.characters = on_text;
  sax.cdataBlock = on_text;
  sax.ignorableWhitespace = on_text;
  sax.internalSubset = on_declaration;
  sax.warning = say_nothing;
  sax.error = say_nothing;
  return sax;
}

/// Whether it was well-formed to its end.
bool parse(std::string_view document, XmlHandler& handler) {
  [[maybe_unused]] static const bool once = (xmlInitParser(), true);
  auto sax = sax_handler();
  std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)> context(
      xmlCreatePushParserCtxt(&sax, nullptr, nullptr, 0, nullptr), xmlFreeParserCtxt);
  if (!context) throw std::bad_alloc();
  Parse parse{&handler, nullptr, context.get()};
  context->_private = &parse;
  xmlCtxtUseOptions(context.get(), XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC);
  constexpr std::size_t chunk = 32 * 1024;
  for (std::size_t at = 0; at < document.size() && context->wellFormed == 1 && !parse.postponed; at += chunk) {
    auto piece = document.substr(at, chunk);
    xmlParseChunk(context.get(), piece.data(), static_cast<int>(piece.size()), 0);
  }
  if (!parse.declares) xmlParseChunk(context.get(), nullptr, 0, 1);
  if (parse.postponed) std::rethrow_exception(parse.postponed);
  return context->wellFormed == 1 && !parse.declares && !parse.strange;
}

/// Whether some tag has so many attributes, or the document so many or so long namespaces, that libxml2, which compares
/// each with all, would never end. Mending leaves out what is too much.
bool is_crowded(std::string_view text) {
  int attributes = 0, namespaces = 0;
  std::size_t last = 0;
  for (auto at = text.find('='); at != text.npos; at = text.find('=', at + 1)) {
    auto between = text.substr(last, at - last);
    if (between.find('<') != between.npos) attributes = 0;
    if (++attributes > most_attributes) return true;
    if (between.find("xmlns") != between.npos) {
      auto value = text.substr(at, longest_namespace + 2);
      if (++namespaces > most_namespaces || value.find_first_of("\"'", 2) == value.npos) return true;
    }
    last = at;
  }
  return false;
}

}  // namespace

bool read_xml(std::string_view text, XmlHandler& handler) { return !is_crowded(text) && parse(text, handler); }

bool read_mended_xml(std::string_view text, XmlHandler& handler) {
  const auto mended = mend(text);
  parse(mended.text, handler);
  return mended.complete;
}

}  // namespace campaignd
