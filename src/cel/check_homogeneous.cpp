#include <algorithm>

#include "base/regex.h"
#include "cel/detail/checker.h"
#include "cel/detail/plain_call.h"

// Kubernetes asks that the elements of a list that is written out, and the keys and the values of a map, are of one
// type as the checker sees it: dyn beside int is refused too. What stands in the arguments of format() or
// in a block may be mixed.
//
// It refuses literals, too, that could only fail: duration('1'), timestamp('x'), s.matches('('), '%s'.format([]).

namespace seawall::cel {

static Type unwrapped(Type type) { return type.is(TypeKind::wrapper) ? type.parameter(0) : type; }

// A wrapper counts as what it wraps.
static bool is_one_type(Type a, Type b) {
  a = unwrapped(a), b = unwrapped(b);
  return a == b || (a.kind() == b.kind() && a.name() == b.name() &&
                    std::ranges::equal(a.parameters(), b.parameters(), is_one_type));
}

// How many values a format asks for.
static std::size_t clauses_of(std::string_view format) {
  std::size_t count = 0;
  for (auto at = format.find('%'); at != format.npos; at = format.find('%', at)) {
    if (!format.substr(at).starts_with("%%"))
      ++count, ++at;
    else
      at += 2;
  }
  return count;
}

void Checker::demand_sound_literals(const Node& node) {
  for (auto* child : node.children) demand_sound_literals(*child);
  if (node.kind != NodeKind::call && node.kind != NodeKind::method) return;
  auto is_literal = [](const Node& child) { return child.kind == NodeKind::literal; };
  bool moment = (node.text == "duration" || node.text == "timestamp") && node.children.size() == 1;
  if (moment && is_literal(*node.children[0])) {
    const auto& made = resolution(node).overloads[0];
    PlainCall call;
    auto value = made->run(call, {&node.children[0]->constant, 1});
    if (value.is_error()) mistake(*node.children[0], value.as_error().message);
  }
  bool matches = node.text == "matches" && node.children.size() == 2;
  if (matches && is_literal(*node.children[1])) {
    auto pattern = Regex::compile(node.children[1]->constant.as_text());
    if (!pattern) mistake(*node.children[1], "no pattern: " + pattern.error().what);
  }
  bool formats = node.kind == NodeKind::method && node.text == "format" && node.children.size() == 2;
  if (!formats || !is_literal(*node.children[0]) || node.children[1]->kind != NodeKind::list) return;
  auto wanted = clauses_of(node.children[0]->constant.as_text()), given = node.children[1]->children.size();
  if (wanted != given)
    mistake(node, "the format asks for " + std::to_string(wanted) + " values, and gets " + std::to_string(given));
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
