#include "cel/schema.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

namespace seawall::cel {

namespace {

Type make_plain(Types&, TypeKind kind) { return kind; }
Type make_wrapper(Types& types, TypeKind plain) { return types.wrapper(plain); }
Type make_struct(Types& types, TypeKind) { return types.map(TypeKind::string, TypeKind::dyn); }
Type make_list(Types& types, TypeKind element) { return types.list(element); }

// Protocol Buffers, "Well-Known Types", as the CEL language definition reads them ("Dynamic Values").
struct KnownMessage {
  std::string_view name;
  WellKnown meaning;
  Type (*make)(Types&, TypeKind);
  TypeKind kind;
};
constexpr KnownMessage known_messages[] = {
    {"Any", WellKnown::any, make_plain, TypeKind::dyn},
    {"BoolValue", WellKnown::wrapper, make_wrapper, TypeKind::boolean},
    {"BytesValue", WellKnown::wrapper, make_wrapper, TypeKind::bytes},
    {"DoubleValue", WellKnown::wrapper, make_wrapper, TypeKind::floating},
    {"Duration", WellKnown::duration, make_plain, TypeKind::duration},
    {"FloatValue", WellKnown::wrapper, make_wrapper, TypeKind::floating},
    {"Int32Value", WellKnown::wrapper, make_wrapper, TypeKind::integer},
    {"Int64Value", WellKnown::wrapper, make_wrapper, TypeKind::integer},
    {"ListValue", WellKnown::list, make_list, TypeKind::dyn},
    {"NullValue", WellKnown::none, make_plain, TypeKind::null},
    {"StringValue", WellKnown::wrapper, make_wrapper, TypeKind::string},
    {"Struct", WellKnown::structure, make_struct, TypeKind::dyn},
    {"Timestamp", WellKnown::timestamp, make_plain, TypeKind::timestamp},
    {"UInt32Value", WellKnown::wrapper, make_wrapper, TypeKind::unsigned_integer},
    {"UInt64Value", WellKnown::wrapper, make_wrapper, TypeKind::unsigned_integer},
    {"Value", WellKnown::value, make_plain, TypeKind::dyn},
};

const KnownMessage* known_message(std::string_view name) noexcept {
  constexpr std::string_view package = "google.protobuf.";
  if (!name.starts_with(package)) return nullptr;
  name.remove_prefix(package.size());
  auto* found = std::ranges::find(known_messages, name, &KnownMessage::name);
  return found == std::end(known_messages) ? nullptr : found;
}

WellKnown meaning_of(std::string_view name) noexcept {
  auto* known = known_message(name);
  return known ? known->meaning : WellKnown::none;
}

}  // namespace

Schema::Schema(std::string name)
    : name_(std::move(name)),
      type_{TypeKind::record, name_, {}},
      well_known_(meaning_of(name_)),
      blank_{this, nullptr, nullptr} {}

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
  absent_.push_back(field.absent);
  none_present_.resize(absent_.size() / 64 + 1);
  blank_.fields = absent_.data();
  blank_.present = none_present_.data();
  fields_.push_back(std::move(field));
}

bool Schema::owns(const Field& field) const noexcept {
  return std::less_equal<>()(fields_.data(), &field) && std::less<>()(&field, fields_.data() + fields_.size());
}

Schema& Schemas::add(std::string name) {
  keep_root(name);
  auto& slot = schemas_[name];
  if (!slot) slot = std::make_unique<Schema>(std::move(name));
  return *slot;
}

const Schema* Schemas::find(std::string_view name) const {
  if (auto found = schemas_.find(name); found != schemas_.end()) return found->second.get();
  const auto* described = source_ ? source_->find(name) : nullptr;
  return described || !base_ ? described : base_->find(name);
}

void Schemas::add_enum_value(std::string name, std::int32_t number) {
  keep_root(name);
  enum_values_.insert_or_assign(std::move(name), number);
}

const std::int32_t* Schemas::enum_value(std::string_view name) const noexcept {
  auto found = enum_values_.find(name);
  if (found != enum_values_.end()) return &found->second;
  return base_ ? base_->enum_value(name) : nullptr;
}

const OpaqueKind& Schemas::add_enum_kind(std::string name) {
  auto [found, fresh] = enum_kinds_.try_emplace(std::move(name));
  if (!fresh) return found->second;
  static constexpr auto same = [](const OpaqueNode& left, const OpaqueNode& right) noexcept {
    return static_cast<const EnumNode&>(left).number == static_cast<const EnumNode&>(right).number;
  };
  static constexpr auto print = [](const OpaqueNode& node) {
    return std::string(node.kind->type_name) + "(" + std::to_string(static_cast<const EnumNode&>(node).number) + ")";
  };
  return found->second = OpaqueKind{.type_name = found->first, .equal = same, .print = print};
}

const OpaqueKind* Schemas::enum_kind(std::string_view name) const noexcept {
  auto found = enum_kinds_.find(name);
  if (found != enum_kinds_.end()) return &found->second;
  return base_ ? base_->enum_kind(name) : nullptr;
}

void Schemas::add_extension(std::string name, Extension extension) {
  auto& kept = extensions_[std::move(name)];
  kept = std::move(extension);
  extensions_by_number_[kept.extended][kept.field.number] = &kept;
}

const Schemas::Extension* Schemas::extension(std::string_view name) const noexcept {
  auto found = extensions_.find(name);
  if (found != extensions_.end()) return &found->second;
  return base_ ? base_->extension(name) : nullptr;
}

const Schemas::Extension* Schemas::extension(std::string_view extended, std::uint32_t number) const noexcept {
  if (auto message = extensions_by_number_.find(extended); message != extensions_by_number_.end())
    if (auto found = message->second.find(number); found != message->second.end()) return found->second;
  return base_ ? base_->extension(extended, number) : nullptr;
}

void Schemas::keep_root(std::string_view name) {
  if (auto dot = name.find('.'); dot != std::string_view::npos) roots_.emplace(name.substr(0, dot));
}

Type message_type(Types& types, std::string_view name) {
  auto* known = known_message(name);
  return known ? known->make(types, known->kind) : types.record(name);
}

void describe_row(Schema& schema, std::span<const Column> columns) {
  std::uint32_t offset = 0;
  for (const auto& column : columns) {
    schema.add({.name = column.name,
                .type = column.type,
                .absent = Value(),
                .presence = true,
                .layout = Layout::value,
                .offset = offset});
    offset += sizeof(Value);
  }
}

}  // namespace seawall::cel
