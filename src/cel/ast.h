// An expression as a tree, after the parser has expanded the macros.
//
// Macros that loop keep their meaning in `Macro` instead of becoming general folds: the checker, the compiler, the
// explanation and the cost know what `all` is.
// Threads: read-only once made (the checker writes its own table beside it). Owns: an Ast owns its nodes and a copy
// of the source; nodes and texts live as long as it (moving the Ast keeps them valid).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "cel/arena.h"
#include "cel/value.h"

namespace seawall::cel {

enum class NodeKind : unsigned char {
  literal,     // constant
  identifier,  // text; a leading dot (absolute name) is kept
  select,      // children[0] . text
  has,         // has(children[0] . text)
  call,        // text(children...)
  method,      // children[0] . text (children[1]...)
  list,        // children: elements
  map,         // children: key, value, key, value...
  record,      // text { fields }: `texts` are the names, children the values
  loop,        // a macro over a range: see Macro
  let,         // children: value, body; `variable`: the name bound in the body
  block,       // cel.block: children: slots..., body; slots are named "@index0"...
};

// Loops have children: range, then what the macro's own arguments were (predicate, or filter and transform).
enum class Macro : unsigned char {
  none,
  all,                  // predicate
  exists,               // predicate
  exists_one,           // predicate
  map,                  // transform, or filter and transform
  filter,               // predicate
  transform_list,       // transform, or filter and transform; two variables
  transform_map,        // transform, or filter and transform; two variables
  transform_map_entry,  // entry (a map), or filter and entry; two variables
};

struct Node {
  NodeKind kind = NodeKind::literal;
  Macro macro = Macro::none;
  std::uint32_t id = 0;      // dense, from 0: index into tables beside the tree
  std::uint32_t place = 0;   // offset in the source: the name or operator that a message is about
  std::uint32_t height = 1;  // levels of the tree from here down; what recurses over a tree is bounded by it
  std::string_view text;
  Value constant;  // literal
  std::span<Node* const> children;
  std::span<const std::string_view> texts;  // record: names of fields
  // list, map, record: one bit an element, entry or field written with '?': the optional's value or nothing.
  std::span<const std::uint64_t> optional_elements;
  // loop: names of its variables; the second is empty for macros of one variable. let: the first.
  std::string_view variable, second_variable;

  bool is_optional(std::size_t element) const noexcept {
    return element / 64 < optional_elements.size() && (optional_elements[element / 64] >> (element % 64) & 1) != 0;
  }
};

// Names of operators, as functions are named in declarations (CEL's own spelling).
namespace op {
inline constexpr std::string_view logical_and = "_&&_", logical_or = "_||_", logical_not = "!_", conditional = "_?_:_",
                                  equals = "_==_", not_equals = "_!=_", less = "_<_", less_equals = "_<=_",
                                  greater = "_>_", greater_equals = "_>=_", add = "_+_", subtract = "_-_",
                                  multiply = "_*_", divide = "_/_", modulo = "_%_", negate = "-_", index = "_[_]",
                                  in = "@in", optional_index = "_[?_]", optional_select = "_?._";
}  // namespace op

class Ast {
 public:
  Ast() : arena_(std::size_t{256} << 20) {}
  const Node& root() const noexcept { return *root_; }
  std::uint32_t node_count() const noexcept { return count_; }
  std::string_view source() const noexcept { return source_; }

 private:
  friend class AstBuilder;
  Arena arena_;
  const Node* root_ = nullptr;
  std::uint32_t count_ = 0;
  std::string_view source_;
};

// Makes nodes; the only way to do so.
// Owns: copies of the source and of what is given as `children` or to keep(). Node::text and the like are not copied:
// give them constants, parts of source(), or what keep() returned.
// Limits: whoever feeds it bounds source and nodes so that the arena's budget is never reached (as parse() does).
class AstBuilder {
 public:
  explicit AstBuilder(std::string_view source);
  Node& node(NodeKind kind, std::size_t place, std::span<Node* const> children = {});
  Node& call(std::string_view function, std::size_t place, std::span<Node* const> arguments);
  std::string_view keep(std::string_view text);
  template <class T>
  std::span<const T> keep(std::span<const T> items) {
    return {static_cast<const T*>(copy(items.data(), items.size_bytes())), items.size()};
  }
  Arena& arena() noexcept { return ast_.arena_; }
  std::uint32_t count() const noexcept { return ast_.count_; }
  std::string_view source() const noexcept { return ast_.source_; }
  Ast finish(const Node& root) &&;

 private:
  void* copy(const void* from, std::size_t bytes);

  Ast ast_;
};

// "line 2, column 7" of an offset, the line and a caret below the column, as in
//   line 1, column 8: unexpected ')'
//    | size( )
//    | ......^
std::string with_place(std::string_view source, std::size_t place, std::string_view message);

// The expression as text again, macros included; parsing it gives the same tree.
std::string text(const Node&);

}  // namespace seawall::cel
