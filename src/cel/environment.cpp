#include "cel/environment.h"

#include <algorithm>
#include <utility>

#include "cel/detail/unify.h"

namespace seawall::cel {

Environment::Environment() { add_standard(*this); }

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
  auto& set = functions.try_emplace(std::string(name), FunctionSet{std::string(name), style, {}}).first->second;
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
  return find_in(constants_, name);
}

const Type* Environment::find_type(std::string_view name) const noexcept { return find_in(type_names_, name); }

const FunctionSet* Environment::find_function(std::string_view name, Style style) const noexcept {
  return find_in(style == Style::global ? globals_ : methods_, name);
}

}  // namespace seawall::cel
