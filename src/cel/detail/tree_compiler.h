// Turns one tree into one routine. Private to the room.
#pragma once

#include <map>
#include <optional>

#include "cel/detail/routine_writer.h"
#include "cel/detail/terms.h"

namespace seawall::cel::detail {

class RuntimeCall;

// What the trees of one program have in common while it is made.
class Linker {
 public:
  virtual ~Linker() = default;
  virtual Bytecode& code() = 0;
  virtual Terms& terms() = 0;
  virtual Names& names() = 0;
  virtual RuntimeCall& folder() = 0;
  // The routine of a shared term or of a definition, compiled if need be; its depth by code().routines.
  virtual Result<std::uint32_t> shared_routine(const Node& node, const Unit& unit) = 0;
  virtual Result<std::uint32_t> definition_routine(std::uint32_t unit) = 0;
  virtual bool shares(TermId term) const = 0;
};

class TreeCompiler {
 public:
  TreeCompiler(Linker& linker, const Unit& unit) : linker_(linker), unit_(unit), out_(linker.code()) {}
  // The whole tree, or the part below a node, as the routine of that number.
  Result<> compile(const Node& root, std::uint32_t routine);

 private:
  struct Branches {
    Label yes, no;
    bool falls_to_yes;  // the label that follows directly
  };
  // Registers that remember a part of the innermost loop's body for one turn.
  struct Cache {
    std::map<TermId, Register> registers;
    Register first = 0;
    std::uint32_t count = 0;
  };
  using Resolved = Resolution::Kind;

  const Resolution& resolution(const Node& node) const { return unit_.checked->resolution(node); }
  Bytecode& code() { return linker_.code(); }
  void keep(Error error) {
    if (!error_) error_ = std::move(error);
  }

  void emit(const Node& node, Register d);
  void emit_unshared(const Node& node, Register d);
  bool emit_shared(const Node& node, Register d);
  // The register that holds the value: a variable's own, or a new one.
  Register value_of(const Node& node);
  void emit_constant(const Value& value, Register d);
  void emit_variable(const Node& node, Register d);
  void emit_select(const Node& node, Register d);
  bool emit_input_path(const Node& node, Register d);
  void emit_has(const Node& node, Register d);
  Register operand_of(const Node& node);
  bool is_attribute_part(const Node& node) const;
  void emit_call(const Node& node, Register d);
  bool emit_or_else(const Node& node, Register d);
  bool emit_operator(const Node& node, Register d);
  bool emit_text_question(const Node& node, Register d);
  void emit_overload_call(const Node& node, Register d);
  void emit_in(const Node& node, Register d);
  void emit_conditional(const Node& node, Register d);
  void emit_alternative(const Node& node, Register d);
  void emit_list(const Node& node, Register d);
  void emit_map(const Node& node, Register d);
  void emit_record(const Node& node, Register d);
  void emit_let(const Node& node, Register d);
  bool is_lazy(const Node& value);
  // An error ends in the register, too.
  void emit_caught(const Node& node, Register d);
  // Before a use of a local variable: its value is there from here on.
  void prepare_local(const Node& use, Register local);
  void emit_block(const Node& node, Register d);
  void emit_truth(const Node& node, Register d);

  void branch(const Node& node, Branches to);
  void branch_logical(const Node& node, Branches to);
  void branch_has(const Node& node, Branches to);
  bool branch_constant(const Node& node, Branches to);
  void branch_quantifier(const Node& node, Branches to);
  void branch_value(const Node& node, Branches to);
  void jump_unless_next(Branches to, bool yes);
  bool is_truth(const Node& node) const;

  void emit_loop(const Node& node, Register d);
  void emit_exists_one(const Node& node, Register d);
  void emit_collect(const Node& node, Register d);
  const Value* texts_asked_for(const Node& node);
  bool emit_any_branch(const Node& node, Branches to);
  // Whether nothing below the node names a variable of the loop.
  bool is_outside(const Node& node, const Node& loop) const;
  struct Turn {
    Register range, variable;
    Label next, done;
  };
  Turn begin_loop(const Node& node);
  // Makes the loop's variables visible and remembers what its body uses twice.
  void enter(const Node& node, const Turn& turn);
  void leave(const Node& node);
  void find_repeats(const Node& node, const Node& loop, std::map<TermId, int>& uses) const;
  const Register* cached(const Node& node) const;
  void gather(const Node& node, std::string_view function, std::vector<const Node*>& terms) const;

  bool can_fail(const Node& node);
  bool is_plain_select(const Node& node) const;
  bool is_trusted(const Node& node) const;
  // What is known already: its value and what computing it would have cost.
  struct Folded {
    Value value;
    std::uint64_t cost = 0;
  };
  const Folded* fold(const Node& node);
  std::optional<Folded> fold_now(const Node& node);
  std::optional<Folded> fold_list(const Node& node);
  std::optional<Folded> fold_call(const Node& node);
  const Value* constant_operand(const Node& node);
  const Value* keep_constant(const Value& value);
  const CallSite* call_site(const Node& node, std::span<const Node* const> arguments);
  static bool costs_a_unit(const Resolution& resolved, std::string_view function);
  void note_kinds(CallSite& site, std::span<const Node* const> arguments) const;
  std::span<Node* const> arguments_of(const Node& node) const;
  const codec::Key* key_of(std::string_view name);

  Linker& linker_;
  const Unit& unit_;
  RoutineWriter out_;
  std::optional<Error> error_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Register> locals_;  // by binding and which variable
  std::map<std::uint32_t, const Node*> lets_;                           // those around, by binding
  std::vector<std::pair<const Node*, Cache>> caches_;
  std::map<std::uint32_t, std::optional<Folded>> folds_;  // by node id
  const Node* root_ = nullptr;
};

}  // namespace seawall::cel::detail
