// What an expression can cost, reckoned before it runs: the bounds that an API server reckons for a rule (cel-go's
// estimator with the one of Kubernetes' libraries), so that a rule which would be refused or run out of its budget is
// told beforehand.
//
// Threads: safe. Limits: linear in the size of the expression.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "cel/check.h"

namespace seawall::cel {

// From the least to the most, both inclusive; UINT64_MAX is "no bound".
struct CostRange {
  std::uint64_t least = 0, most = 0;
  bool operator==(const CostRange&) const = default;
};

// How large an input can be, where somebody knows: code points, bytes, elements or entries. The path leads from a
// variable: "object.spec.containers.@items.name" ("@keys", "@values" of maps, "@indices" of lists); it is empty for
// what is no part of an input.
using SizeHint = std::function<std::optional<CostRange>(std::string_view path, Type type)>;

CostRange estimate_cost(const Checked& checked, const SizeHint& hint = {});

}  // namespace seawall::cel
