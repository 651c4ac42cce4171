#pragma once
/// What SQLite cannot count itself: medians, exact intervals of counts and shares, Poisson tails, capture and
/// recapture. Each is a function here and, by the same name, in SQL.
#include "daemon/store/database.hpp"

namespace campaignd::store {

/// Of an interval that holds the truth as often as its confidence says.
struct Limits {
  double low, high;
};

/// P(X >= x) of a Poisson count with mean `lambda` (M-12).
double poisson_at_least(double lambda, double x);

/// The exact (Garwood) interval of a Poisson mean of which `count` was seen.
Limits poisson_interval(double count, double confidence = 0.95);

/// The exact (Clopper-Pearson) interval of a share of which `hits` of `n` was seen.
Limits binomial_interval(double hits, double n, double confidence = 0.95);

/// M-15: how many there are, of which two observers saw n1 and n2, and both m (Chapman 1951), with its 95 % interval.
/// Nothing where both saw fewer than ten: then it says nothing.
struct Recapture {
  double estimate;
  Limits limits;
};
std::optional<Recapture> chapman(double n1, double n2, double m);

/// The middle one, or the mean of the two in the middle.
double median(std::vector<double> numbers);

/// median(of a group), poisson_at_least(lambda, x), poisson_low(count), poisson_high(count), binomial_low(hits, n),
/// binomial_high(hits, n), chapman(n1, n2, m), chapman_low(…), chapman_high(…). NULL of NULL, or where the function is
/// not defined.
void register_functions(Database& db);

}  // namespace campaignd::store
