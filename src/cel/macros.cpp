#include <algorithm>
#include <array>
#include <string>

#include "cel/detail/macros.h"

namespace seawall::cel::detail {
namespace {

struct MacroRule;

// One call to expand, with what all expansions need.
class Expansion {
 public:
  Expansion(AstBuilder& builder, const CallSite& site, const MacroRule& rule)
      : builder_(builder), site_(site), rule_(rule) {}

  Result<Node*> has() const;
  Result<Node*> loop_of_one() const;
  Result<Node*> loop_of_two() const;
  Result<Node*> bind() const;
  Result<Node*> block() const;
  Result<Node*> slot() const;
  Result<Node*> loop_variable() const;
  Result<Node*> accumulator() const;
  Result<Node*> optional_map() const;
  Result<Node*> optional_flat_map() const;
  Result<Node*> sort_by() const;
  Result<Node*> greatest() const;
  Result<Node*> least() const;
  Result<Node*> has_extension() const;
  Result<Node*> get_extension() const;

 private:
  const Node& argument(std::size_t index) const { return *site_.arguments[index]; }
  std::unexpected<Error> wrong(const Node& where, std::string_view what) const {
    return fail(Code::invalid,
                with_place(builder_.source(), where.place, std::string(site_.name) + "(): " + std::string(what)));
  }

  Result<std::string_view> variable(std::size_t index) const;
  Result<Node*> loop(Macro macro, Node* range, std::size_t variables) const;
  Result<Node*> optional_mapping(bool flat) const;
  Result<Node*> extreme(std::string_view function) const;
  Result<std::string_view> extension_name() const;
  Result<Node*> coordinates(std::string_view prefix) const;

  Node& identifier(std::string_view name, std::size_t place) const {
    auto& made = builder_.node(NodeKind::identifier, place);
    made.text = name;
    return made;
  }
  Node& method(std::string_view name, std::initializer_list<Node*> target_and_arguments) const {
    auto& made = builder_.node(NodeKind::method, site_.place, as_span(target_and_arguments));
    made.text = name;
    return made;
  }
  Node& let(std::string_view name, Node& value, Node& body) const {
    auto& made = builder_.node(NodeKind::let, site_.place, as_span({&value, &body}));
    made.variable = name;
    return made;
  }
  static std::span<Node* const> as_span(std::initializer_list<Node*> nodes) { return {nodes.begin(), nodes.size()}; }

