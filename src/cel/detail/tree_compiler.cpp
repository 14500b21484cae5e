// Values: variables, fields, literals, calls. Truth is in branches.cpp, loops in loops.cpp, constants in folding.cpp.
#include "cel/detail/tree_compiler.h"

#include <algorithm>

#include "cel/detail/cost_rules.h"
#include "cel/detail/operations.h"
#include "cel/detail/or_else.h"
#include "cel/detail/runtime_call.h"
#include "cel/message.h"

namespace seawall::cel::detail {

Result<> TreeCompiler::compile(const Node& root, std::uint32_t routine) {
  root_ = &root;
  auto result = out_.take();
  emit_unshared(root, result);
  out_.write(Opcode::finish, {.a = result});
  if (error_) return std::unexpected(std::move(*error_));
  return out_.finish(routine);
}

const Value* TreeCompiler::keep_constant(const Value& value) { return &code().constants.emplace_back(value); }

const codec::Key* TreeCompiler::key_of(std::string_view name) {
  return code().paths.emplace_back(1, codec::Key(name)).data();
}

void TreeCompiler::emit_constant(const Value& value, Register d) {
  out_.write(Opcode::constant, {.d = d, .p = keep_constant(value)});
}

void TreeCompiler::emit(const Node& node, Register d) {
  if (const auto* known = fold(node)) {
    out_.cost(known->cost);
    emit_constant(known->value, d);
    return;
  }
  if (!emit_shared(node, d)) emit_unshared(node, d);
}

bool TreeCompiler::emit_shared(const Node& node, Register d) {
  if (&node == root_ || !linker_.shares(unit_.term(node))) return false;
  auto routine = linker_.shared_routine(node, unit_);
  if (!routine) {
    keep(std::move(routine.error()));
    return true;
  }
  out_.calls(code().routines[*routine].depth);
  out_.at(node.place);
  out_.write(Opcode::shared, {.d = d, .x = *routine});
  return true;
}

void TreeCompiler::emit_unshared(const Node& node, Register d) {
  out_.at(node.place);
  if (const auto* known = fold(node)) {
    out_.cost(known->cost);
    return emit_constant(known->value, d);
  }
  auto resolved = resolution(node).kind;
  if (resolved == Resolved::variable || resolved == Resolved::local) return emit_variable(node, d);
  if (resolved == Resolved::unknown && node.kind != NodeKind::call && node.kind != NodeKind::method) {
    auto* missing = code().arena.make(
        Failure{ErrorCode::no_such_variable,
                code().arena.copy("undeclared reference to '" + std::string(node.text) + "'"), node.place});
    emit_constant(Value::error(missing), d);
    out_.write(Opcode::check, {.a = d});
    return;
  }
  switch (node.kind) {
    case NodeKind::select:
      return emit_select(node, d);
    case NodeKind::has:
      return emit_has(node, d);
    case NodeKind::call:
    case NodeKind::method:
      return emit_call(node, d);
    case NodeKind::list:
      return emit_list(node, d);
    case NodeKind::map:
      return emit_map(node, d);
    case NodeKind::record:
      return emit_record(node, d);
    case NodeKind::loop:
      return emit_loop(node, d);
    case NodeKind::let:
      return emit_let(node, d);
    case NodeKind::block:
      return emit_block(node, d);
    case NodeKind::literal:
    case NodeKind::identifier:
      break;
  }
  keep({Code::internal, "expression has a part of unknown kind"});
}

// A slot of cel.block holds an error where computing it failed.
static bool is_slot(const Node& node) { return node.text.starts_with("@index"); }

void TreeCompiler::prepare_local(const Node& use, Register local) {
  auto let = lets_.find(resolution(use).binding);
  bool lazy = let != lets_.end() && is_lazy(*let->second->children[0]);
  if (lazy) {
    auto known = out_.label();
    out_.jump(Opcode::jump_known, known, {.a = local});
    emit(*let->second->children[0], local);
    out_.bind(known);
    out_.at(use.place);
  } else if (let != lets_.end() || is_slot(use)) {
    out_.write(Opcode::check, {.a = local});
  }
}

Register TreeCompiler::value_of(const Node& node) {
  if (resolution(node).kind == Resolved::local) {
    const auto& local = resolution(node);
    auto at = locals_.find({local.binding, local.second ? 1 : local.slot});
    if (at != locals_.end()) {
      out_.at(node.place);
      out_.cost(1);
      prepare_local(node, at->second);
      return at->second;
    }
  }
  if (const auto* remembered = cached(node)) {
    out_.cost(1);
    auto operand = value_of(*node.children[0]);
    out_.at(node.place);
    out_.write(Opcode::field_cached, {.d = *remembered, .a = operand, .p = key_of(node.text)});
    return *remembered;
  }
  auto d = out_.take();
  emit(node, d);
  return d;
}

void TreeCompiler::emit_variable(const Node& node, Register d) {
  const auto& resolved = resolution(node);
  out_.cost(1);
  if (resolved.kind == Resolved::local) {
    auto at = locals_.find({resolved.binding, resolved.second ? 1 : resolved.slot});
    if (at == locals_.end()) return keep({Code::internal, "a variable of a loop is not in scope"});
    prepare_local(node, at->second);
    out_.write(Opcode::move, {.d = d, .a = at->second});
    return;
  }
  const auto& variable = unit_.checked->environment().variables()[resolved.slot];
  if (const auto* unit = linker_.names().definition(unit_.scope, variable.name)) {
    auto routine = linker_.definition_routine(*unit);
    if (!routine) return keep(std::move(routine.error()));
    out_.calls(code().routines[*routine].depth);
    out_.write(Opcode::shared, {.d = d, .x = *routine});
    return;
  }
  auto number = linker_.names().input(unit_.scope, variable.name);
  out_.write(Opcode::input, {.d = d, .x = number, .p = variable.type.node()});
}

// Fields of maps and of values whose type is only known when it runs.
bool TreeCompiler::is_plain_select(const Node& node) const {
  const auto& resolved = resolution(node);
  if (node.kind != NodeKind::select || (resolved.kind != Resolved::none && resolved.kind != Resolved::field))
    return false;
  if (unit_.checked->type(*node.children[0]).is(TypeKind::optional)) return false;
  return resolved.kind == Resolved::none ||
         (resolved.field->layout == Layout::none && resolved.field->wire == Wire::none);
}

// object.spec.containers: one instruction for the input and all names behind it.
bool TreeCompiler::emit_input_path(const Node& node, Register d) {
  std::vector<codec::Key> names;
  const auto* at = &node;
  for (; is_plain_select(*at) && (at == &node || !linker_.shares(unit_.term(*at))); at = at->children[0])
    names.emplace_back(at->text);
  const auto& base = resolution(*at);
  if (base.kind != Resolved::variable) return false;
  const auto& variable = unit_.checked->environment().variables()[base.slot];
  if (linker_.names().definition(unit_.scope, variable.name) || variable.type.is(TypeKind::optional)) return false;
  std::ranges::reverse(names);
  auto number = linker_.names().input(unit_.scope, variable.name);
  const auto& kept = code().paths.emplace_back(std::move(names));
  out_.cost(1 + kept.size());
  out_.write(Opcode::input_path, {.d = d, .x = number, .y = static_cast<std::uint32_t>(kept.size()), .p = kept.data()});
  return true;
}

// Whether cel-go reads fields and elements of it as one attribute; of anything else, beginning one costs a unit.
static bool begins_attribute(const Node& node, const Resolution& resolved) {
  using Kind = Resolution::Kind;
  if (resolved.kind == Kind::variable || resolved.kind == Kind::local || resolved.kind == Kind::unknown) return true;
  if (resolved.kind == Kind::constant) return false;
  if (node.kind == NodeKind::select) return true;
  if (node.kind != NodeKind::call) return false;
  constexpr std::string_view steps[] = {op::index, op::optional_index, op::optional_select, op::conditional};
  return std::ranges::find(steps, node.text) != std::end(steps);
}

// An attribute that costs a unit on its own, but none as a part of another.
bool TreeCompiler::is_attribute_part(const Node& node) const {
  bool conditional = node.kind == NodeKind::call && node.text == op::conditional;
  return !conditional && begins_attribute(node, resolution(node));
}

// What a field or element is taken of.
Register TreeCompiler::operand_of(const Node& node) {
  const auto& operand = *node.children[0];
  auto at = value_of(operand);
  if (!begins_attribute(operand, resolution(operand))) out_.cost(1);
  return at;
}

void TreeCompiler::emit_select(const Node& node, Register d) {
  if (is_plain_select(node) && emit_input_path(node, d)) return;
  RoutineWriter::Keep keep(out_);
  if (const auto* remembered = cached(node); remembered) {
    out_.write(Opcode::move, {.d = d, .a = value_of(node)});
    return;
  }
  auto operand = operand_of(node);
  out_.at(node.place);
  if (unit_.checked->type(*node.children[0]).is(TypeKind::optional))
    return out_.write(Opcode::optional_field, {.d = d, .a = operand, .p = key_of(node.text)});
  out_.cost(1);
  const auto* field = resolution(node).field;
  if (field == nullptr || is_plain_select(node))
    out_.write(Opcode::field, {.d = d, .a = operand, .p = key_of(node.text)});
  else
    out_.write(field->layout == Layout::none ? Opcode::record_field : Opcode::flat_field,
               {.d = d, .a = operand, .p = field});
}

void TreeCompiler::emit_has(const Node& node, Register d) {
  RoutineWriter::Keep keep(out_);
  auto operand = operand_of(node);
  out_.at(node.place);
  const auto* field = resolution(node).field;
  bool record = field != nullptr && (field->wire != Wire::none || field->layout != Layout::none);
  if (record)
    out_.write(Opcode::has_record_field, {.d = d, .a = operand, .p = field});
  else
    out_.write(Opcode::has_field, {.d = d, .a = operand, .p = key_of(node.text)});
}

// --- Calls --------------------------------------------------------------------------------------------------------

struct Operator {
  std::string_view name;
  Opcode op;
  std::size_t operands;
};
static constexpr Operator operators[] = {
    {op::equals, Opcode::equal, 2},
    {op::not_equals, Opcode::not_equal, 2},
    {op::less, Opcode::less, 2},
    {op::less_equals, Opcode::less_equal, 2},
    {op::greater, Opcode::greater, 2},
    {op::greater_equals, Opcode::greater_equal, 2},
    {op::add, Opcode::add, 2},
    {op::subtract, Opcode::subtract, 2},
    {op::logical_not, Opcode::negate_boolean, 1},
    {op::index, Opcode::index, 2},
    {op::optional_index, Opcode::optional_index, 2},
    {op::optional_select, Opcode::optional_field, 2},
};

void TreeCompiler::emit_call(const Node& node, Register d) {
  if (node.kind == NodeKind::call) {
    if (node.text == op::logical_and || node.text == op::logical_or) return emit_truth(node, d);
    if (node.text == op::conditional) return emit_conditional(node, d);
    if (node.text == op::in && resolution(node).kind == Resolved::overloads) return emit_in(node, d);
    if (node.text == "dyn" && node.children.size() == 1) {
      emit(*node.children[0], d);
      return out_.cost(1);
    }
    if (emit_operator(node, d)) return;
  }
  if (emit_or_else(node, d) || emit_text_question(node, d)) return;
  emit_overload_call(node, d);
}

// x.startsWith('constant') and its like, the commonest calls of rules: no frame of arguments, no call.
bool TreeCompiler::emit_text_question(const Node& node, Register d) {
  struct Question {
    std::string_view overload;
    Opcode op;
  };
  static constexpr Question questions[] = {{"starts_with_string", Opcode::text_starts},
                                           {"ends_with_string", Opcode::text_ends},
                                           {"contains_string", Opcode::text_contains}};
  const auto& resolved = resolution(node);
  if (node.kind != NodeKind::method || resolved.qualified || resolved.overloads.size() != 1) return false;
  const auto* question = std::ranges::find(questions, resolved.overloads[0]->id, &Question::overload);
  if (question == std::end(questions) || node.children.size() != 2) return false;
  const auto* constant = fold(*node.children[1]);
  if (!constant || !constant->value.is(Kind::string)) return false;
  RoutineWriter::Keep keep(out_);
  auto text = value_of(*node.children[0]);
  out_.at(node.place);
  out_.cost(constant->cost);
  out_.write(question->op, {.d = d,
                            .a = text,
                            .y = static_cast<std::uint32_t>(traversal(size_for_cost(constant->value))),
                            .p = keep_constant(constant->value)});
  return true;
}

// a.or(b), a.orValue(b): b only where a holds nothing.
bool TreeCompiler::emit_or_else(const Node& node, Register d) {
  auto what = or_else_of(node, resolution(node));
  if (what == OrElse::neither) return false;
  RoutineWriter::Keep keep(out_);
  auto end = out_.label();
  emit(*node.children[0], d);
  out_.at(node.place);
  out_.jump(what == OrElse::value ? Opcode::jump_held : Opcode::jump_holding, end, {.d = d, .a = d});
  emit(*node.children[1], d);
  out_.bind(end);
  return true;
}

bool TreeCompiler::emit_operator(const Node& node, Register d) {
  const auto* found = std::ranges::find(operators, node.text, &Operator::name);
  if (found == std::end(operators) || found->operands != node.children.size()) return false;
  RoutineWriter::Keep keep(out_);
  bool steps = found->op == Opcode::index || found->op == Opcode::optional_index || found->op == Opcode::optional_field;
  auto a = steps ? operand_of(node) : value_of(*node.children[0]);
  if (found->op == Opcode::optional_field) {
    const auto* name = fold(*node.children[1]);
    if (!name || !name->value.is(Kind::string)) return false;
    out_.at(node.place);
    out_.write(found->op, {.d = d, .a = a, .p = key_of(name->value.as_text())});
    return true;
  }
  if (found->op == Opcode::equal || found->op == Opcode::not_equal) {
    if (const auto* constant = constant_operand(*node.children[1])) {
      out_.at(node.place);
      out_.cost(fold(*node.children[1])->cost);
      auto op = found->op == Opcode::equal ? Opcode::equal_constant : Opcode::not_equal_constant;
      out_.write(op, {.d = d, .a = a, .p = constant});
      return true;
    }
  }
  auto b = found->operands == 2 ? value_of(*node.children[1]) : a;
  // An attribute that is a key is a part of the attribute.
  if (steps && is_attribute_part(*node.children[1])) out_.cost(-1);
  out_.at(node.place);
  bool of_optional = unit_.checked->type(*node.children[0]).is(TypeKind::optional);
  auto opcode = found->op == Opcode::index && of_optional ? Opcode::optional_index : found->op;
  if (opcode == Opcode::index || opcode == Opcode::negate_boolean) out_.cost(1);
  out_.write(opcode, {.d = d, .a = a, .b = b, .p = call_site(node, node.children)});
  return true;
}

// A function of a namespace is written like a method: its first child is then part of the name.
std::span<Node* const> TreeCompiler::arguments_of(const Node& node) const {
  return node.children.subspan(resolution(node).qualified ? 1 : 0);
}

static std::optional<Kind> plain_kind(Type type) {
  switch (type.kind()) {
    case TypeKind::boolean:
      return Kind::boolean;
    case TypeKind::integer:
      return Kind::integer;
    case TypeKind::string:
      return Kind::string;
    case TypeKind::list: {
      auto element = type.parameter(0).kind();
      bool any = element == TypeKind::dyn || element == TypeKind::parameter;
      return any ? std::optional(Kind::list) : std::nullopt;  // else elements tell, too
    }
    default:
      return std::nullopt;
  }
}

void TreeCompiler::note_kinds(CallSite& site, std::span<const Node* const> arguments) const {
  if (site.overloads.size() != 1 || !site.overloads[0]->run || arguments.size() > site.kinds.size()) return;
  const auto& parameters = site.overloads[0]->parameters;
  if (parameters.size() != arguments.size()) return;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    auto kind = plain_kind(parameters[i]);
    bool any = parameters[i].is(TypeKind::dyn) || parameters[i].is(TypeKind::parameter);
    // Not the same kind: dyn, or null where the type of a message is asked for.
    bool same = unit_.checked->type(*arguments[i]) == parameters[i];
    bool sure = any || (same && is_trusted(*arguments[i]));
    if (!kind && !sure) return;
    if (kind) site.kinds[i] = *kind;
    if (!sure) site.tested |= 1U << i;
  }
  site.only = site.overloads[0];
}

