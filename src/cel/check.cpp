#include "cel/check.h"

#include <string>
#include <utility>

#include "cel/detail/checker.h"

namespace seawall::cel {

// The parser allows less; trees made by hand meet it.
constexpr unsigned deepest = 1'000;
constexpr unsigned most_mistakes = 50;

static std::uint64_t steps_for(const Ast& ast) { return 100'000 + std::uint64_t{500} * ast.node_count(); }

Result<Checked> check(Ast ast, std::shared_ptr<const Environment> environment, Checking checking) {
  return Checker(std::move(ast), std::move(environment), checking).run();
}

Checker::Checker(Ast ast, std::shared_ptr<const Environment> environment, Checking checking)
    : checked_(std::move(ast), std::move(environment)),
      environment_(checked_.environment()),
      checking_(checking),
      unifier_(environment_.types(), steps_for(checked_.ast())),
      names_(environment_) {
  checked_.types_of_.resize(checked_.ast().node_count());
  checked_.resolutions_.resize(checked_.ast().node_count());
}

Result<Checked> Checker::run() && {
  check(checked_.root());
  if (too_complex_ || unifier_.exhausted()) return fail(Code::exhausted, "the expression is too complex to be checked");
  if (mistake_count_ == 0) settle();
  if (mistake_count_ == 0 && checking_ == Checking::homogeneous) {
    demand_homogeneous(checked_.root());
    demand_sound_literals(checked_.root());
  }
  if (mistake_count_ > 0) return fail(Code::invalid, std::move(mistakes_));
  return std::move(checked_);
}

void Checker::settle() {
  for (auto& type : checked_.types_of_) type = is_off() ? Type() : unifier_.settle(type, checked_.types_);
}

Type Checker::check(const Node& node) {
  if (depth_ >= deepest || unifier_.exhausted()) {
    too_complex_ = true;
    return {};
  }
  ++depth_;
  auto type = deduce(node);
  --depth_;
  if (is_off()) type = {};
  checked_.types_of_[node.id] = type;
  return type;
}

Type Checker::deduce(const Node& node) {
  switch (node.kind) {
    case NodeKind::literal:
      return deduce_literal(node);
    case NodeKind::identifier:
      return deduce_identifier(node);
    case NodeKind::select:
      return deduce_select(node);
    case NodeKind::has:
      return deduce_has(node);
    case NodeKind::call:
      return deduce_call(node);
    case NodeKind::method:
      return deduce_method(node);
    case NodeKind::list:
      return deduce_list(node);
    case NodeKind::map:
      return deduce_map(node);
    case NodeKind::record:
      return deduce_record(node);
    case NodeKind::loop:
      return deduce_loop(node);
    case NodeKind::let:
      return deduce_let(node);
    case NodeKind::block:
      return deduce_block(node);
  }
  return {};
}

Type Checker::deduce_literal(const Node& node) {
  switch (node.constant.kind()) {
    case Kind::null:
      return TypeKind::null;
    case Kind::boolean:
      return TypeKind::boolean;
    case Kind::integer:
      return TypeKind::integer;
    case Kind::unsigned_integer:
      return TypeKind::unsigned_integer;
    case Kind::floating:
      return TypeKind::floating;
    case Kind::string:
      return TypeKind::string;
    case Kind::bytes:
      return TypeKind::bytes;
    default:
      return TypeKind::dyn;
  }
}

Type Checker::deduce_identifier(const Node& node) {
  if (auto* local = find_local(node.text)) {
    auto& found = resolution(node);
    found.kind = Resolution::Kind::local;
    found.binding = local->binding;
    found.second = local->second;
    found.slot = local->slot;
    return local->type;
  }
  auto meaning = names_.find(node.text);
  return meaning ? use(node, meaning) : missing(node, node.text);
}

const Checker::Local* Checker::find_local(std::string_view name) const noexcept {
  for (auto local = locals_.rbegin(); local != locals_.rend(); ++local)
    if (local->name == name) return &*local;
  return nullptr;
}

Type Checker::use(const Node& node, const detail::Names::Meaning& meaning) {
  auto& found = resolution(node);
  found.kind = meaning.kind;
  found.slot = meaning.slot;
  found.constant = meaning.constant;
  return meaning.is_type ? unifier_.types().type_of(meaning.type) : declared(meaning.type);
}

Type Checker::declared(Type type) {
  if (!detail::names_parameter(type)) return type;
  unifier_.begin_instance();
  return unifier_.instance(type);
}

Type Checker::deduce_select(const Node& node) {
  auto* root = detail::root_of_chain(node);
  if (root && !is_local(root->text) && names_.may_be_qualified(root->text)) {
    name_.clear();
    detail::append_qualified_name(node, name_);
    if (auto meaning = names_.find(name_)) return use(node, meaning);
  }
  return member(node, check(*node.children[0]), node.text);
}

Type Checker::deduce_has(const Node& node) {
  member(node, check(*node.children[0]), node.text);
  return TypeKind::boolean;
}

Type Checker::member(const Node& node, Type operand, std::string_view name) {
  operand = unifier_.head(operand);
  auto target = operand.is(TypeKind::optional) ? unifier_.head(operand.parameter(0)) : operand;
  Type found;
  switch (target.kind()) {
    case TypeKind::map:
      found = unifier_.resolve(target.parameter(1));
      break;
    case TypeKind::record:
      found = field(node, target, name);
      break;
    case TypeKind::parameter:
      unifier_.fits(TypeKind::dyn, target);
      break;
    case TypeKind::dyn:
    case TypeKind::error:
      break;
    default:
      mistake(node, "type '" + shown(target) + "' does not support field selection");
  }
  return operand.is(TypeKind::optional) ? unifier_.types().optional(found) : found;
}

Type Checker::field(const Node& node, Type record, std::string_view name) {
  auto& schemas = environment_.schemas();
  auto* schema = schemas.find(record.name());
  auto& found = resolution(node);
  if (schema) found.field = schema->find(name);
  if (auto* extension = schema && !found.field ? schemas.extension(name) : nullptr;
      extension && extension->extended == schema->name()) {
    found.field = &extension->field;
    found.name = node.text;
  }
  if (found.field) {
    found.kind = Resolution::Kind::field;
    found.schema = schema;
    return declared(found.field->type);
  }
  if (schema && schema->open()) return TypeKind::dyn;
  return mistake(node, "undefined field '" + std::string(name) + "' of '" + std::string(record.name()) + "'");
}

Type Checker::deduce_let(const Node& node) {
  auto value = check(*node.children[0]);
  locals_.push_back({node.variable, value, node.id, false, 0});
  auto type = check(*node.children[1]);
  locals_.pop_back();
  return type;
}

Type Checker::deduce_block(const Node& node) {
  auto outside = locals_.size();
  auto slots = node.children.size() - 1;
  for (std::uint32_t slot = 0; slot < slots; ++slot) {
    auto type = check(*node.children[slot]);
    auto name = checked_.arena_.copy("@index" + std::to_string(slot));
    locals_.push_back({name, type, node.id, false, slot});
  }
  auto type = check(*node.children[slots]);
  locals_.resize(outside);
  return type;
}

void Checker::expect(const Node& node, Type wanted, Type found) {
  if (!unifier_.fits(wanted, found)) mismatch(node, wanted, found);
}

Type Checker::mistake(const Node& at, std::string_view message) {
  if (is_off() || mistake_count_ > most_mistakes) return TypeKind::error;
  if (mistake_count_ > 0) mistakes_ += '\n';
  if (++mistake_count_ > most_mistakes)
    mistakes_ += "and more mistakes than can be listed";
  else
    mistakes_ += with_place(checked_.ast().source(), at.place, message);
  return TypeKind::error;
}

Type Checker::missing(const Node& at, std::string_view name) {
  auto& found = resolution(at);
  found.kind = Resolution::Kind::unknown;
  found.name = at.text;
  auto message = "undeclared reference to '" + std::string(name) + "'";
  if (!environment_.container().empty()) message += " (in container '" + std::string(environment_.container()) + "')";
  return mistake(at, message);
}

Type Checker::mismatch(const Node& at, Type wanted, Type found) {
  return mistake(at, "expected type '" + shown(wanted) + "' but found '" + shown(found) + "'");
}

std::string Checker::shown(Type type) { return text(unifier_.settle(type, unifier_.types())); }

}  // namespace seawall::cel
