// Gradual type checking and name resolution (language definition, "Gradual Type Checking", "Name Resolution").
// Threads: safe. Fails: invalid; every mistake is listed, each with line, column and caret.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "cel/ast.h"
#include "cel/environment.h"

namespace seawall::cel {

// What a name or call turned out to be.
struct Resolution {
  enum class Kind : unsigned char {
    none,
    variable,   // `slot`
    local,      // variable of a loop or let, slot of a block: `binding` is the id of its node, `second` tells which of
                // a loop's two, `slot` which of a block's
    constant,   // `constant`: enum values, declared constants, types used as values
    overloads,  // `overloads`: those that the static types leave possible, in order of declaration; `name`: the
                // function's, in full
    field,      // select or has on a record: `field` of `schema`; of an extension, `name` is its full name
    unknown,    // only with Checking::off: fails when it runs; `name` is what is missing
  };
  Kind kind = Kind::none;
  bool second = false;
  bool qualified = false;  // a method call that is the function "a.b.f": children[0] is only a part of that name
  std::uint32_t slot = 0, binding = 0;
  Value constant;
  std::span<const Overload* const> overloads;
  const Schema* schema = nullptr;  // fields; of record literals it is all that there is
  const Field* field = nullptr;
  std::string_view name;
};

// A tree with what is known of each node. Parts of the tree that are one name after all (select a.b.c resolved to the
// variable "a.b.c" or to an enum value; a method call that is the function "a.b.f") are resolved at their top node.
class Checked {
 public:
  const Ast& ast() const noexcept { return ast_; }
  const Node& root() const noexcept { return ast_.root(); }
  Type type(const Node& node) const noexcept { return types_of_[node.id]; }
  Type type() const noexcept { return type(root()); }
  const Resolution& resolution(const Node& node) const noexcept { return resolutions_[node.id]; }
  const Environment& environment() const noexcept { return *environment_; }
  const std::shared_ptr<const Environment>& shared_environment() const noexcept { return environment_; }

 private:
  friend class Checker;
  Checked(Ast ast, std::shared_ptr<const Environment> environment)
      : ast_(std::move(ast)), environment_(std::move(environment)), types_(&environment_->types()) {}
  Ast ast_;
  std::shared_ptr<const Environment> environment_;
  Types types_;  // those that the environment's pool doesn't have
  std::vector<Type> types_of_;
  std::vector<Resolution> resolutions_;
  Arena arena_;  // lists of overloads, resolved names
};

enum class Checking : unsigned char {
  full,         // a mistake of type is an error
  homogeneous,  // and lists and maps written out must hold one type, and literals must
                // be sound: duration('1') is a mistake; as Kubernetes asks
  off,          // every type is dyn, names are resolved as far as they can be
};

Result<Checked> check(Ast ast, std::shared_ptr<const Environment> environment, Checking checking = Checking::full);

}  // namespace seawall::cel
