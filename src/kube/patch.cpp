#include "kube/patch.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "kube/detail/patched_object.h"

namespace seawall::kube {
namespace {

std::string_view rfc_name(PatchAction action) {
  switch (action) {
    case PatchAction::replace:
      return "replace";
    case PatchAction::remove:
      return "remove";
    default:
      return "add";
  }
}

// "ALL" without its quotes where nothing is lost by that.
std::string for_people(const std::string& json) {
  if (json.size() < 3 || json.front() != '"') return json;
  auto inner = std::string_view(json).substr(1, json.size() - 2);
  auto is_plain = [](char c) { return is_alnum(c) || std::string_view("_-./:@").find(c) != std::string_view::npos; };
  bool is_word = std::ranges::all_of(inner, is_plain) && inner != "true" && inner != "false" && inner != "null";
  return is_word && !is_digit(inner.front()) ? std::string(inner) : json;
}

std::string as_json(codec::Value value) {
  codec::JsonWriter out;
  return out.value(value).take();
}

// ALL of ["ALL"].
std::optional<std::string> only_item(const std::string& json) {
  if (!json.starts_with('[')) return std::nullopt;
  auto document = codec::parse_json(json);
  if (!document || document->root().size() != 1) return std::nullopt;
  return as_json(document->root().at(0));
}

bool is_below(const FieldPath& path, const FieldPath& parent) {
  return path.steps.size() > parent.steps.size() &&
         std::equal(parent.steps.begin(), parent.steps.end(), path.steps.begin());
}

FieldPath first_steps(const FieldPath& path, std::size_t count) {
  return {{path.steps.begin(), path.steps.begin() + static_cast<std::ptrdiff_t>(count)}};
}

// Items behind others and what is in a container before the container itself.
bool stands_behind(const FieldPath& a, const FieldPath& b) {
  auto is_before = [](const FieldStep& x, const FieldStep& y) {
    return std::tie(x.index, x.name) < std::tie(y.index, y.name);
  };
  return std::ranges::lexicographical_compare(b.steps, a.steps, is_before);
}

std::unexpected<Error> not_there(const FieldPath& path) {
  return fail(Code::not_found, "\"" + path.text() + "\" is not there");
}

}  // namespace

std::string PatchOperation::pointer() const {
  std::string out;
  for (const auto& step : path.steps) {
    out.push_back('/');
    out += step.index ? std::to_string(*step.index) : replace_all(replace_all(step.name, "~", "~0"), "/", "~1");
  }
  return action == PatchAction::append ? out + "/-" : out;
}

std::string PatchOperation::text() const {
  auto where = path.text();
  if (action == PatchAction::remove) return "remove " + where;
  if (action == PatchAction::append) return "add " + for_people(value) + " to " + where;
  bool is_item = !path.steps.empty() && path.steps.back().index.has_value();
  if (action == PatchAction::add && is_item) return "insert " + for_people(value) + " as " + where;
  auto item = action == PatchAction::add ? only_item(value) : std::nullopt;
  if (item) return "add " + for_people(*item) + " to " + where;
  return "set " + where + " to " + for_people(value);
}

void write(codec::JsonWriter& out, const Patch& patch) {
  out.begin_array();
  for (const auto& operation : patch) {
    out.begin_object().field("op", rfc_name(operation.action)).field("path", operation.pointer());
    // What is no JSON can't be applied either.
    auto value = codec::parse_json(operation.value);
    if (operation.action != PatchAction::remove) out.key("value").value(value ? value->root() : codec::Value());
    out.end_object();
  }
  out.end_array();
}

std::string json_patch(const Patch& patch) {
  codec::JsonWriter out;
  write(out, patch);
  return out.take();
}

std::vector<std::string> sentences(const Patch& patch) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < patch.size(); ++i) {
    bool is_filled_next = patch[i].value == "{}" && i + 1 < patch.size() && is_below(patch[i + 1].path, patch[i].path);
    if (!is_filled_next) out.push_back(patch[i].text());
  }
  return out;
}

Result<std::string> patched(codec::Value object, const Patch& patch) {
  detail::PatchedObject copy(object);
  for (const auto& operation : patch) SW_TRY(in(operation.text(), copy.apply(operation)));
  return copy.json();
}

