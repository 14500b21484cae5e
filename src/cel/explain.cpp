#include "cel/explain.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "cel/detail/accept.h"
#include "cel/detail/operations.h"
#include "cel/detail/or_else.h"
#include "cel/message.h"

namespace seawall::cel {

namespace {

using detail::Operations;

// A place, as a chain from the leaf to the input.
struct Place {
  const Place* parent = nullptr;
  std::string_view name;  // of an input or field
  std::size_t index = 0;  // of an element
  bool element = false;
  bool present = true;
  Value value;
};

// Places read, as a tree of unions: joining costs nothing, listing is done once at the end.
struct Reads {
  const Place* place = nullptr;
  const Reads* left = nullptr;
  const Reads* right = nullptr;
};

struct Traced {
  Value value;
  const Place* place = nullptr;  // where the value stands, if it stands in an input
  const Reads* reads = nullptr;
  const std::vector<Traced>* items = nullptr;  // of a list that was made, where each element came from
};

std::string path_of(const Place& place) {
  std::vector<const Place*> chain;
  for (const auto* at = &place; at != nullptr; at = at->parent) chain.push_back(at);
  std::string out;
  for (const auto* at : std::vector<const Place*>(chain.rbegin(), chain.rend())) {
    bool plain = !at->name.empty() && std::ranges::all_of(at->name, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
    if (at->element)
      out += "[" + std::to_string(at->index) + "]";
    else if (at->parent == nullptr)
      out += at->name;
    else if (plain)
      out.append(".").append(at->name);
    else
      out.append("['").append(at->name).append("']");
  }
  return out;
}

}  // namespace

struct Explainer::Impl {
  explicit Impl(const EvaluationLimits& given) : limits(given), operations(given.memory) {}

  // --- Reading ------------------------------------------------------------------------------------------------------

  const Reads* read(const Place* place) {
    return place ? operations.arena().make(Reads{place, nullptr, nullptr}) : nullptr;
  }
  const Reads* join(const Reads* left, const Reads* right) {
    if (!left || !right || left == right) return left ? left : right;
    return operations.arena().make(Reads{nullptr, left, right});
  }
  Traced child(const Traced& parent, const Value& value, Place place) {
    if (!parent.place) return {value, nullptr, parent.reads};
    place.parent = parent.place;
    place.value = value.is_error() ? Value() : value;
    place.present = !value.is_error();
    const auto* kept = operations.arena().make(place);
    return {value, kept, read(kept)};
  }

  Traced visit(const Node& node) {
    if (++steps > limits.iterations) return {operations.fail(ErrorCode::cost_exceeded, "limit of steps exceeded")};
    if (steps % 128 == 0 && limits.interrupt) interrupted |= limits.interrupt->load(std::memory_order_relaxed);
    if (interrupted) return {operations.fail(ErrorCode::interrupted, "evaluation was interrupted")};
    const auto& resolved = tree->resolution(node);
    switch (resolved.kind) {
      case Resolution::Kind::variable:
        return variable(resolved);
      case Resolution::Kind::local:
        return locals[{resolved.binding, resolved.second ? 1U : resolved.slot}];
      case Resolution::Kind::constant:
        return {resolved.constant};
      case Resolution::Kind::unknown:
        return {operations.fail(ErrorCode::no_such_variable, "undeclared reference to ", resolved.name)};
      default:
        break;
    }
    switch (node.kind) {
      case NodeKind::literal:
        return {node.constant};
      case NodeKind::select:
        return select(node);
      case NodeKind::has:
        return has(node);
      case NodeKind::call:
      case NodeKind::method:
        return call(node);
      case NodeKind::list:
      case NodeKind::map:
      case NodeKind::record:
        return aggregate(node);
      case NodeKind::loop:
        return loop(node);
      case NodeKind::let:
        return let(node);
      case NodeKind::block:
        return block(node);
      case NodeKind::identifier:
        break;
    }
    return {operations.fail(ErrorCode::no_such_variable, "undeclared reference to ", node.text)};
  }

