// The way to a field from the object it belongs to, as people write it: spec.containers[1].securityContext,
// metadata.annotations['a.b/c'].
// Threads: a value. Fails: invalid with the position in the path.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/value.h"

namespace seawall::kube {

struct FieldStep {
  std::string name;                       // of a member
  std::optional<std::size_t> index = {};  // of an item, counted from 0, instead of a name
  bool operator==(const FieldStep&) const = default;
};

// No steps: the object itself.
struct FieldPath {
  std::vector<FieldStep> steps;

  // Names may stand in quotes in brackets, where ' " and \ are written with a \ before them; names of letters, digits,
  // '_', '-', '/' and other plain characters need none.
  static Result<FieldPath> parse(std::string_view);
  // What parse reads as the same path; names in quotes unless they are letters, digits and '_' only.
  std::string text() const;
  bool operator==(const FieldPath&) const = default;
};

// The position of the child of that name or index; nothing where there is none. The last of equal names counts.
std::optional<std::size_t> child_at(codec::Value container, const FieldStep&) noexcept;
// The child at a position below size().
codec::Value child_of(codec::Value container, std::size_t position) noexcept;
// An empty Value where the path leads to nothing.
codec::Value find(codec::Value object, const FieldPath&) noexcept;

}  // namespace seawall::kube
