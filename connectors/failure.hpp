#pragma once
/// Failures of the outside world: values named for what we do about them.
#include <boost/system/result.hpp>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace campaignd {

struct Failure {
  enum Code {
    unreachable,      ///< no answer: back off, probe
    unavailable,      ///< the server is in trouble: back off, probe
    throttled,        ///< too many requests: wait for retry_after
    refused,          ///< not for us: tell the operator, ask rarely
    gone,             ///< it is not there any more
    malformed,        ///< an answer we cannot read: ask later
    too_large,        ///< over a limit of ours
    blocked_address,  ///< the address guard said no
    exhausted         ///< our own budget is spent
  };
  Code code = unavailable;
  std::string message;                                ///< a sentence for people, without secrets
  std::optional<std::chrono::seconds> retry_after{};  ///< what the server asked for, already bounded
  std::optional<int> cost{};                          ///< what the request came to all the same; else what it reserved
};
std::string_view name_of(Failure::Code code);

template <class T>
using Result = boost::system::result<T, Failure>;

/// Result<T>::value() on a failure is a bug of the caller, so it throws.
[[noreturn]] inline void throw_exception_from_error(const Failure& failure, const boost::source_location&) {
  throw std::logic_error("unchecked failure: " + failure.message);
}

}  // namespace campaignd
