// Errors as values: Result<T>, the codes a caller can act on, SW_TRY and SW_CHECK.
//
// Nothing of ours throws. A function that can fail returns Result; text is built outward with `in`, so that the
// whole reads "registry.example/app:1: manifest: HTTP 503". What a third party throws is caught inside the room
// that hides it; std::bad_alloc ends the process.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace seawall {

// What the caller can do about it, not where it broke.
enum class Code : unsigned char {
  invalid,      // the input is wrong: correct it
  not_found,    // it is not there: expected absence
  conflict,     // somebody else holds it or it exists already
  denied,       // credentials or permissions
  unavailable,  // network or service away: try again later
  timeout,      // took longer than allowed
  exhausted,    // a limit was reached: disk, memory budget, count
  corrupt,      // stored or fetched data does not add up (digest, checksum, truncation)
  unsupported,  // understood, and not something this version handles
  internal,     // our mistake
};

std::string_view text(Code) noexcept;

struct [[nodiscard]] Error {
  Code code = Code::internal;
  std::string what;

  // Puts the thing that was being worked on in front of the message.
  Error&& in(std::string_view context) && {
    what.insert(0, ": ").insert(0, context);
    return std::move(*this);
  }
};

template <class T = void>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Code code, std::string what) {
  return std::unexpected(Error{code, std::move(what)});
}

// Adds context to a failed result and passes a good one through.
template <class T>
Result<T> in(std::string_view context, Result<T> result) {
  if (!result) return std::unexpected(std::move(result.error()).in(context));
  return result;
}

namespace detail {
[[noreturn]] void check_failed(const char* condition, const char* file, int line);
template <class T>
T&& value_of(std::expected<T, Error>& result) {
  return std::move(*result);
}
inline void value_of(std::expected<void, Error>&) {}
}  // namespace detail

}  // namespace seawall

// Value of a Result, or return its error from the enclosing function.
#define SW_TRY(expr) SW_TRY_(expr, __COUNTER__)
#define SW_TRY_(expr, n) SW_TRY__(expr, n)
#define SW_TRY__(expr, n)                                      \
  __extension__({                                              \
    auto sw_result##n = (expr);                                \
    if (!sw_result##n) [[unlikely]]                            \
      return std::unexpected(std::move(sw_result##n).error()); \
    ::seawall::detail::value_of(sw_result##n);                 \
  })

// A broken invariant of our own, in all builds. Never for input, network, disk, configuration or kernel features.
#define SW_CHECK(condition)                                            \
  do {                                                                 \
    if (!(condition)) [[unlikely]]                                     \
      ::seawall::detail::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)