// Where the static types leave several overloads open, only functions that the API server counts by their name
// (library/cost.go) cost more than a unit.
bool TreeCompiler::costs_a_unit(const Resolution& resolved, std::string_view function) {
  constexpr std::string_view counted_by_name[] = {"isSorted", "sum",         "max",        "min",
                                                  "indexOf",  "lastIndexOf", "containsIP", "containsCIDR"};
  return resolved.overloads.size() > 1 && std::ranges::find(counted_by_name, function) == std::end(counted_by_name);
}

const CallSite* TreeCompiler::call_site(const Node& node, std::span<const Node* const> arguments) {
  auto& site = code().calls.emplace_back();
  site.name = node.text;
  site.overloads = resolution(node).overloads;
  site.costs_a_unit = costs_a_unit(resolution(node), node.text);
  note_kinds(site, arguments);
  if (site.overloads.empty() || site.overloads[0]->prepare == nullptr) return &site;
  std::vector<const Value*> constants;
  for (const auto* argument : arguments) {
    const auto* known = fold(*argument);
    constants.push_back(known ? &known->value : nullptr);
  }
  std::string error;
  site.prepared = site.overloads[0]->prepare(constants, error);
  // Patterns and zones stand second; one that was computed is wrong only where it is used.
  bool written = arguments.size() < 2 || arguments[1]->kind == NodeKind::literal;
  if (!error.empty() && written) keep({Code::invalid, with_place(unit_.checked->ast().source(), node.place, error)});
  return &site;
}

