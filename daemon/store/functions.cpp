#include "daemon/store/functions.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace campaignd::store {

namespace {

/// As SQL has it: NULL in, NULL out.
template <int arguments, class Function>
void define(Database& db, const char* name, Function function) {
  auto numbers_only = [function](std::span<const Value> values) -> std::optional<double> {
    std::array<double, arguments> numbers{};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (!values[i].number) return std::nullopt;
      numbers[i] = *values[i].number;
    }
    return std::apply(function, numbers);
  };
  db.define(name, arguments, numbers_only);
}

}  // namespace

double poisson_at_least(double lambda, double x) { return x <= 0 ? 1 : boost::math::gamma_p(x, lambda); }

Limits poisson_interval(double count, double confidence) {
  double tail = (1 - confidence) / 2;
  return {count <= 0 ? 0 : boost::math::gamma_p_inv(count, tail), boost::math::gamma_q_inv(count + 1, tail)};
}

Limits binomial_interval(double hits, double n, double confidence) {
  double tail = (1 - confidence) / 2;
  return {hits <= 0 ? 0 : boost::math::ibeta_inv(hits, n - hits + 1, tail),
          hits >= n ? 1 : boost::math::ibetac_inv(hits + 1, n - hits, tail)};
}

std::optional<Recapture> chapman(double n1, double n2, double m) {
  constexpr double fewest = 10, z95 = 1.959964;
  if (m < fewest) return std::nullopt;
  double estimate = (n1 + 1) * (n2 + 1) / (m + 1) - 1;
  double variance = (n1 + 1) * (n2 + 1) * (n1 - m) * (n2 - m) / ((m + 1) * (m + 1) * (m + 2));
  double half = z95 * std::sqrt(variance);
  return Recapture{estimate, {estimate - half, estimate + half}};
}

double median(std::vector<double> numbers) {
  auto middle = numbers.begin() + std::ssize(numbers) / 2;
  std::ranges::nth_element(numbers, middle);
  return numbers.size() % 2 == 1 ? *middle : (*middle + *std::max_element(numbers.begin(), middle)) / 2;
}

void register_functions(Database& db) {
  db.define("median", median);
  define<2>(db, "poisson_at_least", poisson_at_least);
  define<1>(db, "poisson_low", [](double count) { return poisson_interval(count).low; });
  define<1>(db, "poisson_high", [](double count) { return poisson_interval(count).high; });
  using Maybe = std::optional<double>;
  define<2>(db, "binomial_low",
            [](double k, double n) { return n > 0 ? Maybe(binomial_interval(k, n).low) : Maybe(); });
  define<2>(db, "binomial_high",
            [](double k, double n) { return n > 0 ? Maybe(binomial_interval(k, n).high) : Maybe(); });
  define<3>(db, "chapman", [](double n1, double n2, double m) {
    auto all = chapman(n1, n2, m);
    return all ? Maybe(all->estimate) : Maybe();
  });
  define<3>(db, "chapman_low", [](double n1, double n2, double m) {
    auto all = chapman(n1, n2, m);
    return all ? Maybe(all->limits.low) : Maybe();
  });
  define<3>(db, "chapman_high", [](double n1, double n2, double m) {
    auto all = chapman(n1, n2, m);
    return all ? Maybe(all->limits.high) : Maybe();
  });
}

}  // namespace campaignd::store