  Traced variable(const Resolution& resolved) {
    const auto& declared = tree->environment().variables()[resolved.slot];
    if (auto known = computed.find(declared.name); known != computed.end()) return known->second;
    if (auto defined = definitions.find(declared.name); defined != definitions.end()) {
      const auto* outer = std::exchange(tree, defined->second.get());
      auto outer_locals = std::exchange(locals, {});
      auto result = visit(tree->root());
      tree = outer;
      locals = std::move(outer_locals);
      return computed.emplace(declared.name, result).first->second;
    }
    if (resolved.slot >= inputs.size())
      return {operations.fail(ErrorCode::no_such_variable, "no value was given for ", declared.name)};
    const auto& value = inputs[resolved.slot];
    if (!value.is_error() && !detail::accepts(declared.type, value))
      return {operations.fail(ErrorCode::no_such_overload, "value of another type than declared: ", declared.name)};
    const auto* place = operations.arena().make(Place{.name = declared.name, .value = value});
    return {value, place, read(place)};
  }

  Traced select(const Node& node) {
    auto operand = visit(*node.children[0]);
    if (operand.value.is_error()) return operand;
    const auto* field = tree->resolution(node).field;
    bool typed = field && (field->wire != Wire::none || field->layout != Layout::none);
    auto value = typed ? operations.record_field(operand.value, *field)
                       : operations.select(operand.value, codec::Key(node.text));
    return child(operand, value, {.name = node.text});
  }

  Traced has(const Node& node) {
    auto operand = visit(*node.children[0]);
    if (operand.value.is_error()) return operand;
    const auto* field = tree->resolution(node).field;
    bool typed = field && (field->wire != Wire::none || field->layout != Layout::none);
    codec::Key key(node.text);
    auto found = typed ? operations.has_record_field(operand.value, *field) : operations.has(operand.value, key);
    if (found.is_error()) return {found, nullptr, operand.reads};
    auto value = found.is_true() ? operations.select(operand.value, key) : operations.fail(ErrorCode::no_such_key, "");
    return {found, nullptr, child(operand, value, {.name = node.text}).reads};
  }

  // --- Calls --------------------------------------------------------------------------------------------------------

  Traced call(const Node& node) {
    if (node.kind == NodeKind::call && node.children.size() >= 2) {
      if (node.text == op::logical_and || node.text == op::logical_or) return logical(node);
      if (node.text == op::conditional) return conditional(node);
      if (node.text == op::index || node.text == op::optional_index || node.text == op::optional_select)
        return element(node);
    }
    const auto& resolved = tree->resolution(node);
    if (auto what = detail::or_else_of(node, resolved); what != detail::OrElse::neither) return or_else(node, what);
    auto given = node.children.subspan(resolved.qualified ? 1 : 0);
    std::vector<Value> arguments;
    std::vector<Traced> traced;
    Traced result;
    for (const auto* each : given) {
      auto argument = visit(*each);
      if (argument.value.is_error()) return argument;
      arguments.push_back(argument.value);
      result.reads = join(result.reads, argument.reads);
      traced.push_back(argument);
    }
    result.value = apply(node, arguments);
    // It only takes the type away.
    if (node.text == "dyn" && node.kind == NodeKind::call && traced.size() == 1) return traced[0];
    if (node.text == op::add && result.value.is(Kind::list)) result.items = joined_items(traced);
    return result;
  }

  // What each element of a list is and where it came from.
  Traced item(const Traced& list, std::size_t at) {
    if (list.items != nullptr && at < list.items->size()) return (*list.items)[at];
    return child(list, list.value.item(at), {.index = at, .element = true});
  }

  const std::vector<Traced>* joined_items(std::span<const Traced> lists) {
    auto& items = made_items.emplace_back();
    for (const auto& list : lists)
      for (std::size_t i = 0; i < list.value.size(); ++i) items.push_back(item(list, i));
    return &items;
  }

