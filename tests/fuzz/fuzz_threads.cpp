#include "connectors/platforms/threads.hpp"
#include "tests/fuzz/meta_law.hpp"

using namespace campaignd;
using namespace campaignd::meta_law;

namespace {

SourceSettings settings(const std::string& account) {
  SourceSettings out;
  out.account = account;
  out.tags = {"t"};
  out.backfill_pages = 3;
  out.session = std::make_shared<Session>();
  out.session->credential = secret;
  out.session->who = "owner";
  return out;
}

const Laws laws{"https://www.threads.com/t/", [](const Counters& counters) { return counters == Counters{}; }};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto search = make_threads(settings(""));
  static const auto partner = make_threads(settings("a.example"));
  auto body = text_of(data, size);
  int status = one_of(body, {200, 200, 400, 500});
  switch (one_of(body, {0, 1, 2})) {
    case 0: laws.poll(*search, "", status, body); break;
    case 1:
      laws.poll(*search, "known=1749900000000&begun=1749950000000&mark=m&proven=1749900000000", status, body);
      break;
    default: laws.poll(*partner, "known=1749900000000", status, body);
  }
  (void)parse_threads(std::string(body), {});
  return 0;
}
