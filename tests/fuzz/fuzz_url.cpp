// Links as feeds and searches give them, to the form that identifies a page.
#include "connectors/reading/articles/article.hpp"
#include "connectors/reading/articles/domain.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

/// The host at the head of a canonical form.
std::string host_at(const std::string& form) { return form.substr(0, form.find_first_of(":/?#")); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = text_of(data, size);
  auto link = real_link(text);
  law(real_link(link) == link, "a link is undone once and for all");
  law(link.size() <= size, "undoing adds nothing");
  hides_page(text);
  title_key(text, text.substr(0, size / 2));
  fingerprint(text.substr(0, size / 2), text);

  auto form = canonical_url(text);
  law(canonical_url(form) == form, "the form of a form is itself");
  if (form.empty()) return 0;
  law(is_ascii(form) && form.find(' ') == std::string::npos, "a form is plain ASCII");
  law(canonical_url("https://" + form) == form, "the scheme does not matter");
  auto host = host_at(form);
  law(host.find('.') != std::string::npos, "a form begins with a host");
  auto domain = registrable_domain(host);
  law(host_within(host, domain), "a host lies within its domain");
  law(registrable_domain(domain) == domain, "a domain is its own");
  return 0;
}