  Value apply(const Node& node, std::span<const Value> arguments) {
    if (node.text == op::equals) return Value::boolean(equal(arguments[0], arguments[1]));
    if (node.text == op::not_equals) return Value::boolean(!equal(arguments[0], arguments[1]));
    if (node.text == op::in) return operations.contains(arguments[0], arguments[1]);
    if (node.text == "dyn" && node.kind == NodeKind::call && arguments.size() == 1) return arguments[0];
    using detail::Opcode;
    constexpr std::pair<std::string_view, Opcode> orders[] = {{op::less, Opcode::less},
                                                              {op::less_equals, Opcode::less_equal},
                                                              {op::greater, Opcode::greater},
                                                              {op::greater_equals, Opcode::greater_equal}};
    for (const auto& [name, opcode] : orders)
      if (node.text == name) return operations.compare(opcode, arguments[0], arguments[1], name);
    detail::CallSite site;
    site.name = node.text;
    site.overloads = tree->resolution(node).overloads;
    const auto* overload = Operations::chosen(site, arguments);
    return overload ? operations.call_function(site, *overload, arguments)
                    : operations.no_overload(node.text, arguments);
  }

  Traced element(const Node& node) {
    auto operand = visit(*node.children[0]);
    if (operand.value.is_error()) return operand;
    auto key = visit(*node.children[1]);
    if (key.value.is_error()) return key;
    bool named = node.text == op::optional_select;
    auto value = named                    ? operations.optional_select(operand.value, codec::Key(key.value.as_text()))
                 : node.text == op::index ? operations.index(operand.value, key.value)
                                          : operations.optional_index(operand.value, key.value);
    Place place;
    if (key.value.is(Kind::string))
      place.name = key.value.as_text();
    else
      place.index = static_cast<std::size_t>(key.value.as_integer()), place.element = true;
    auto held = value;
    if (value.is(Kind::optional) && node.text != op::index)
      held = value.as_optional() ? *value.as_optional() : operations.fail(ErrorCode::no_such_key, "");
    auto result = child(operand, held, place);
    result.value = value;
    result.reads = join(result.reads, key.reads);
    return result;
  }

  // The side that decides is the reason; without one, both are.
  Traced logical(const Node& node) {
    bool decisive = node.text == op::logical_or;
    Traced sides[2];
    for (int i = 0; i < 2; ++i) {
      sides[i] = visit(*node.children[static_cast<std::size_t>(i)]);
      if (sides[i].value.is(Kind::boolean) && sides[i].value.as_boolean() == decisive)
        return {sides[i].value, nullptr, sides[i].reads};
      if (!sides[i].value.is_error() && !sides[i].value.is(Kind::boolean))
        sides[i].value = operations.no_overload(node.text, {&sides[i].value, 1});
    }
    for (auto& side : sides)
      if (side.value.is_error()) return {side.value, nullptr, side.reads};
    return {Value::boolean(!decisive), nullptr, join(sides[0].reads, sides[1].reads)};
  }

  Traced conditional(const Node& node) {
    auto condition = visit(*node.children[0]);
    if (condition.value.is_error()) return condition;
    if (!condition.value.is(Kind::boolean))
      return {operations.no_overload(op::conditional, {&condition.value, 1}), nullptr, condition.reads};
    auto chosen = visit(*node.children[condition.value.as_boolean() ? 1 : 2]);
    chosen.reads = join(condition.reads, chosen.reads);
    return chosen;
  }

  Traced or_else(const Node& node, detail::OrElse what) {
    auto first = visit(*node.children[0]);
    if (first.value.is_error()) return first;
    if (!first.value.is(Kind::optional)) return {operations.no_overload("or", {&first.value, 1}), nullptr, first.reads};
    if (detail::holds(first.value)) {
      if (what == detail::OrElse::value) first.value = *first.value.as_optional();
      return first;
    }
    auto second = visit(*node.children[1]);
    second.reads = join(first.reads, second.reads);
    return second;
  }

  // --- Literals and names -------------------------------------------------------------------------------------------

  Traced aggregate(const Node& node) {
    std::vector<Value> values;
    Traced result;
    auto& items = made_items.emplace_back();
    for (const auto* each : node.children) {
      auto part = visit(*each);
      if (part.value.is_error()) return part;
      values.push_back(part.value);
      items.push_back(part);
      result.reads = join(result.reads, part.reads);
    }
    // Elements that may be left out shift the rest.
    if (node.kind == NodeKind::list && node.optional_elements.empty()) result.items = &items;
    const auto* optional = node.optional_elements.empty() ? nullptr : node.optional_elements.data();
    if (node.kind == NodeKind::list)
      result.value = operations.make_list(values, optional);
    else if (node.kind == NodeKind::map)
      result.value = operations.make_map(values, optional);
    else
      result.value = operations.make_record(record_site(node), values);
    return result;
  }