void TreeCompiler::emit_overload_call(const Node& node, Register d) {
  RoutineWriter::Keep keep(out_);
  auto arguments = arguments_of(node);
  auto first = out_.take(arguments.size());
  for (std::size_t i = 0; i < arguments.size(); ++i) emit(*arguments[i], static_cast<Register>(first + i));
  out_.at(node.place);
  out_.write(Opcode::call, {.d = d,
                            .a = first,
                            .x = static_cast<std::uint32_t>(arguments.size()),
                            .p = call_site(node, {arguments.data(), arguments.size()})});
}

void TreeCompiler::emit_in(const Node& node, Register d) {
  RoutineWriter::Keep keep(out_);
  auto a = value_of(*node.children[0]);
  const auto* list = fold(*node.children[1]);
  if (list && list->value.is(Kind::list)) {
    out_.at(node.place);
    out_.cost(list->cost + list->value.size());
    out_.write(Opcode::in_set, {.d = d, .a = a, .p = &code().sets.emplace_back(list->value)});
    return;
  }
  auto b = value_of(*node.children[1]);
  out_.at(node.place);
  out_.write(Opcode::in, {.d = d, .a = a, .b = b, .p = call_site(node, node.children)});
}

// What stands behind `?` or `:`; cel-go reads attributes there as parts of one that begins before `?`.
void TreeCompiler::emit_alternative(const Node& node, Register d) {
  emit(node, d);
  if (is_attribute_part(node)) out_.cost(-1);
}

