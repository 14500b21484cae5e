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
  keep_root(name);
  auto& slot = schemas_[name];
  if (!slot) slot = std::make_unique<Schema>(std::move(name));
  return *slot;
}

const Schema* Schemas::find(std::string_view name) const noexcept {
  auto found = schemas_.find(name);
  return found == schemas_.end() ? nullptr : found->second.get();
}

void Schemas::add_enum_value(std::string name, std::int32_t number) {
  keep_root(name);
  enum_values_.insert_or_assign(std::move(name), number);
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

void Schemas::keep_root(std::string_view name) {
  if (auto dot = name.find('.'); dot != std::string_view::npos) roots_.emplace(name.substr(0, dot));
}

namespace {
Type make_plain(Types&, TypeKind kind) { return kind; }
Type make_wrapper(Types& types, TypeKind plain) { return types.wrapper(plain); }
Type make_struct(Types& types, TypeKind) { return types.map(TypeKind::string, TypeKind::dyn); }
Type make_list(Types& types, TypeKind element) { return types.list(element); }

// Protocol Buffers, "Well-Known Types", as the CEL language definition reads them ("Dynamic Values").
struct WellKnown {
  std::string_view name;
  Type (*make)(Types&, TypeKind);
  TypeKind kind;
};
constexpr WellKnown well_known[] = {
    {"Any", make_plain, TypeKind::dyn},
    {"BoolValue", make_wrapper, TypeKind::boolean},
    {"BytesValue", make_wrapper, TypeKind::bytes},
    {"DoubleValue", make_wrapper, TypeKind::floating},
    {"Duration", make_plain, TypeKind::duration},
    {"FloatValue", make_wrapper, TypeKind::floating},
    {"Int32Value", make_wrapper, TypeKind::integer},
    {"Int64Value", make_wrapper, TypeKind::integer},
    {"ListValue", make_list, TypeKind::dyn},
    {"NullValue", make_plain, TypeKind::null},
    {"StringValue", make_wrapper, TypeKind::string},
    {"Struct", make_struct, TypeKind::dyn},
    {"Timestamp", make_plain, TypeKind::timestamp},
    {"UInt32Value", make_wrapper, TypeKind::unsigned_integer},
    {"UInt64Value", make_wrapper, TypeKind::unsigned_integer},
    {"Value", make_plain, TypeKind::dyn},
};
}  // namespace

Type message_type(Types& types, std::string_view name) {
  constexpr std::string_view package = "google.protobuf.";
  if (!name.starts_with(package)) return types.record(name);
  for (auto& each : well_known)
    if (name.substr(package.size()) == each.name) return each.make(types, each.kind);
  return types.record(name);
}

}  // namespace seawall::cel