  detail::RecordSite record_site(const Node& node) const {
    detail::RecordSite site;
    site.schemas = &tree->environment().schemas();
    site.schema = tree->resolution(node).schema;
    for (std::size_t i = 0; i < node.texts.size(); ++i) {
      site.fields.push_back(find_field(*site.schemas, *site.schema, node.texts[i]));
      site.optional.push_back(node.is_optional(i));
    }
    return site;
  }

  // A value that fails matters only to those who use it.
  Traced let(const Node& node) {
    locals[{node.id, 0}] = visit(*node.children[0]);
    return visit(*node.children[1]);
  }

  Traced block(const Node& node) {
    for (std::uint32_t i = 0; i + 1 < node.children.size(); ++i) locals[{node.id, i}] = visit(*node.children[i]);
    return visit(*node.children.back());
  }

  // --- Loops --------------------------------------------------------------------------------------------------------

  void bind(const Node& node, const Traced& range, std::size_t at) {
    bool list = range.value.is(Kind::list), two = !node.second_variable.empty();
    auto number = Value::integer(static_cast<std::int64_t>(at));
    if (list) {
      auto element = item(range, at);
      locals[{node.id, 0}] = two ? Traced{number} : element;
      locals[{node.id, 1}] = element;
      return;
    }
    auto entry = range.value.entry(at);
    locals[{node.id, 0}] = {entry.key, nullptr, range.reads};
    auto name = entry.key.is(Kind::string) ? entry.key.as_text() : std::string_view();
    locals[{node.id, 1}] = child(range, entry.value, {.name = name, .index = at, .element = name.empty()});
  }

  Traced loop(const Node& node) {
    auto range = visit(*node.children[0]);
    if (range.value.is_error()) return range;
    if (!range.value.is(Kind::list) && !range.value.is(Kind::map))
      return {operations.no_overload("a loop", {&range.value, 1}), nullptr, range.reads};
    if (node.macro == Macro::all || node.macro == Macro::exists) return quantifier(node, range);
    if (node.macro == Macro::exists_one) return exists_one(node, range);
    return collect(node, range);
  }

  // Each turn that would decide it alone is a reason, so that whoever mends what failed sees all of it.
  Traced quantifier(const Node& node, const Traced& range) {
    bool decisive = node.macro == Macro::exists;
    Traced all{Value::boolean(!decisive), nullptr, range.value.size() == 0 ? range.reads : nullptr}, failed, decided;
    for (std::size_t i = 0; i < range.value.size(); ++i) {
      bind(node, range, i);
      auto turn = visit(*node.children[1]);
      if (turn.value.is(Kind::boolean) && turn.value.as_boolean() == decisive)
        decided = {turn.value, nullptr, join(decided.reads, turn.reads)};
      if (!turn.value.is_error() && !turn.value.is(Kind::boolean))
        turn.value = operations.no_overload("a condition", {&turn.value, 1});
      if (turn.value.is_error()) failed = turn;
      all.reads = join(all.reads, turn.reads);
    }
    if (decided.value.is(Kind::boolean)) return decided;
    return failed.value.is_error() ? failed : all;
  }

  Traced exists_one(const Node& node, const Traced& range) {
    Traced result{Value(), nullptr, range.reads};
    std::size_t count = 0;
    for (std::size_t i = 0; i < range.value.size(); ++i) {
      bind(node, range, i);
      auto turn = visit(*node.children[1]);
      if (turn.value.is_error()) return turn;
      if (!turn.value.is(Kind::boolean))
        return {operations.no_overload("a condition", {&turn.value, 1}), nullptr, turn.reads};
      if (turn.value.as_boolean()) ++count;
      result.reads = join(result.reads, turn.reads);
    }
    result.value = Value::boolean(count == 1);
    return result;
  }

