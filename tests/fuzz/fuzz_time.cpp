#include <array>
#include <string>

#include "connectors/http.hpp"
#include "connectors/reading/dates/time.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

/// "20 Jun 2027 06:00:00 GMT", of an instant as RFC 3339 has it.
std::string as_mail_date(const std::string& iso) {
  constexpr std::array names{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto month = std::stoul(iso.substr(5, 2));
  return iso.substr(8, 2) + " " + names.at(month - 1) + " " + iso.substr(0, 4) + " " + iso.substr(11, 8) + " GMT";
}

void check_date(std::string_view text, sys_ms time) {
  using std::chrono::year;
  law(time >= sys_ms(std::chrono::sys_days(year(2) / 1 / 1)), "no date before the year 2");
  law(time < sys_ms(std::chrono::sys_days(year(9999) / 1 / 1)), "no date in the year 9999");
  auto iso = format_utc(time);
  law(read_rfc3339(iso) == time && read_date(iso) == time, "what we write we read");
  auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  law(read_rfc822(as_mail_date(iso)) == seconds && read_date(as_mail_date(iso)) == seconds, "RFC 822 says the same");
  law(read_date(text) == read_date(std::string(text) + " \r\n\t"), "white space after a date means nothing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = text_of(data, size);
  for (auto read : {read_rfc3339, read_rfc822, read_date})
    if (auto time = read(text)) check_date(text, *time);
  Headers headers{
      {"retry-after", std::string(text)}, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", std::string(text)}};
  sys_ms now(std::chrono::seconds(1'800'000'000));
  auto wait = read_retry_after(headers, now);
  law(!wait || (wait->count() >= 0 && *wait <= std::chrono::hours(24)), "Retry-After lies between now and a day");
  read_quota(headers, now);
  return 0;
}
