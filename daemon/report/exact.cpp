#include "daemon/report/exact.hpp"

#include "daemon/store/functions.hpp"

namespace campaignd::report {

std::string_view beside(double count, double time, double other, double other_time) {
  constexpr std::string_view nothing = "not distinguishable";
  if (count + other <= 0 || time + other_time <= 0) return nothing;
  auto share = store::binomial_interval(count, count + other);
  double expected = time / (time + other_time);
  return share.low > expected ? "more" : share.high < expected ? "fewer" : nothing;
}

}  // namespace campaignd::report
