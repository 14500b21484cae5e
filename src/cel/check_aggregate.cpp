#include <string>

#include "cel/detail/checker.h"

namespace seawall::cel {

Type Checker::join(const Type* so_far, Type next) {
  if (so_far == nullptr) return next;
  return unifier_.fits(*so_far, next) ? unifier_.most_general(*so_far, next) : TypeKind::dyn;
}

Type Checker::unwrap_optional(const Node& element, Type type) {
  type = unifier_.head(type);
  if (type.is(TypeKind::optional)) return type.parameter(0);
  if (!type.is(TypeKind::dyn)) mismatch(element, unifier_.types().optional(type), type);
  return type;
}

Type Checker::deduce_list(const Node& node) {
  Type joined;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    auto& element = *node.children[i];
    auto type = check(element);
    if (node.is_optional(i)) type = unwrap_optional(element, type);
    joined = join(i == 0 ? nullptr : &joined, type);
  }
  return unifier_.types().list(node.children.empty() ? unifier_.fresh() : joined);
}

Type Checker::deduce_map(const Node& node) {
  if (node.children.empty()) {
    auto key = unifier_.fresh();
    return unifier_.types().map(key, unifier_.fresh());
  }
  Type keys, values;
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
    auto& key = *node.children[i];
    keys = join(i == 0 ? nullptr : &keys, check(key));
    auto& value = *node.children[i + 1];
    auto type = check(value);
    if (node.is_optional(i / 2)) type = unwrap_optional(value, type);
    values = join(i == 0 ? nullptr : &values, type);
  }
  return unifier_.types().map(keys, values);
}

Type Checker::deduce_record(const Node& node) {
  auto record = names_.find_record(node.text);
  for (auto* value : node.children) check(*value);
  if (record.schema == nullptr) {
    if (!record.known) return missing(node, node.text);
    return mistake(node, "'" + std::string(node.text) + "' is not a message type");
  }
  resolution(node).schema = record.schema;
  for (std::size_t i = 0; i < node.children.size(); ++i) check_field_value(node, i, *record.schema);
  return message_type(unifier_.types(), record.schema->name());
}

void Checker::check_field_value(const Node& record, std::size_t index, const Schema& schema) {
  auto& value = *record.children[index];
  auto name = record.texts[index];
  auto type = checked_.types_of_[value.id];
  if (record.is_optional(index)) type = unwrap_optional(value, type);
  auto* field = schema.find(name);
  if (field == nullptr) {
    if (!schema.open())
      mistake(value, "undefined field '" + std::string(name) + "' of '" + std::string(schema.name()) + "'");
    return;
  }
  if (unifier_.fits(declared(field->type), type)) return;
  mistake(value, "expected type of field '" + field->name + "' is '" + shown(field->type) + "' but provided type is '" +
                     shown(type) + "'");
}

}  // namespace seawall::cel
