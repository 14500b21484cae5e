// What a name means in an environment (language definition, "Name Resolution").
// Threads: one object, one thread.
#pragma once

#include <string>
#include <string_view>

#include "cel/ast.h"
#include "cel/check.h"

namespace seawall::cel::detail {

// "a.b.c" where the node is a chain of selects on an identifier; empty where it is anything else.
void append_qualified_name(const Node& node, std::string& out);
// The identifier at the bottom of such a chain, or null.
const Node* root_of_chain(const Node& node) noexcept;

class Names {
 public:
  explicit Names(const Environment& environment) : environment_(&environment) {}

  struct Meaning {
    Resolution::Kind kind = Resolution::Kind::none;
    Type type;  // of a type used as a value: that type itself
    std::uint32_t slot = 0;
    Value constant;
    bool is_type = false;
    explicit operator bool() const noexcept { return kind != Resolution::Kind::none; }
  };
  // Variables, constants, types and enum values.
  Meaning find(std::string_view name);
  // The record or type of that name.
  struct Record {
    const Schema* schema = nullptr;
    bool known = false;  // the name is one of a type, though not of a record
  };
  Record find_record(std::string_view name);
  const FunctionSet* find_function(std::string_view name, Style style);
  // Whether a chain of fields that begins with this identifier can be a dotted name.
  bool may_be_qualified(std::string_view root) const noexcept;

 private:
  // The first of the names that `name` may be short for which `look` knows, from the innermost container outwards.
  template <class Look>
  auto first_known(std::string_view name, Look look) -> decltype(look(name));
  Meaning meaning(std::string_view name) const;

  const Environment* environment_;
  std::string candidate_;
};

}  // namespace seawall::cel::detail
