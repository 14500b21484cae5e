// How the libraries declare their functions, and what their costs are made of.
//
// A function is declared by its signature in the words of the language, so that a table of declarations reads like
// its manual: `<string>.find(string) -> string` is a method of strings, `math.abs(int) -> int` a function; single
// capital letters stand for any type.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>

#include "cel/environment.h"

namespace seawall::cel::library {

using Arguments = std::span<const Value>;

struct Declaration {
  std::string_view id;
  std::string_view signature;
  Function run = nullptr;
  CostFunction cost = nullptr;
  decltype(Overload::prepare) prepare = nullptr;
  bool pure = true;
  bool looks_inside = true;
};

// Types named in signatures are the language's own and those that the environment has by add_type().
void declare(Environment& environment, std::span<const Declaration> declarations);
// A type known to its library alone, with its name as a value of type `type`.
Type add_opaque_type(Environment& environment, std::string_view name);

// What an opaque value holds behind its node: `Content` derives from OpaqueNode.
template <class Content>
const Content& content(const Value& value) noexcept {
  return static_cast<const Content&>(value.as_opaque());
}
template <class Content>
Value make_opaque(Call& call, const Content& made) noexcept {
  auto* node = call.arena().make(made);
  return node ? Value::opaque(node) : call.out_of_memory();
}

// "no such overload: name".
Value no_such_overload(Call& call, std::string_view name) noexcept;

// A pattern as second argument: compiled once where it is constant, else kept by the evaluator. Null with `error` set
// where it is no RE2 pattern.
std::shared_ptr<const void> prepare_pattern(std::span<const Value* const> constants, std::string& error);
const Regex* pattern_of(Call& call, const Value& pattern, Value& error);

namespace cost {
inline constexpr double of_character = 0.1;           // going over a text
inline constexpr double of_pattern_character = 0.25;  // about four characters to a part of a pattern
inline constexpr std::uint64_t of_list = 10, of_structure = 40;

// Size of a value as it counts for costs: code points of a string, elements of a list, 1 for what has no size.
std::uint64_t size(const Value& value) noexcept;
inline std::uint64_t scaled(std::uint64_t size, double factor) noexcept {
  auto exact = static_cast<double>(size) * factor;
  auto whole = static_cast<std::uint64_t>(exact);
  return whole + (static_cast<double>(whole) < exact ? 1 : 0);
}
// Of a value as a tree of data, in Kubernetes' way: whole texts count a tenth of their bytes, rounded down.
std::uint64_t of_traversal(const Value& value) noexcept;
std::uint64_t add(std::uint64_t left, std::uint64_t right) noexcept;
std::uint64_t multiply(std::uint64_t left, std::uint64_t right) noexcept;

// Going once (twice) over the text of the first argument.
std::uint64_t scan_first(Arguments arguments, const Value& result);
std::uint64_t scan_first_twice(Arguments arguments, const Value& result);
std::uint64_t traverse_first(Arguments arguments, const Value& result);
// Matching the first argument against the pattern in the second.
std::uint64_t match(Arguments arguments, const Value& result);
}  // namespace cost

}  // namespace seawall::cel::library
