#pragma once
/// What the elements of feeds are called, over all dialects: one table from name to meaning.
#include "connectors/reading/feeds/xml.hpp"

namespace campaignd {

/// Vocabularies. `core` is RSS, RDF and CDF, in whatever namespace the document puts its items.
enum class Space : std::uint8_t {
  core,
  atom,
  rdf,
  dublin,
  content,
  media,
  itunes,
  slash,
  thread,
  schedule,
  feedburner,
  bing,
  xhtml,
  xml,
  other
};

/// By namespace URI, whatever its scheme, case and end; by the customary prefix where that is unknown.
Space space_of(const XmlName& name);

/// What an element says of the entry or feed it stands in.
enum class Field : std::uint8_t {
  none,
  title,
  link,
  id,
  summary,
  content,
  author,
  person_name,
  person_mail,
  published,
  updated,
  category,
  language,
  source,
  replies,
  views,
  likes,
  enclosure,
  original_link,
  ttl,
  period,
  frequency,
  skip_hours,
  skip_days,
  hour,
  day
};

struct Meaning {
  Field field = Field::none;
  int rank = 0;  ///< of several elements that say the same, the lowest stands
};

/// `local` in lower case.
Meaning meaning_of(Space space, std::string_view local);

}  // namespace campaignd
