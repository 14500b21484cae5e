// One check of one tree: walks it once, bottom up, notes the type and meaning of each node and collects mistakes.
// Limits: nesting, and work in proportion to the size of the tree (see unify.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cel/check.h"
#include "cel/detail/names.h"
#include "cel/detail/unify.h"

namespace seawall::cel {

class Checker {
 public:
  Checker(Ast ast, std::shared_ptr<const Environment> environment, Checking checking);
  Result<Checked> run() &&;

 private:
  // A name that only a part of the tree knows.
  struct Local {
    std::string_view name;
    Type type;
    std::uint32_t binding;
    bool second;
    std::uint32_t slot;
  };

  Type check(const Node&);
  Type deduce(const Node&);
  Type deduce_literal(const Node&);
  Type deduce_identifier(const Node&);
  Type deduce_select(const Node&);
  Type deduce_has(const Node&);
  Type deduce_let(const Node&);
  Type deduce_block(const Node&);

  // check_call.cpp
  Type deduce_call(const Node&);
  Type deduce_method(const Node&);
  Type deduce_logical(const Node&);
  Type deduce_optional_select(const Node&);
  Type deduce_function(const Node&, std::string_view name, Style, std::span<Node* const> arguments);
  Type choose_overloads(const Node&, const FunctionSet&, std::span<const Type> arguments);
  Type fitting_overloads(const FunctionSet&, std::span<const Type> arguments);
  // The type with map(string, dyn) for the records in it, where these may be used so.
  Type with_maps(Type type);
  const FunctionSet* qualified_function(const Node&);
  void keep_overloads(const Node&, std::span<const Overload* const>);

  // check_aggregate.cpp
  Type deduce_list(const Node&);
  Type deduce_map(const Node&);
  Type deduce_record(const Node&);
  void check_field_value(const Node& record, std::size_t index, const Schema&);
  Type unwrap_optional(const Node& element, Type);
  // The type of elements of both types; `so_far` is null for the first.
  Type join(const Type* so_far, Type next);

  // check_homogeneous.cpp: once the types are settled
  void demand_homogeneous(const Node&);
  void demand_sound_literals(const Node&);
  void demand_one_type(const Node& aggregate, std::size_t first, std::size_t stride);

  // check_loop.cpp
  struct Variables {
    Type first, second;
  };
  Type deduce_loop(const Node&);
  Variables loop_variables(const Node&, Type range);
  Type loop_result(const Node&, const Variables&);
  Type entry_type(const Node& entry);

  // The type of a field, entry or variable behind the operand.
  Type member(const Node&, Type operand, std::string_view name);
  Type field(const Node&, Type record, std::string_view name);
  Type use(const Node&, const detail::Names::Meaning&);
  const Local* find_local(std::string_view name) const noexcept;
  bool is_local(std::string_view name) const noexcept { return find_local(name) != nullptr; }
  Resolution& resolution(const Node& node) noexcept { return checked_.resolutions_[node.id]; }
  Type declared(Type type);
  void expect(const Node&, Type wanted, Type found);

  Type mistake(const Node& at, std::string_view message);
  Type missing(const Node& at, std::string_view name);
  Type mismatch(const Node& at, Type wanted, Type found);
  Type no_overload(const Node& at, const FunctionSet&, std::span<const Type> arguments);
  std::string shown(Type type);
  bool is_off() const noexcept { return checking_ == Checking::off; }
  void settle();

  Checked checked_;
  const Environment& environment_;
  const Checking checking_;
  detail::Unifier unifier_;
  detail::Names names_;
  std::vector<Local> locals_;
  std::vector<Type> arguments_;  // of the calls that are being checked, outermost first
  std::vector<const Overload*> candidates_;
  std::string name_;
  std::string mistakes_;
  unsigned mistake_count_ = 0;
  unsigned depth_ = 0;
  bool too_complex_ = false;
};

}  // namespace seawall::cel
