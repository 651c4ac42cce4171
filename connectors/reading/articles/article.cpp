// The ladder from a link to the one form all links to its page share.
#include "connectors/reading/articles/article.hpp"

#include <array>
#include <vector>

#include "connectors/reading/articles/link_parts.hpp"

namespace campaignd {

namespace {

constexpr int most_rounds = 8;

/// RFC 3986 6.2.2: unreserved characters plain, everything else that is no delimiter as %XX in capitals.
std::string normal(std::string_view text, bool in_query) {
  constexpr std::string_view digits = "0123456789ABCDEF", delimiters = "!$&'()*+,;=:@/?";
  std::string out;
  out.reserve(text.size());
  auto encode = [&](char c) {
    auto byte = static_cast<unsigned char>(c);
    out += {'%', digits[byte >> 4], digits[byte & 15]};
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (auto byte = escaped_byte(text, i)) {
      i += 2;
      if (is_unreserved(*byte))
        out += *byte;
      else
        encode(*byte);
    } else if (c == '+' && in_query) {
      out += "%20";
    } else if (is_unreserved(c) || delimiters.find(c) != delimiters.npos) {
      out += c;
    } else {
      encode(c);
    }
  }
  return out;
}

/// Parameters that say how the reader came, not what is shown. A '*' ends a prefix.
constexpr std::array<std::string_view, 78> tracking{
    "utm_*",      "mc_*",    "at_*",        "wt_*",       "wt.*",          "mtm_*",
    "pk_*",       "piwik_*", "matomo_*",    "hsa_*",      "_hs*",          "oly_*",
    "itm_*",      "ns_*",    "trk_*",       "vero_*",     "fb_*",          "__twitter*",
    "fbclid",     "gclid",   "gclsrc",      "gbraid",     "wbraid",        "dclid",
    "msclkid",    "yclid",   "ysclid",      "twclid",     "ttclid",        "li_fat_id",
    "igshid",     "igsh",    "oc",          "_ga",        "_gl",           "_openstat",
    "xtor",       "xtref",   "ref_src",     "ref_url",    "cmpid",         "cmp",
    "ito",        "smid",    "smtyp",       "ocid",       "ncid",          "sref",
    "icid",       "intcid",  "intcmp",      "icmp",       "s_cid",         "maca",
    "mkt_tok",    "trk",     "spm",         "guccounter", "guce_referrer", "guce_referrer_sig",
    "xing_share", "echobox", "ceid_source", "wtmc",       "mod_rss",       "rss",
    "feedtype",   "soc_src", "soc_trk",     "shared",     "sharetype",     "share_id",
    "tblci",      "cx_*",    "amp_*",       "usqp",       "ved",           "usg"};
/// These do so only with such values: elsewhere they choose the page.
constexpr std::array<std::string_view, 7> sometimes_tracking{"ref", "source",  "src",   "from",
                                                             "via", "partner", "output"};
constexpr std::array<std::string_view, 17> tracking_values{
    "rss",      "feed",  "rssfeed",  "twitter", "facebook", "social",    "newsletter", "email", "whatsapp",
    "telegram", "share", "homepage", "home",    "google",   "instagram", "linkedin",   "amp"};

bool is_tracking(std::string_view name_as_written, std::string_view value_as_written) {
  auto name = lowered(name_as_written), value = lowered(value_as_written);
  if (name == "amp" || (name == "outputtype" && value == "amp")) return true;
  if (std::ranges::find(sometimes_tracking, name) != sometimes_tracking.end())
    return std::ranges::find(tracking_values, value) != tracking_values.end();
  return std::ranges::any_of(tracking, [&](std::string_view each) {
    return each.ends_with('*') ? name.starts_with(each.substr(0, each.size() - 1)) : name == each;
  });
}

/// Without dot segments and empty ones.
std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> out;
  while (!path.empty()) {
    auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), segment.size() + 1));
    if (segment == ".." && !out.empty()) out.pop_back();
    if (!segment.empty() && segment != "." && segment != "..") out.push_back(segment);
  }
  return out;
}

/// The last segment without what makes it an AMP page, a session or a folder's index.
std::string last_segment(std::string segment) {
  constexpr std::array<std::string_view, 8> standing_for_the_folder{
      "amp", "amp.html", "index.html", "index.htm", "index.php", "index.asp", "default.aspx", "index.amp"};
  int rounds = 0;
  for (bool again = true; again && rounds < most_rounds; ++rounds) {
    auto before = segment.size();
    if (auto at = lowered(segment).find(";jsessionid="); at != std::string::npos) segment.erase(at);
    auto small = lowered(segment);
    if (small.ends_with(".amp.html")) segment.erase(segment.size() - 9, 4);
    if (small.ends_with(".amp")) segment.erase(segment.size() - 4);
    if (std::ranges::find(standing_for_the_folder, lowered(segment)) != standing_for_the_folder.end()) segment.clear();
    again = !segment.empty() && segment.size() != before;
  }
  return segment;
}

std::string folded_path(std::string_view path) {
  auto plain = normal(path, false);
  auto segments = segments_of(plain);
  std::string last;
  while (!segments.empty() && last.empty()) {
    last = last_segment(std::string(segments.back()));
    segments.pop_back();
  }
  std::string out;
  for (auto segment : segments) out.append("/").append(segment);
  return last.empty() ? out : out + "/" + last;
}

std::string folded_query(std::string_view query) {
  std::vector<std::string> kept;
  each_pair(query, [&](std::string_view pair, std::string_view, std::string_view) {
    auto plain = normal(pair, true);
    auto equals = std::min(plain.find('='), plain.size());
    auto name = std::string_view(plain).substr(0, equals);
    auto value = std::string_view(plain).substr(std::min(equals + 1, plain.size()));
    if (!is_tracking(name, value)) kept.push_back(std::move(plain));
  });
  std::ranges::sort(kept);
  auto rest = std::ranges::unique(kept);
  kept.erase(rest.begin(), rest.end());
  std::string out;
  for (const auto& each : kept) out.append(out.empty() ? "?" : "&").append(each);
  return out;
}

std::string folded(std::string_view link) {
  auto parts = take_apart(link);
  if (!parts) return {};
  auto out = parts->host;
  auto port = parts->port;
  while (port.starts_with('0')) port.remove_prefix(1);
  if (!port.empty() && port != "80" && port != "443") out.append(":").append(port);
  out += folded_path(parts->path);
  out += folded_query(parts->query);
  if (parts->fragment.size() > 1 && parts->fragment.starts_with('!'))
    out.append("#").append(normal(parts->fragment, false));
  return out;
}

}  // namespace

/// Written in one way, a link may turn out to be a wrapper, or a path to end in "/amp" once more: until nothing moves.
std::string canonical_url(std::string_view url) {
  if (url.size() > longest_link) return {};
  auto form = folded(real_link(url));
  for (int i = 0; i < most_rounds; ++i) {
    auto again = folded(real_link(form));
    if (again == form) return form;
    form = std::move(again);
  }
  return {};
}

}  // namespace campaignd
