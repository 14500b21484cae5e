// Regular expressions in linear time, whatever the pattern and the text (RE2 syntax). Hides RE2.
// Threads: a Regex may be used from any thread. Limits: as given. Fails: invalid (the pattern, with the reason).
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace seawall {

class Regex {
 public:
  // `memory` bounds the compiled automaton; a pattern that needs more is refused.
  static Result<Regex> compile(std::string_view pattern, std::size_t memory = std::size_t{1} << 20);
  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
  ~Regex();

  // Whether the pattern occurs anywhere in the text.
  bool search(std::string_view text) const;
  // Whether it is the whole text.
  bool matches(std::string_view text) const;
  // Offset and size of the first match at or behind `from`.
  struct Span {
    std::size_t offset, size;
  };
  std::optional<Span> find(std::string_view text, std::size_t from = 0) const;
  std::string_view pattern() const noexcept;

 private:
  struct Impl;
  explicit Regex(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace seawall