ObjectPatch::ObjectPatch(codec::Value object) : object_(std::make_unique<detail::PatchedObject>(object)) {}
ObjectPatch::ObjectPatch(ObjectPatch&&) noexcept = default;
ObjectPatch& ObjectPatch::operator=(ObjectPatch&&) noexcept = default;
ObjectPatch::~ObjectPatch() = default;

std::string ObjectPatch::object() const { return object_->json(); }

Result<> ObjectPatch::apply(PatchAction action, const FieldPath& path, std::string value) {
  PatchOperation operation{action, path, std::move(value)};
  SW_TRY(object_->apply(operation));
  operations_.push_back(std::move(operation));
  return {};
}

Result<> ObjectPatch::make_parents(const FieldPath& path) {
  auto count = path.steps.size();
  for (std::size_t i = 1; i < count; ++i) {
    auto parent = first_steps(path, i);
    auto found = object_->find(parent);
    if (found && found->value) continue;
    // Items can't be made up; checked before anything is made.
    if (parent.steps.back().index && !found) return not_there(parent);
    for (auto after = i; after < count; ++after)
      if (path.steps[after].index) return not_there(first_steps(path, after + 1));
    SW_TRY(apply(found ? PatchAction::replace : PatchAction::add, parent, "{}"));
  }
  return {};
}

Result<> ObjectPatch::set(const FieldPath& path, std::string_view json) {
  auto value = SW_TRY(in("the value for " + path.text(), detail::compact_json(json)));
  SW_TRY(make_parents(path));
  auto found = object_->find(path);
  if (!found) return apply(PatchAction::add, path, std::move(value));
  if (detail::equal(*found, codec::parse_json(value)->root())) return {};
  return apply(PatchAction::replace, path, std::move(value));
}

Result<> ObjectPatch::append(const FieldPath& list, std::string_view json) {
  auto value = SW_TRY(in("the value for " + list.text(), detail::compact_json(json)));
  SW_TRY(make_parents(list));
  auto found = object_->find(list);
  if (!found || !found->value) return apply(found ? PatchAction::replace : PatchAction::add, list, "[" + value + "]");
  auto wanted = codec::parse_json(value);
  if (found->value.is_array() && detail::has_item(*found, wanted->root())) return {};
  return apply(PatchAction::append, list, std::move(value));
}

Result<> ObjectPatch::remove(const FieldPath& path) {
  if (!object_->find(path)) return {};
  return apply(PatchAction::remove, path);
}

Result<> ObjectPatch::take(const PatchOperation& operation) {
  const auto& path = operation.path;
  if (operation.action == PatchAction::remove) return remove(path);
  if (operation.action == PatchAction::append) return append(path, operation.value);
  auto found = object_->find(path);
  if (found && found->value.is_object() && operation.value == "{}") return {};
  bool is_new_list = operation.action == PatchAction::add && found && found->value.is_array();
  if (!is_new_list || !operation.value.starts_with('[')) return set(path, operation.value);
  auto items = SW_TRY(codec::parse_json(operation.value));
  for (auto item : items.root().items()) SW_TRY(append(path, as_json(item)));
  return {};
}

Result<> ObjectPatch::remove_from_back(std::vector<FieldPath> paths) {
  std::ranges::sort(paths, stands_behind);
  paths.erase(std::ranges::unique(paths).begin(), paths.end());
  for (const auto& path : paths) SW_TRY(remove(path));
  return {};
}

Result<Patch> patch_for(codec::Value object, std::vector<Wish> wishes) {
  ObjectPatch patch(object);
  std::vector<FieldPath> removals;
  for (auto& wish : wishes) {
    if (wish.action == WishAction::set) SW_TRY(patch.set(wish.path, wish.value));
    if (wish.action == WishAction::append) SW_TRY(patch.append(wish.path, wish.value));
    if (wish.action == WishAction::remove) removals.push_back(std::move(wish.path));
  }
  SW_TRY(patch.remove_from_back(std::move(removals)));
  return patch.operations();
}

Result<Patch> together(codec::Value object, std::span<const Patch> patches) {
  ObjectPatch all(object);
  std::vector<FieldPath> removals;
  for (const auto& patch : patches) {
    for (const auto& operation : patch) {
      if (operation.action == PatchAction::remove)
        removals.push_back(operation.path);
      else
        SW_TRY(all.take(operation));
    }
  }
  SW_TRY(all.remove_from_back(std::move(removals)));
  return all.operations();
}

}  // namespace seawall::kube
