// Semantic versions (semver.org 2.0.0), as Kubernetes reads them.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "cel/arena.h"

namespace seawall::cel {

struct Semver {
  std::uint64_t major = 0, minor = 0, patch = 0;
  std::string_view pre_release;  // points into the text that was read
};

std::optional<Semver> read_semver(std::string_view text) noexcept;
// With a "v" in front, leading zeros, and parts missing. What was read is kept in the arena; nothing past its budget
// either (`out_of_memory` is set then).
std::optional<Semver> read_tolerant_semver(std::string_view text, Arena& arena, bool& out_of_memory) noexcept;
// Builds do not count.
std::strong_ordering compare(const Semver& left, const Semver& right) noexcept;

}  // namespace seawall::cel
