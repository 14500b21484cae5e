#include "cel/environment.h"

#include <algorithm>
#include <utility>

#include "cel/detail/unify.h"

namespace seawall::cel {

Environment::Environment() { add_standard(*this); }

Environment::Environment(std::shared_ptr<const Environment> base)
    : base_(std::move(base)),
      types_(&base_->types_),
      schemas_(&base_->schemas_),
      container_(base_->container_),
      bad_presence_(base_->bad_presence_),
      record_use_(base_->record_use_) {
  SW_CHECK(base_->variable_count() == 0);
}

void Environment::keep_root(std::string_view name) {
  if (auto dot = name.find('.'); dot != std::string_view::npos) roots_.emplace(name.substr(0, dot));
}

std::uint32_t Environment::add_variable(std::string_view name, Type type) {
  auto [known, fresh] = variable_names_.try_emplace(std::string(name), variables_.size());
  if (!fresh) {
    variables_[known->second].type = type;
    return variables_[known->second].slot;
  }
  keep_root(name);
  auto slot = variable_count();
  variables_.push_back({known->first, type, slot});
  return slot;
}

void Environment::add_constant(std::string_view name, Type type, Value value) {
  keep_root(name);
  constants_.insert_or_assign(std::string(name), Constant{type, value});
}

void Environment::add_type(std::string_view name, Type type) {
  keep_root(name);
  type_names_.insert_or_assign(std::string(name), type);
}

void Environment::add_function(std::string_view name, Style style, Overload overload) {
  keep_root(name);
  overload.generic =
      detail::names_parameter(overload.result) || std::ranges::any_of(overload.parameters, detail::names_parameter);
  auto& functions = style == Style::global ? globals_ : methods_;
  auto found = functions.find(name);
  if (found == functions.end()) {
    const auto* inherited = base_ ? base_->find_function(name, style) : nullptr;
    auto set = inherited ? *inherited : FunctionSet{std::string(name), style, {}};
    found = functions.emplace(std::string(name), std::move(set)).first;
  }
  auto& set = found->second;
  auto same = std::ranges::find(set.overloads, overload.id, &Overload::id);
  if (same == set.overloads.end())
    set.overloads.push_back(std::move(overload));
  else
    *same = std::move(overload);
}

template <class Map>
static auto find_in(const Map& map, std::string_view name) -> const typename Map::mapped_type* {
  auto found = map.find(name);
  return found == map.end() ? nullptr : &found->second;
}

const Variable* Environment::find_variable(std::string_view name) const noexcept {
  auto* index = find_in(variable_names_, name);
  return index ? &variables_[*index] : nullptr;
}

const Environment::Constant* Environment::find_constant(std::string_view name) const noexcept {
  const auto* own = find_in(constants_, name);
  return own || !base_ ? own : base_->find_constant(name);
}

const Type* Environment::find_type(std::string_view name) const noexcept {
  const auto* own = find_in(type_names_, name);
  return own || !base_ ? own : base_->find_type(name);
}

const FunctionSet* Environment::find_function(std::string_view name, Style style) const noexcept {
  const auto* own = find_in(style == Style::global ? globals_ : methods_, name);
  return own || !base_ ? own : base_->find_function(name, style);
}

std::shared_ptr<Environment> kubernetes_environment() {
  static const std::shared_ptr<const Environment> base = [] {
    auto made = std::make_shared<Environment>();
    add_kubernetes(*made);
    return made;
  }();
  return std::make_shared<Environment>(base);
}

}  // namespace seawall::cel
