#include "connectors/reading/xml.hpp"

#include <libxml/parser.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <exception>
#include <memory>

#include "connectors/reading/html.hpp"
#include "connectors/reading/text.hpp"

namespace campaignd {

namespace {

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<const char*>(text));
}

/// '&' while libxml2 reads: a private character no document can hold, since those that do lose it on the way in.
/// References are ours to decode: libxml2 expands what a DOCTYPE declares, drops names nobody declared, and after any
/// error in a document drops every reference behind it.
constexpr std::string_view ampersand = "\uE0FF";

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0;;) {
    auto next = text.find(from, at);
    out.append(text, at, std::min(next, text.size()) - at);
    if (next == text.npos) return out;
    out += to;
    at = next + from.size();
  }
}

/// What libxml2 hands to the callbacks. Exceptions stop at the C boundary and are thrown again behind it.
struct Parse {
  XmlHandler* handler;
  std::exception_ptr postponed;
  xmlParserCtxtPtr context = nullptr;
  std::string pending{};  ///< text that came in pieces: a reference may lie across two of them

  void give_text() {
    if (pending.empty()) return;
    auto text = decode_entities(replaced(pending, ampersand, "&"));
    pending.clear();
    handler->text(text);
  }

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

void on_start(void* context, const xmlChar* local, const xmlChar*, const xmlChar* space, int, const xmlChar**,
              int count, int, const xmlChar** raw) {
  self(context).guarded([&] {
    self(context).give_text();
    std::vector<XmlAttribute> attributes;
    for (int i = 0; i < count; ++i) {
      const xmlChar** a = raw + i * 5;  // local name, prefix, URI, value, end of value
      std::string_view value(reinterpret_cast<const char*>(a[3]), static_cast<std::size_t>(a[4] - a[3]));
      attributes.push_back({{view(a[2]), view(a[0])}, decode_entities(replaced(value, ampersand, "&"))});
    }
    self(context).handler->start({view(space), view(local)}, attributes);
  });
}

void on_end(void* context, const xmlChar* local, const xmlChar*, const xmlChar* space) {
  self(context).guarded([&] {
    self(context).give_text();
    self(context).handler->end({view(space), view(local)});
  });
}

void on_text(void* context, const xmlChar* text, int length) {
  std::string_view piece(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
  self(context).guarded([&] { self(context).pending += piece; });
}

/// In a CDATA section '&' is an ampersand and nothing else.
void on_cdata(void* context, const xmlChar* text, int length) {
  std::string_view piece(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
  self(context).guarded([&] {
    self(context).give_text();
    self(context).handler->text(replaced(piece, ampersand, "&"));
  });
}

xmlEntityPtr no_entity(void*, const xmlChar* name) { return xmlGetPredefinedEntity(name); }
void on_internal_subset(void*, const xmlChar*, const xmlChar*, const xmlChar*) {}
void on_entity_declared(void*, const xmlChar*, int, const xmlChar*, const xmlChar*, xmlChar*) {}
void say_nothing(void*, const char*, ...) {}

xmlSAXHandler sax_handler() {
  xmlSAXHandler sax{};
  sax.initialized = XML_SAX2_MAGIC;
  sax.startElementNs = on_start;
  sax.endElementNs = on_end;
  sax.characters = on_text;
  sax.cdataBlock = on_cdata;
  sax.ignorableWhitespace = on_text;
  sax.getEntity = no_entity;
  sax.internalSubset = on_internal_subset;
  sax.entityDecl = on_entity_declared;
  sax.warning = say_nothing;
  sax.error = say_nothing;
  return sax;
}

/// What a DOCTYPE declared is kept in a document of libxml2's own, which nobody else frees.
void free_context(xmlParserCtxtPtr context) {
  xmlFreeDoc(context->myDoc);
  context->myDoc = nullptr;
  xmlFreeParserCtxt(context);
}

std::string to_utf8(std::string_view bytes, const std::string& charset) {
  UErrorCode error = U_ZERO_ERROR;
  std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(charset.c_str(), &error), ucnv_close);
  if (U_FAILURE(error)) return {};
  icu::UnicodeString text(bytes.data(), static_cast<std::int32_t>(bytes.size()), converter.get(), error);
  std::string out;
  if (U_SUCCESS(error)) text.toUTF8String(out);
  return out;
}

std::string declared_encoding(std::string_view bytes) {
  auto head = bytes.substr(0, 200);
  auto end = head.find("?>");
  if (!head.starts_with("<?xml") || end == head.npos) return {};
  auto at = head.substr(0, end).find("encoding");
  if (at == head.npos) return {};
  auto open = head.find_first_of("\"'", at);
  if (open >= end) return {};
  auto close = head.find(head[open], open + 1);
  return close >= end ? std::string{} : std::string(head.substr(open + 1, close - open - 1));
}

/// Without the start of a character whose end never came.
std::string_view without_broken_end(std::string_view bytes) {
  for (std::size_t back = 1; back <= 3 && back <= bytes.size(); ++back) {
    auto byte = static_cast<unsigned char>(bytes[bytes.size() - back]);
    if (byte >= 0xC0) return bytes.substr(0, bytes.size() - back);
    if (byte < 0x80) break;
  }
  return bytes;
}

std::string decode(std::string_view bytes, std::string_view charset) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return clean_utf8(bytes.substr(3));
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) return to_utf8(bytes, "UTF-16");
  if (is_valid_utf8(without_broken_end(bytes))) return clean_utf8(bytes);
  for (const auto& name : {declared_encoding(bytes), std::string(charset)}) {
    auto lower = fold(name);
    if (lower.empty() || lower == "utf-8" || lower == "iso-8859-1" || lower == "us-ascii") continue;
    if (auto text = to_utf8(bytes, name); !text.empty()) return clean_utf8(text);
  }
  return clean_utf8(to_utf8(bytes, "windows-1252"));
}

}  // namespace

void read_xml(std::string_view bytes, std::string_view charset, XmlHandler& handler) {
  [[maybe_unused]] static const bool once = (xmlInitParser(), true);
  auto text = replaced(replaced(decode(bytes, charset), ampersand, ""), "&", ampersand);
  std::string_view document(text);
  auto first = document.find('<');
  if (first == document.npos) return;
  document.remove_prefix(first);  // blank lines before the declaration are fatal to XML, harmless to us

  auto sax = sax_handler();
  std::unique_ptr<xmlParserCtxt, decltype(&free_context)> context(
      xmlCreatePushParserCtxt(&sax, nullptr, nullptr, 0, nullptr), free_context);
  if (!context) throw std::bad_alloc();
  Parse parse{&handler, nullptr, context.get()};
  context->_private = &parse;
  xmlCtxtUseOptions(context.get(), XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                       XML_PARSE_IGNORE_ENC);
  constexpr std::size_t chunk = 32 * 1024;
  for (std::size_t at = 0; at < document.size() && !parse.postponed; at += chunk) {
    auto piece = document.substr(at, chunk);
    xmlParseChunk(context.get(), piece.data(), static_cast<int>(piece.size()), 0);
  }
  xmlParseChunk(context.get(), nullptr, 0, 1);
  parse.guarded([&] { parse.give_text(); });
  if (parse.postponed) std::rethrow_exception(parse.postponed);
}

}  // namespace campaignd
