#include "cel/type.h"

#include <array>
#include <deque>

namespace seawall::cel {

using detail::TypeNode;

const TypeNode* detail::plain(TypeKind kind) noexcept {
  static constexpr std::string_view names[] = {"dyn",
                                               "error",
                                               "null_type",
                                               "bool",
                                               "int",
                                               "uint",
                                               "double",
                                               "string",
                                               "bytes",
                                               "google.protobuf.Timestamp",
                                               "google.protobuf.Duration",
                                               "list",
                                               "map",
                                               "",
                                               "type",
                                               "wrapper",
                                               "optional_type",
                                               "",
                                               ""};
  static const auto nodes = [] {
    std::array<TypeNode, std::size(names)> made{};
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = {static_cast<TypeKind>(i), names[i], {}};
    return made;
  }();
  return &nodes[static_cast<std::size_t>(kind)];
}

std::span<const Type> Type::parameters() const noexcept { return node_->parameters; }

Type Type::parameter(std::size_t index) const noexcept {
  return index < node_->parameters.size() ? node_->parameters[index] : Type();
}

std::string text(Type type) {
  if (type.is(TypeKind::wrapper)) return "wrapper(" + text(type.parameter(0)) + ")";
  std::string out(type.name());
  if (type.parameters().empty()) return out;
  const char* separator = "(";
  for (auto each : type.parameters()) {
    out += separator;
    out += text(each);
    separator = ", ";
  }
  return out + ")";
}

struct Types::Pool {
  struct Entry {
    std::string name;
    std::vector<Type> parameters;
    TypeNode node;
  };
  using Key = std::tuple<TypeKind, std::string, std::vector<Type>>;
  std::map<Key, const TypeNode*> known;
  std::deque<Entry> entries;
};

Types::Types(const Types* parent) : parent_(parent), pool_(std::make_unique<Pool>()) {}
Types::Types(Types&&) noexcept = default;
Types& Types::operator=(Types&&) noexcept = default;
Types::~Types() = default;

Type Types::intern(TypeKind kind, std::string_view name, std::span<const Type> parameters) {
  Pool::Key key(kind, std::string(name), std::vector<Type>(parameters.begin(), parameters.end()));
  for (auto* pool = parent_; pool != nullptr; pool = pool->parent_)
    if (auto found = pool->pool_->known.find(key); found != pool->pool_->known.end()) return Type(found->second);
  auto [found, fresh] = pool_->known.try_emplace(std::move(key), nullptr);
  if (fresh) {
    auto& entry = pool_->entries.emplace_back(Pool::Entry{std::string(name), std::get<2>(found->first), {}});
    entry.node = {kind, entry.name, entry.parameters};
    found->second = &entry.node;
  }
  return Type(found->second);
}

static std::string_view plain_name(TypeKind kind) { return Type(kind).name(); }

Type Types::list(Type element) { return intern(TypeKind::list, plain_name(TypeKind::list), {&element, 1}); }
Type Types::map(Type key, Type value) {
  Type both[] = {key, value};
  return intern(TypeKind::map, plain_name(TypeKind::map), both);
}
Type Types::record(std::string_view name) { return intern(TypeKind::record, name, {}); }
Type Types::type_of(Type type) { return intern(TypeKind::type, plain_name(TypeKind::type), {&type, 1}); }
Type Types::wrapper(Type plain) { return intern(TypeKind::wrapper, plain_name(TypeKind::wrapper), {&plain, 1}); }
Type Types::optional(Type type) { return intern(TypeKind::optional, plain_name(TypeKind::optional), {&type, 1}); }
Type Types::opaque(std::string_view name, std::span<const Type> parameters) {
  return intern(TypeKind::opaque, name, parameters);
}
Type Types::parameter(std::string_view name) { return intern(TypeKind::parameter, name, {}); }
Type Types::with(Type type, std::span<const Type> parameters) { return intern(type.kind(), type.name(), parameters); }

}  // namespace seawall::cel
