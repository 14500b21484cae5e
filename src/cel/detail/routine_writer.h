// Writes one routine: registers, labels, handlers. Private to the room.
#pragma once

#include <concepts>
#include <vector>

#include "cel/detail/code.h"

namespace seawall::cel::detail {

using Register = std::uint16_t;

struct Label {
  std::uint32_t id;
  bool operator==(const Label&) const = default;
};

// What an instruction works on; see the list of instructions.
struct Operands {
  std::size_t d = 0, a = 0, b = 0;
  std::uint32_t x = 0, y = 0;
  const void* p = nullptr;
};

class RoutineWriter {
 public:
  explicit RoutineWriter(Bytecode& code) : code_(code) {}

  // Registers are a stack; `keep` gives them back down to where it was made.
  Register take(std::size_t count = 1) {
    auto first = top_;
    top_ += static_cast<std::uint32_t>(count);
    most_ = std::max(most_, top_);
    return static_cast<Register>(first);
  }
  class Keep {
   public:
    explicit Keep(RoutineWriter& writer) : writer_(writer), top_(writer.top_) {}
    Keep(const Keep&) = delete;
    ~Keep() { writer_.top_ = top_; }

   private:
    RoutineWriter& writer_;
    std::uint32_t top_;
  };

  Label label() {
    labels_.push_back(unbound);
    return {static_cast<std::uint32_t>(labels_.size() - 1)};
  }
  void bind(Label label) {
    labels_[label.id] = static_cast<std::uint32_t>(instructions_.size());
    mergeable_ = false;
  }

  // Errors of what is written while one lives go to the label, with the error in the register.
  class Catch {
   public:
    Catch(RoutineWriter& writer, Label target, Register error) : writer_(writer), before_(writer.handler_) {
      writer.handlers_.push_back({target, error});
      writer.handler_ = static_cast<std::uint32_t>(writer.handlers_.size() - 1);
      writer.mergeable_ = false;
    }
    Catch(const Catch&) = delete;
    ~Catch() {
      writer_.handler_ = before_;
      writer_.mergeable_ = false;
    }

   private:
    RoutineWriter& writer_;
    std::uint32_t before_;
  };

  void write(Opcode op, const Operands& operands);
  // `x` of the instruction becomes the label's place.
  void jump(Opcode op, Label target, Operands operands = {});
  // Negative: gives back what was charged before.
  // A refund where units are negative.
  template <std::integral Units>
  void cost(Units units) {
    add_cost(static_cast<std::int64_t>(units));
  }
  void at(std::uint32_t place) { place_ = place; }
  // The routine that stands `depth` registers deep calls another of that depth.
  void calls(std::uint32_t depth) { deepest_call_ = std::max(deepest_call_, depth); }

  // Appends it to the code as a routine of that number.
  Result<> finish(std::uint32_t routine);

 private:
  void add_cost(std::int64_t units);
  static constexpr std::uint32_t unbound = UINT32_MAX;
  struct Catcher {
    Label target;
    Register error;
  };
  Bytecode& code_;
  std::vector<Instruction> instructions_;
  std::vector<std::uint32_t> places_, handler_of_;
  std::vector<std::uint32_t> labels_;
  std::vector<Catcher> handlers_;
  std::uint32_t handler_ = no_handler;
  std::uint32_t top_ = 0, most_ = 0, place_ = 0, deepest_call_ = 0;
  bool mergeable_ = false;  // a cost may be added to the one before
  std::vector<std::uint32_t> jumps_;
};

}  // namespace seawall::cel::detail
