#include "connectors/platforms/instagram.hpp"
#include "tests/fuzz/meta_law.hpp"

using namespace campaignd;
using namespace campaignd::meta_law;

namespace {

SourceSettings settings(const std::string& account) {
  SourceSettings out;
  out.account = account;
  if (account.empty()) out.tags = {"t", "u"};
  out.backfill_pages = 3;
  out.session = std::make_shared<Session>();
  out.session->credential = "17841400000000001:" + secret;
  return out;
}

const Laws laws{"https://www.instagram.com/p/",
                [](const Counters& counters) { return !counters.reposts && !counters.views; }};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto search = make_instagram(settings(""));
  static const auto partner = make_instagram(settings("a.example"));
  auto body = text_of(data, size);
  int status = one_of(body, {200, 200, 400, 500});
  switch (one_of(body, {0, 1, 2})) {
    case 0: laws.poll(*search, "", status, body); break;
    case 1: laws.poll(*search, "known=1749990000000&id0=17843857450040591&id1=17843857450040592", status, body); break;
    default: laws.poll(*partner, "known=1749900000000", status, body);
  }
  (void)parse_instagram(std::string(body), {});
  return 0;
}