void TreeCompiler::emit_conditional(const Node& node, Register d) {
  auto yes = out_.label(), no = out_.label(), end = out_.label();
  branch(*node.children[0], {yes, no, true});
  out_.bind(yes);
  emit_alternative(*node.children[1], d);
  out_.jump(Opcode::jump, end);
  out_.bind(no);
  emit_alternative(*node.children[2], d);
  out_.bind(end);
}

// --- Literals that hold others --------------------------------------------------------------------------------------

static const void* kept_bits(Bytecode& code, const Node& node) {
  if (node.optional_elements.empty()) return nullptr;
  auto* bits = code.arena.array<std::uint64_t>(node.optional_elements.size());
  if (bits) std::ranges::copy(node.optional_elements, bits);
  return bits;
}

void TreeCompiler::emit_list(const Node& node, Register d) {
  RoutineWriter::Keep keep(out_);
  auto count = node.children.size();
  auto first = out_.take(count);
  for (std::size_t i = 0; i < count; ++i) emit(*node.children[i], static_cast<Register>(first + i));
  out_.at(node.place);
  out_.cost(cost_of_list);
  out_.write(Opcode::make_list,
             {.d = d, .a = first, .x = static_cast<std::uint32_t>(count), .p = kept_bits(code(), node)});
}