  AstBuilder& builder_;
  const CallSite& site_;
  const MacroRule& rule_;
};

enum class Group : unsigned char { standard, extension, local };
constexpr std::size_t any_number = SIZE_MAX;

struct MacroRule {
  std::string_view target;  // "": name(...); "*": anything.name(...); else that identifier
  std::string_view name;
  std::size_t least, most;  // arguments
  Group group;
  Macro macro;  // of loops
  Result<Node*> (Expansion::*expand)() const;
};

constexpr MacroRule rules[] = {
    {"", "has", 1, 1, Group::standard, Macro::none, &Expansion::has},
    {"*", "all", 2, 2, Group::standard, Macro::all, &Expansion::loop_of_one},
    {"*", "exists", 2, 2, Group::standard, Macro::exists, &Expansion::loop_of_one},
    {"*", "exists_one", 2, 2, Group::standard, Macro::exists_one, &Expansion::loop_of_one},
    {"*", "existsOne", 2, 2, Group::local, Macro::exists_one, &Expansion::loop_of_one},
    {"*", "map", 2, 3, Group::standard, Macro::map, &Expansion::loop_of_one},
    {"*", "filter", 2, 2, Group::standard, Macro::filter, &Expansion::loop_of_one},
    {"*", "all", 3, 3, Group::extension, Macro::all, &Expansion::loop_of_two},
    {"*", "exists", 3, 3, Group::extension, Macro::exists, &Expansion::loop_of_two},
    {"*", "exists_one", 3, 3, Group::extension, Macro::exists_one, &Expansion::loop_of_two},
    {"*", "existsOne", 3, 3, Group::extension, Macro::exists_one, &Expansion::loop_of_two},
    {"*", "transformList", 3, 4, Group::extension, Macro::transform_list, &Expansion::loop_of_two},
    {"*", "transformMap", 3, 4, Group::extension, Macro::transform_map, &Expansion::loop_of_two},
    {"*", "transformMapEntry", 3, 4, Group::extension, Macro::transform_map_entry, &Expansion::loop_of_two},
    {"*", "optMap", 2, 2, Group::extension, Macro::none, &Expansion::optional_map},
    {"*", "optFlatMap", 2, 2, Group::extension, Macro::none, &Expansion::optional_flat_map},
    {"*", "sortBy", 2, 2, Group::extension, Macro::none, &Expansion::sort_by},
    {"cel", "bind", 3, 3, Group::local, Macro::none, &Expansion::bind},
    {"cel", "block", 2, 2, Group::local, Macro::none, &Expansion::block},
    {"cel", "index", 1, 1, Group::local, Macro::none, &Expansion::slot},
    {"cel", "iterVar", 2, 2, Group::local, Macro::none, &Expansion::loop_variable},
    {"cel", "accuVar", 2, 2, Group::local, Macro::none, &Expansion::accumulator},
    {"math", "greatest", 0, any_number, Group::extension, Macro::none, &Expansion::greatest},
    {"math", "least", 0, any_number, Group::extension, Macro::none, &Expansion::least},
    {"proto", "hasExt", 2, 2, Group::local, Macro::none, &Expansion::has_extension},
    {"proto", "getExt", 2, 2, Group::local, Macro::none, &Expansion::get_extension},
};

bool fits_target(std::string_view wanted, const Node* target) {
  if (target == nullptr) return wanted.empty();
  return wanted == "*" || (target->kind == NodeKind::identifier && target->text == wanted);
}

bool is_on(Group group, const ParseOptions& options) {
  if (group == Group::standard) return options.macros;
  return options.extension_macros && (group == Group::extension || options.local_macros);
}

const MacroRule* find_rule(const CallSite& site, const ParseOptions& options) {
  for (const auto& rule : rules) {
    if (rule.name != site.name || !fits_target(rule.target, site.target)) continue;
    if (site.arguments.size() < rule.least || site.arguments.size() > rule.most) continue;
    return is_on(rule.group, options) ? &rule : nullptr;
  }
  return nullptr;
}

bool is_simple_name(const Node& node) { return node.kind == NodeKind::identifier && !node.text.starts_with('.'); }

// Only literals can be told to be no number before types are known.
bool may_be_number(const Node& node) {
  if (node.kind == NodeKind::literal) return node.constant.is_number();
  return node.kind != NodeKind::list && node.kind != NodeKind::map && node.kind != NodeKind::record;
}

bool may_be_numbers(const Node& node) {
  return node.kind == NodeKind::list && !node.children.empty() &&
         std::ranges::all_of(node.children, [](const Node* child) { return may_be_number(*child); });
}

// The text of a.b.c; empty where the node is anything else.
std::string dotted_name(const Node& node) {
  std::vector<std::string_view> parts;
  const Node* at = &node;
  for (; at->kind == NodeKind::select; at = at->children[0]) parts.push_back(at->text);
  if (at->kind != NodeKind::identifier) return {};
  std::string name(at->text);
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) name.append(1, '.').append(*part);
  return name;
}

Result<std::string_view> Expansion::variable(std::size_t index) const {
  const auto& node = argument(index);
  if (!is_simple_name(node)) return wrong(node, "expected the name of a variable: a simple name");
  // cel-go's accumulator; what we accept should run there as well.
  if (node.text == "__result__") return wrong(node, "the name '__result__' is taken by the language");
  return node.text;
}

Result<Node*> Expansion::loop(Macro macro, Node* range, std::size_t variables) const {
  auto first = SW_TRY(variable(0));
  auto second = variables == 2 ? SW_TRY(variable(1)) : std::string_view{};
  if (first == second) return wrong(argument(1), "both variables have the same name");
  std::array<Node*, 3> children{range};
  auto rest = site_.arguments.subspan(variables);
  std::ranges::copy(rest, children.begin() + 1);
  auto& made = builder_.node(NodeKind::loop, site_.place, std::span(children).first(rest.size() + 1));
  made.macro = macro;
  made.variable = first;
  made.second_variable = second;
  return &made;
}

Result<Node*> Expansion::loop_of_one() const { return loop(rule_.macro, site_.target, 1); }
Result<Node*> Expansion::loop_of_two() const { return loop(rule_.macro, site_.target, 2); }

Result<Node*> Expansion::has() const {
  auto* field = site_.arguments[0];
  if (field->kind != NodeKind::select) return wrong(*field, "expected the selection of a field, as in has(a.b)");
  field->kind = NodeKind::has;
  return field;
}

Result<Node*> Expansion::bind() const {
  auto name = SW_TRY(variable(0));
  return &let(name, *site_.arguments[1], *site_.arguments[2]);
}

Result<Node*> Expansion::block() const {
  const auto& slots = argument(0);
  if (slots.kind != NodeKind::list) return wrong(slots, "expected a list of slots");
  if (!slots.optional_elements.empty()) return wrong(slots, "a slot can't be optional");
  std::vector<Node*> children(slots.children.begin(), slots.children.end());
  children.push_back(site_.arguments[1]);
  return &builder_.node(NodeKind::block, site_.place, children);
}

Result<Node*> Expansion::slot() const { return coordinates(slot_prefix); }
Result<Node*> Expansion::loop_variable() const { return coordinates(loop_variable_prefix); }
Result<Node*> Expansion::accumulator() const { return coordinates(accumulator_prefix); }

// "@index3", "@it:0:1": a name made of the numbers given.
Result<Node*> Expansion::coordinates(std::string_view prefix) const {
  std::string name;
  for (const auto* number : site_.arguments) {
    bool is_natural =
        number->kind == NodeKind::literal && number->constant.is(Kind::integer) && number->constant.as_integer() >= 0;
    if (!is_natural) return wrong(*number, "expected a number, 0 or above, written out");
    name.append(name.empty() ? prefix : ":").append(std::to_string(number->constant.as_integer()));
  }
  return &identifier(builder_.keep(name), site_.place);
}

Result<Node*> Expansion::optional_map() const { return optional_mapping(false); }
Result<Node*> Expansion::optional_flat_map() const { return optional_mapping(true); }

// target.optMap(v, body):  target.hasValue() ? optional.of(let v = target.value() in body) : optional.none()
// where optFlatMap leaves out optional.of, and a target that is no name is bound to one first.
Result<Node*> Expansion::optional_mapping(bool flat) const {
  auto name = SW_TRY(variable(0));
  auto* target = site_.target;
  bool named = target->kind == NodeKind::identifier;
  auto option = [&] { return &identifier(named ? target->text : optional_target, target->place); };

  auto* mapped = &let(name, method("value", {option()}), *site_.arguments[1]);
  if (!flat) mapped = &builder_.call(optional_of, site_.place, as_span({mapped}));
  auto* none = &builder_.call(optional_none, site_.place, {});
  auto& decided = builder_.call(op::conditional, site_.place, as_span({&method("hasValue", {option()}), mapped, none}));
  return named ? &decided : &let(optional_target, *target, decided);
}

// list.sortBy(v, key):  let input = list in input.@sortByAssociatedKeys(input.map(v, key))
Result<Node*> Expansion::sort_by() const {
  if (site_.target->kind == NodeKind::literal || site_.target->kind == NodeKind::map ||
      site_.target->kind == NodeKind::record) {
    return wrong(*site_.target, "only a list can be sorted");
  }
  auto* keys = SW_TRY(loop(Macro::map, &identifier(sort_input, site_.target->place), 1));
  auto& sorted = method(sort_function, {&identifier(sort_input, site_.target->place), keys});
  return &let(sort_input, *site_.target, sorted);
}

Result<Node*> Expansion::greatest() const { return extreme(math_greatest); }
Result<Node*> Expansion::least() const { return extreme(math_least); }

Result<Node*> Expansion::extreme(std::string_view function) const {
  auto arguments = site_.arguments;
  if (arguments.empty()) return wrong(*site_.target, "expected at least one argument");
  if (arguments.size() == 1 && may_be_numbers(*arguments[0])) return &builder_.call(function, site_.place, arguments);
  for (const auto* each : arguments) {
    if (!may_be_number(*each)) return wrong(*each, "expected a number, or one list of numbers");
  }
  if (arguments.size() <= 2) return &builder_.call(function, site_.place, arguments);
  auto& list = builder_.node(NodeKind::list, site_.place, arguments);
  return &builder_.call(function, site_.place, as_span({&list}));
}

Result<std::string_view> Expansion::extension_name() const {
  const auto& field = argument(1);
  auto name = field.kind == NodeKind::select ? dotted_name(field) : std::string{};
  if (name.empty()) return wrong(field, "expected the full name of an extension, as in package.extension");
  return builder_.keep(name.starts_with('.') ? std::string_view(name).substr(1) : name);
}

Result<Node*> Expansion::get_extension() const {
  auto name = SW_TRY(extension_name());
  auto& made = builder_.node(NodeKind::select, site_.place, site_.arguments.first(1));
  made.text = name;
  return &made;
}

Result<Node*> Expansion::has_extension() const {
  auto* made = SW_TRY(get_extension());
  made->kind = NodeKind::has;
  return made;
}

}  // namespace

Result<Node*> expand_macro(AstBuilder& builder, const CallSite& site, const ParseOptions& options) {
  const auto* rule = find_rule(site, options);
  if (rule == nullptr) return nullptr;
  return (Expansion(builder, site, *rule).*rule->expand)();
}

}  // namespace seawall::cel::detail
