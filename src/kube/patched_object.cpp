#include "kube/detail/patched_object.h"

#include <algorithm>

namespace seawall::kube::detail {
namespace {

using codec::Kind;
using codec::Value;

constexpr codec::Limits limits_of_new_values{.bytes = std::size_t{1} << 20, .nodes = 100'000, .depth = 64};

void open(PatchedValue& node) {
  if (node.opened) return;
  node.opened = true;
  node.children.reserve(node.value.size());
  for (auto item : node.value.items()) node.children.push_back({.position = node.children.size(), .value = item});
  for (auto member : node.value.members())
    node.children.push_back({.name = std::string(member.key), .position = node.children.size(), .value = member.value});
}

std::optional<std::size_t> child_at(const PatchedValue& node, const FieldStep& step) {
  if (!node.opened) return kube::child_at(node.value, step);
  if (step.index) return node.value.is_array() && *step.index < node.size() ? step.index : std::nullopt;
  if (!node.value.is_object()) return std::nullopt;
  auto found = std::ranges::find(node.children.rbegin(), node.children.rend(), step.name, &PatchedValue::name);
  if (found == node.children.rend()) return std::nullopt;
  return static_cast<std::size_t>(node.children.rend() - found) - 1;
}

FieldPath first_steps(const FieldPath& path, std::size_t count) {
  return {{path.steps.begin(), path.steps.begin() + static_cast<std::ptrdiff_t>(count)}};
}

std::string quoted(const FieldPath& path) { return path.steps.empty() ? "the object" : "\"" + path.text() + "\""; }

std::unexpected<Error> missing(const FieldPath& path) { return fail(Code::not_found, quoted(path) + " is not there"); }

bool equal_numbers(Value a, Value b) {
  if (a.scalar() == b.scalar()) return true;
  if (a.integer() && b.integer()) return a.integer() == b.integer();
  return a.number() && a.number() == b.number();
}

bool equal_items(Value a, Value b) {
  auto other = b.items().begin();
  for (auto item : a.items()) {
    if (!equal(item, *other)) return false;
    ++other;
  }
  return true;
}

// Looks members up in about the order they stand in: most objects that are compared have the same.
class MemberCursor {
 public:
  explicit MemberCursor(Value object) : object_(object) {}
  std::optional<Value> find(std::string_view name) {
    const auto* members = object_.node()->members;
    if (next_ < object_.size() && members[next_].name() == name) return Value(&members[next_++].value);
    auto position = kube::child_at(object_, {.name = std::string(name)});
    if (!position) return std::nullopt;
    next_ = *position + 1;
    return child_of(object_, *position);
  }

 private:
  Value object_;
  std::size_t next_ = 0;
};

bool equal_members(Value a, Value b) {
  MemberCursor others(b);
  for (auto member : a.members()) {
    auto other = others.find(member.key);
    if (!other || !equal(member.value, *other)) return false;
  }
  return true;
}

}  // namespace

bool equal(Value a, Value b) {
  bool are_numbers = a.number() && b.number();
  if (are_numbers) return equal_numbers(a, b);
  if (a.kind() != b.kind() || a.size() != b.size()) return false;
  switch (a.kind()) {
    case Kind::array:
      return equal_items(a, b);
    case Kind::object:
      return equal_members(a, b);
    case Kind::boolean:
      return a.boolean() == b.boolean();
    default:
      return a.text() == b.text();
  }
}

bool equal(const PatchedValue& a, Value b) {
  if (!a.opened) return equal(a.value, b);
  if (a.value.kind() != b.kind() || a.size() != b.size()) return false;
  if (b.is_array()) {
    auto other = b.items().begin();
    return std::ranges::all_of(a.children, [&](const PatchedValue& child) {
      auto item = *other;
      ++other;
      return equal(child, item);
    });
  }
  MemberCursor others(b);
  return std::ranges::all_of(a.children, [&](const PatchedValue& child) {
    auto other = others.find(child.name);
    return other && equal(child, *other);
  });
}

bool has_item(const PatchedValue& list, Value wanted) {
  if (list.opened) return std::ranges::any_of(list.children, [&](const auto& item) { return equal(item, wanted); });
  for (auto item : list.value.items())
    if (equal(item, wanted)) return true;
  return false;
}

void write(codec::JsonWriter& out, const PatchedValue& node) {
  if (!node.opened) {
    out.value(node.value);
  } else if (node.value.is_array()) {
    out.begin_array();
    for (const auto& child : node.children) write(out, child);
    out.end_array();
  } else {
    out.begin_object();
    for (const auto& child : node.children) write(out.key(child.name), child);
    out.end_object();
  }
}

Result<std::string> compact_json(std::string_view json) {
  auto document = SW_TRY(codec::parse_json(json, limits_of_new_values));
  codec::JsonWriter out;
  return out.value(document.root()).take();
}

std::string PatchedObject::json() const {
  codec::JsonWriter out;
  write(out, root_);
  return out.take();
}

std::optional<PatchedValue> PatchedObject::find(const FieldPath& path) const {
  const auto* node = &root_;
  for (std::size_t i = 0; i < path.steps.size(); ++i) {
    auto position = child_at(*node, path.steps[i]);
    if (!position) return std::nullopt;
    if (node->opened) {
      node = &node->children[*position];
      continue;
    }
    auto value = child_of(node->value, *position);
    for (++i; i < path.steps.size(); ++i) {
      position = kube::child_at(value, path.steps[i]);
      if (!position) return std::nullopt;
      value = child_of(value, *position);
    }
    return PatchedValue{.value = value};
  }
  return *node;
}

Result<> PatchedObject::apply(const PatchOperation& operation) {
  const auto& path = operation.path;
  if (operation.action == PatchAction::remove) return remove(path);
  auto value = SW_TRY(new_value(operation.value));
  switch (operation.action) {
    case PatchAction::add:
      return add(path, std::move(value));
    case PatchAction::append:
      return append(path, std::move(value));
    default:
      return replace(path, std::move(value));
  }
}

Result<PatchedValue> PatchedObject::new_value(const std::string& json) {
  documents_.push_back(SW_TRY(in("the value of a patch", codec::parse_json(json, limits_of_new_values))));
  return PatchedValue{.value = documents_.back().root(), .is_new = true};
}

Result<PatchedValue*> PatchedObject::container_of(const FieldPath& path, std::size_t steps) {
  auto* node = &root_;
  for (std::size_t i = 0; i < steps; ++i) {
    auto position = child_at(*node, path.steps[i]);
    if (!position) return missing(first_steps(path, i + 1));
    open(*node);
    node = &node->children[*position];
  }
  if (!node->value.is_object() && !node->value.is_array())
    return fail(Code::invalid, quoted(first_steps(path, steps)) + " is neither an object nor a list");
  open(*node);
  return node;
}

static std::unexpected<Error> whole_object() {
  return fail(Code::invalid, "a patch changes fields of an object, not the object as a whole");
}

Result<> PatchedObject::add(const FieldPath& path, PatchedValue value) {
  if (path.steps.empty()) return whole_object();
  auto* container = SW_TRY(container_of(path, path.steps.size() - 1));
  const auto& step = path.steps.back();
  if (step.index.has_value() != container->value.is_array())
    return fail(Code::invalid, quoted(path) + " is no place in what is around it");
  if (step.index) {
    if (*step.index > container->size()) return missing(path);
    container->children.insert(container->children.begin() + static_cast<std::ptrdiff_t>(*step.index),
                               std::move(value));
    return {};
  }
  if (child_at(*container, step)) return replace(path, std::move(value));
  value.name = step.name;
  container->children.push_back(std::move(value));
  return {};
}

Result<> PatchedObject::append(const FieldPath& path, PatchedValue value) {
  auto* list = SW_TRY(container_of(path, path.steps.size()));
  if (!list->value.is_array()) return fail(Code::invalid, quoted(path) + " is no list");
  list->children.push_back(std::move(value));
  return {};
}

Result<> PatchedObject::replace(const FieldPath& path, PatchedValue value) {
  if (path.steps.empty()) return whole_object();
  auto* container = SW_TRY(container_of(path, path.steps.size() - 1));
  auto position = child_at(*container, path.steps.back());
  if (!position) return missing(path);
  auto& child = container->children[*position];
  value.name = std::move(child.name);
  value.position = child.position;
  child = std::move(value);
  return {};
}

Result<> PatchedObject::remove(const FieldPath& path) {
  if (path.steps.empty()) return whole_object();
  auto* container = SW_TRY(container_of(path, path.steps.size() - 1));
  auto position = child_at(*container, path.steps.back());
  if (!position) return missing(path);
  container->children.erase(container->children.begin() + static_cast<std::ptrdiff_t>(*position));
  return {};
}

}  // namespace seawall::kube::detail
