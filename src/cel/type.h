// Types of CEL (language definition, "Values" and "Gradual Type Checking").
//
// A Type is a handle on an interned node: equal types are the same node, so comparing is comparing pointers. Plain
// types are constants of the program; composed ones belong to a Types pool and live as long as it.
// Threads: handles may be read from any thread; a pool belongs to one thread while it grows.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace seawall::cel {

enum class TypeKind : unsigned char {
  dyn,  // anything: decided when it runs
  error,
  null,
  boolean,
  integer,
  unsigned_integer,
  floating,
  string,
  bytes,
  timestamp,
  duration,
  list,       // one parameter
  map,        // two
  record,     // a message, named
  type,       // one: the type that it is the type of
  wrapper,    // one: a plain type, or null
  optional,   // one
  opaque,     // of a library: named, with parameters
  parameter,  // stands for any type in the signature of a function
};

class Type;

namespace detail {
struct TypeNode {
  TypeKind kind;
  std::string_view name;
  std::span<const Type> parameters;
};
const TypeNode* plain(TypeKind) noexcept;
}  // namespace detail

class Type {
 public:
  Type() : Type(TypeKind::dyn) {}
  // A plain type; composed ones are made by Types.
  Type(TypeKind plain) : node_(detail::plain(plain)) {}  // NOLINT(google-explicit-constructor): reads as the type
  TypeKind kind() const noexcept { return node_->kind; }
  // As CEL writes it: "int", "list", "google.protobuf.Timestamp", the name of a record, opaque or parameter.
  std::string_view name() const noexcept { return node_->name; }
  std::span<const Type> parameters() const noexcept;
  Type parameter(std::size_t index) const noexcept;  // dyn where there is none
  bool is(TypeKind kind) const noexcept { return node_->kind == kind; }
  bool operator==(const Type&) const = default;
  auto operator<=>(const Type&) const = default;

  // The node itself, to be kept where only a pointer fits.
  const detail::TypeNode* node() const noexcept { return node_; }
  static Type of_node(const detail::TypeNode* node) noexcept { return Type(node); }

 private:
  friend class Types;
  explicit Type(const detail::TypeNode* node) : node_(node) {}
  const detail::TypeNode* node_;
};

// "map(string, list(int))".
std::string text(Type);

class Types {
 public:
  // Types that `parent` has are taken from it: it must outlive this pool and not grow meanwhile.
  explicit Types(const Types* parent = nullptr);
  Types(Types&&) noexcept;
  Types& operator=(Types&&) noexcept;
  ~Types();
  Type list(Type element);
  Type map(Type key, Type value);
  Type record(std::string_view name);
  Type type_of(Type);
  Type wrapper(Type plain);
  Type optional(Type);
  Type opaque(std::string_view name, std::span<const Type> parameters = {});
  Type parameter(std::string_view name);
  // The same kind and name with other parameters.
  Type with(Type, std::span<const Type> parameters);

 private:
  Type intern(TypeKind kind, std::string_view name, std::span<const Type> parameters);
  struct Pool;
  const Types* parent_;
  std::unique_ptr<Pool> pool_;
};

}  // namespace seawall::cel