void TreeCompiler::emit_map(const Node& node, Register d) {
  RoutineWriter::Keep keep(out_);
  auto count = node.children.size();
  auto first = out_.take(count);
  for (std::size_t i = 0; i < count; ++i) emit(*node.children[i], static_cast<Register>(first + i));
  out_.at(node.place);
  out_.cost(cost_of_map);
  out_.write(Opcode::make_map,
             {.d = d, .a = first, .x = static_cast<std::uint32_t>(count / 2), .p = kept_bits(code(), node)});
}

void TreeCompiler::emit_record(const Node& node, Register d) {
  RoutineWriter::Keep keep_registers(out_);
  const auto* schema = resolution(node).schema;
  if (!schema) return keep({Code::internal, "record of unknown type"});
  auto& site = code().records.emplace_back();
  site.schemas = &unit_.checked->environment().schemas();
  site.schema = schema;
  auto first = out_.take(node.children.size());
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    emit(*node.children[i], static_cast<Register>(first + i));
    site.fields.push_back(find_field(*site.schemas, *schema, node.texts[i]));
    site.optional.push_back(node.is_optional(i));
  }
  out_.at(node.place);
  out_.cost(cost_of_record);
  out_.write(Opcode::make_record,
             {.d = d, .a = first, .x = static_cast<std::uint32_t>(node.children.size()), .p = &site});
}