  // What was kept is the reason for what came out; only where nothing was, what was dropped is.
  Traced collect(const Node& node, const Traced& range) {
    auto made = detail::new_growing(operations.arena());
    if (made.is_error()) return {made, nullptr, range.reads};
    const Reads* kept = nullptr;
    const Reads* dropped = range.value.size() == 0 ? range.reads : nullptr;
    bool filters = node.macro == Macro::filter || node.children.size() == 3;
    auto& items = made_items.emplace_back();
    for (std::size_t i = 0; i < range.value.size(); ++i) {
      bind(node, range, i);
      const Reads* why = nullptr;
      if (filters) {
        auto condition = visit(*node.children[1]);
        if (condition.value.is_error()) return condition;
        if (!condition.value.is(Kind::boolean))
          return {operations.no_overload("a condition", {&condition.value, 1}), nullptr, condition.reads};
        why = condition.reads;
        if (!condition.value.as_boolean()) {
          dropped = join(dropped, why);
          continue;
        }
      }
      kept = join(kept, why);
      auto added = add(node, made, kept, items);
      if (added.is_error()) return {added, nullptr, kept};
    }
    bool map = node.macro == Macro::transform_map || node.macro == Macro::transform_map_entry;
    const auto* reasons = kept ? kept : dropped;
    if (map) return {operations.built_map(made), nullptr, reasons};
    return {Operations::built_list(made), nullptr, reasons, &items};
  }

  // What a turn adds to the list or map in the making; null or an error.
  Value add(const Node& node, const Value& made, const Reads*& reads, std::vector<Traced>& items) {
    auto key = locals[{node.id, 0}];
    if (node.macro == Macro::filter) {
      items.push_back(key);
      return operations.append(made, {&key.value, 1});
    }
    auto turn = visit(*node.children.back());
    items.push_back(turn);
    reads = join(reads, turn.reads);
    if (turn.value.is_error()) return turn.value;
    if (node.macro == Macro::transform_map_entry) return operations.insert_entries(made, turn.value);
    Value pair[] = {key.value, turn.value};
    return node.macro == Macro::transform_map ? operations.append(made, pair) : operations.append(made, {pair + 1, 1});
  }

  // --- The answer ---------------------------------------------------------------------------------------------------

  void list(const Reads* reads, Explanation& into) {
    std::vector<const Reads*> waiting{reads};
    std::set<std::string> seen;
    while (!waiting.empty()) {
      const auto* next = waiting.back();
      waiting.pop_back();
      if (!next) continue;
      if (!next->place) {
        waiting.push_back(next->right);
        waiting.push_back(next->left);
        continue;
      }
      auto path = path_of(*next->place);
      if (!seen.insert(path).second) continue;
      if (into.evidence.size() >= most_evidence)
        ++into.more;
      else
        into.evidence.push_back({std::move(path), next->place->present, next->place->value});
    }
  }

  EvaluationLimits limits;
  Operations operations;
  const Checked* tree = nullptr;
  std::span<const Value> inputs;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Traced> locals;
  std::map<std::string, std::shared_ptr<const Checked>, std::less<>> definitions;
  std::map<std::string, Traced, std::less<>> computed;
  std::deque<std::vector<Traced>> made_items;
  std::uint64_t steps = 0;
  bool interrupted = false;
};

Explainer::Explainer(const EvaluationLimits& limits) : impl_(std::make_unique<Impl>(limits)) {}
Explainer::~Explainer() = default;

void Explainer::lend(std::string name, const void* host) { impl_->operations.call().lend(std::move(name), host); }

void Explainer::define(std::string_view variable, std::shared_ptr<const Checked> expression) {
  impl_->definitions.insert_or_assign(std::string(variable), std::move(expression));
}

Explanation Explainer::explain(const Checked& expression, std::span<const Value> inputs) {
  auto& impl = *impl_;
  impl.operations.arena().reset();
  impl.operations.set_schemas(&expression.environment().schemas());
  impl.operations.set_bad_presence(expression.environment().bad_presence());
  impl.tree = &expression;
  impl.inputs = inputs;
  impl.locals.clear();
  impl.computed.clear();
  impl.made_items.clear();
  impl.steps = 0;
  impl.interrupted = false;
  auto result = impl.visit(expression.root());
  Explanation explanation{.value = result.value};
  impl.list(result.reads, explanation);
  return explanation;
}

}  // namespace seawall::cel
