#pragma once
/// What all requests to X share: where they go, what is asked for, what it costs, and what X's errors mean.
#include "connectors/platforms/x_list.hpp"

namespace campaignd {

/// What X charges for what it returns, in tenths of a US cent (docs.x.com, pricing, August 2026). It does not say
/// whether authors that come with posts are charged for: they are counted as if they were. That the same thing is
/// charged once in a UTC day is not relied on.
struct XPrices {
  static constexpr int post = 5, user = 10, cent = 10;
};

/// The most posts one answer holds.
constexpr int x_page_size = 100;

/// The parameters that name what is wanted of posts, and of their authors beside them; each begins with '&'.
extern const std::string_view x_post_fields, x_author_fields;

/// The operator's way to X: the token, and the money.
class XAccess {
 public:
  /// `part`: of the month's money, one in so many.
  explicit XAccess(const SourceSettings& source, int part = 1);

  /// A GET below /2/ that costs so much at the most.
  Request ask(const std::string& path, int cost) const;
  /// So many items of this price that one request reserves no more than a tenth of the money, where that is possible.
  int page_size(int price, int least) const;

  /// The list in an answer, or why there is none.
  Result<XList> read_list(const Answer& answer) const;
  /// What an answer that holds nothing we asked for means.
  Failure failure(const Answer& answer) const;

 private:
  std::string said(const XProblem& problem) const;

  std::string token_;
  int allowance_;
};

}  // namespace campaignd
