// Calls that are expanded while they are parsed. Private to the parser.
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "cel/ast.h"
#include "cel/parse.h"

namespace seawall::cel::detail {

struct CallSite {
  std::string_view name;
  std::size_t place = 0;
  Node* target = nullptr;  // null: name(...), else target.name(...)
  std::span<Node* const> arguments;
};

// The expansion; null where this is an ordinary call (no macro of that name takes that number of arguments). Wrong
// kinds of arguments of a macro are an error.
Result<Node*> expand_macro(AstBuilder&, const CallSite&, const ParseOptions&);

// Names that expansions bind; no source can spell them.
inline constexpr std::string_view optional_target = "@target", sort_input = "@__sortBy_input__",
                                  sort_function = "@sortByAssociatedKeys", slot_prefix = "@index",
                                  loop_variable_prefix = "@it:", accumulator_prefix = "@ac:";
// Functions that only expansions call by these names, as one word; source calls optional.of as a method.
inline constexpr std::string_view optional_of = "optional.of", optional_none = "optional.none",
                                  math_greatest = "math.@max", math_least = "math.@min";

}  // namespace seawall::cel::detail