// The value is computed where it is first used, as cel-go does: small ones right there, others beforehand, and if that
// fails it matters only to those who use them.
void TreeCompiler::emit_let(const Node& node, Register d) {
  RoutineWriter::Keep keep(out_);
  const auto& given = *node.children[0];
  const auto& body = *node.children[1];
  out_.cost(cost_of_list);  // cel-go folds over an empty list
  auto value = out_.take();
  if (is_lazy(given))
    out_.write(Opcode::forget, {.d = value, .x = 1});
  else if (!is_outside(body, node))
    emit_caught(given, value);
  locals_[{node.id, 0}] = value;
  lets_[node.id] = &node;
  emit(body, d);
  lets_.erase(node.id);
  locals_.erase({node.id, 0});
}

bool TreeCompiler::is_lazy(const Node& value) {
  bool call = value.kind == NodeKind::call || value.kind == NodeKind::method;
  return call && value.height == 2 && fold(value) == nullptr;
}

void TreeCompiler::emit_caught(const Node& node, Register d) {
  auto next = out_.label();
  {
    RoutineWriter::Catch caught(out_, next, d);
    emit(node, d);
  }
  out_.bind(next);
}

// Slots that fail matter only to those who use them.
void TreeCompiler::emit_block(const Node& node, Register d) {
  RoutineWriter::Keep keep(out_);
  auto slots = node.children.size() - 1;
  auto first = out_.take(slots);
  for (std::uint32_t i = 0; i < slots; ++i) {
    auto slot = static_cast<Register>(first + i);
    emit_caught(*node.children[i], slot);
    locals_[{node.id, i}] = slot;
  }
  emit(*node.children[slots], d);
  for (std::uint32_t i = 0; i < slots; ++i) locals_.erase({node.id, i});
}

}  // namespace seawall::cel::detail
