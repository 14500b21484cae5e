#include "cel/schema.h"

namespace seawall::cel {

Schema::Schema(std::string name) : name_(std::move(name)), type_{TypeKind::record, name_, {}} {}

const Field* Schema::find(std::string_view name) const noexcept {
  auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &fields_[found->second];
}

const Field* Schema::find(std::uint32_t number) const noexcept {
  auto found = by_number_.find(number);
  return found == by_number_.end() ? nullptr : &fields_[found->second];
}

void Schema::add(Field field) {
  auto index = fields_.size();
  by_name_.insert_or_assign(field.name, index);
  if (field.number != 0) by_number_.insert_or_assign(field.number, index);
  fields_.push_back(std::move(field));
}

Schema& Schemas::add(std::string name) {
  auto& slot = schemas_[name];
  if (!slot) slot = std::make_unique<Schema>(std::move(name));
  return *slot;
}

const Schema* Schemas::find(std::string_view name) const noexcept {
  auto found = schemas_.find(name);
  return found == schemas_.end() ? nullptr : found->second.get();
}

const std::int32_t* Schemas::enum_value(std::string_view name) const noexcept {
  auto found = enum_values_.find(name);
  return found == enum_values_.end() ? nullptr : &found->second;
}

void Schemas::add_extension(std::string name, Extension extension) {
  extensions_.insert_or_assign(std::move(name), std::move(extension));
}

const Schemas::Extension* Schemas::extension(std::string_view name) const noexcept {
  auto found = extensions_.find(name);
  return found == extensions_.end() ? nullptr : &found->second;
}

const Schemas::Extension* Schemas::extension(std::string_view extended, std::uint32_t number) const noexcept {
  for (const auto& [name, each] : extensions_)
    if (each.field.number == number && each.extended == extended) return &each;
  return nullptr;
}

}  // namespace seawall::cel
