#include "cel/detail/names.h"

namespace seawall::cel::detail {

const Node* root_of_chain(const Node& node) noexcept {
  const auto* at = &node;
  while (at->kind == NodeKind::select) at = at->children[0];
  return at->kind == NodeKind::identifier ? at : nullptr;
}

void append_qualified_name(const Node& node, std::string& out) {
  if (node.kind == NodeKind::select) {
    append_qualified_name(*node.children[0], out);
    out += '.';
  }
  out += node.text;
}

bool Names::may_be_qualified(std::string_view root) const noexcept {
  if (root.starts_with('.')) return environment_->has_root(root.substr(1));
  return !environment_->container().empty() || environment_->has_root(root);
}

template <class Look>
auto Names::first_known(std::string_view name, Look look) -> decltype(look(name)) {
  if (name.starts_with('.')) return look(name.substr(1));
  for (auto container = environment_->container(); !container.empty();) {
    candidate_.assign(container).append(1, '.').append(name);
    if (auto found = look(candidate_)) return found;
    auto dot = container.rfind('.');
    container = dot == std::string_view::npos ? std::string_view() : container.substr(0, dot);
  }
  return look(name);
}

Names::Meaning Names::meaning(std::string_view name) const {
  using Kind = Resolution::Kind;
  if (auto* variable = environment_->find_variable(name)) return {Kind::variable, variable->type, variable->slot, {}};
  if (auto* constant = environment_->find_constant(name)) return {Kind::constant, constant->type, 0, constant->value};
  if (auto* type = environment_->find_type(name)) return {Kind::constant, *type, 0, Value::type(*type), true};
  if (auto* schema = environment_->schemas().find(name))
    return {Kind::constant, schema->type(), 0, Value::type(schema->type()), true};
  if (auto* number = environment_->schemas().enum_value(name))
    return {Kind::constant, TypeKind::integer, 0, Value::integer(*number)};
  return {};
}

Names::Meaning Names::find(std::string_view name) {
  return first_known(name, [this](std::string_view candidate) { return meaning(candidate); });
}

Names::Record Names::find_record(std::string_view name) {
  struct Found : Record {
    explicit operator bool() const noexcept { return schema != nullptr || known; }
  };
  return first_known(name, [this](std::string_view candidate) {
    return Found{{environment_->schemas().find(candidate), environment_->find_type(candidate) != nullptr}};
  });
}

const FunctionSet* Names::find_function(std::string_view name, Style style) {
  return first_known(name, [&](std::string_view candidate) { return environment_->find_function(candidate, style); });
}

}  // namespace seawall::cel::detail
