#include "connectors/http.hpp"
#include "connectors/reading/time.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = text_of(data, size);
  for (auto read : {read_rfc3339, read_rfc822, read_date}) {
    auto time = read(text);
    if (!time) continue;
    law(*time >= sys_ms(std::chrono::sys_days(std::chrono::year(1899) / 12 / 31)), "no date before 1900");
    law(read_rfc3339(format_utc(*time)) == time, "what we write we read");
  }
  Headers headers{
      {"retry-after", std::string(text)}, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", std::string(text)}};
  sys_ms now(std::chrono::seconds(1'800'000'000));
  auto wait = read_retry_after(headers, now);
  law(!wait || (wait->count() >= 0 && *wait <= std::chrono::hours(24)), "Retry-After lies between now and a day");
  read_quota(headers, now);
  return 0;
}
