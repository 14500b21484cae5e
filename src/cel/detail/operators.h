// The binary operators: how they are written and how strongly they bind. Private to parsing and writing.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "cel/ast.h"
#include "cel/detail/lexer.h"

namespace seawall::cel::detail {

// How strongly a form binds, weakest first.
enum class Level : unsigned char {
  conditionals,
  disjunctions,
  conjunctions,
  relations,
  sums,
  products,
  unaries,
  members,
};

constexpr Level above(Level level) noexcept { return static_cast<Level>(static_cast<int>(level) + 1); }

struct Infix {
  TokenKind token;
  std::string_view function, written;
  Level level;
};

inline constexpr std::array infixes = {
    Infix{TokenKind::logical_or, op::logical_or, " || ", Level::disjunctions},
    Infix{TokenKind::logical_and, op::logical_and, " && ", Level::conjunctions},
    Infix{TokenKind::equals, op::equals, " == ", Level::relations},
    Infix{TokenKind::not_equals, op::not_equals, " != ", Level::relations},
    Infix{TokenKind::less, op::less, " < ", Level::relations},
    Infix{TokenKind::less_equals, op::less_equals, " <= ", Level::relations},
    Infix{TokenKind::greater, op::greater, " > ", Level::relations},
    Infix{TokenKind::greater_equals, op::greater_equals, " >= ", Level::relations},
    Infix{TokenKind::keyword_in, op::in, " in ", Level::relations},
    Infix{TokenKind::plus, op::add, " + ", Level::sums},
    Infix{TokenKind::minus, op::subtract, " - ", Level::sums},
    Infix{TokenKind::star, op::multiply, " * ", Level::products},
    Infix{TokenKind::slash, op::divide, " / ", Level::products},
    Infix{TokenKind::percent, op::modulo, " % ", Level::products},
};

// Null where the token, or the function, is none of them.
constexpr const Infix* find_infix(TokenKind token) noexcept {
  const auto* found = std::ranges::find(infixes, token, &Infix::token);
  return found == infixes.end() ? nullptr : found;
}
constexpr const Infix* find_infix(std::string_view function) noexcept {
  const auto* found = std::ranges::find(infixes, function, &Infix::function);
  return found == infixes.end() ? nullptr : found;
}

}  // namespace seawall::cel::detail
