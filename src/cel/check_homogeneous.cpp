#include <algorithm>

#include "cel/detail/checker.h"

// Kubernetes asks that the elements of a list that is written out, and the keys and the values of a map, are of one
// type as the checker sees it: dyn beside int is refused too. What stands in the arguments of format() or
// in a block may be mixed.

namespace seawall::cel {

static Type unwrapped(Type type) { return type.is(TypeKind::wrapper) ? type.parameter(0) : type; }

// A wrapper counts as what it wraps.
static bool is_one_type(Type a, Type b) {
  a = unwrapped(a), b = unwrapped(b);
  return a == b || (a.kind() == b.kind() && a.name() == b.name() &&
                    std::ranges::equal(a.parameters(), b.parameters(), is_one_type));
}

void Checker::demand_homogeneous(const Node& node) {
  bool formats = (node.kind == NodeKind::call || node.kind == NodeKind::method) && node.text == "format";
  if (formats || node.kind == NodeKind::block) return;
  if (node.kind == NodeKind::list) demand_one_type(node, 0, 1);
  if (node.kind == NodeKind::map) {
    demand_one_type(node, 0, 2);
    demand_one_type(node, 1, 2);
  }
  for (auto* child : node.children) demand_homogeneous(*child);
}

// Of every `stride`th child from `first` on.
void Checker::demand_one_type(const Node& aggregate, std::size_t first, std::size_t stride) {
  bool are_keys = stride == 2 && first == 0;
  auto type_of = [&](std::size_t index) {
    auto type = checked_.type(*aggregate.children[index]);
    bool unwrap = !are_keys && aggregate.is_optional(index / stride) && type.is(TypeKind::optional);
    return unwrap ? type.parameter(0) : type;
  };
  for (auto i = first + stride; i < aggregate.children.size(); i += stride) {
    if (is_one_type(type_of(first), type_of(i))) continue;
    mismatch(*aggregate.children[i], type_of(first), type_of(i));
    return;
  }
}

}  // namespace seawall::cel
