// Types with unknowns: which type may stand where another is asked for, and what that tells of the unknowns.
//
// The element of `[]` is unknown until it is used; each call of a function with type parameters brings an unknown for
// each of them. What is learned is kept only where the whole comparison fits.
// Owns: its unknowns and the types made of them; settle() makes types that outlive it.
// Limits: `steps` of work, as types that share their parts can be larger than any memory; past it every question is
// answered at once, and exhausted() says so.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "cel/type.h"

namespace seawall::cel::detail {

// Whether the type is a type parameter or has one in it.
bool names_parameter(Type) noexcept;

// Type parameters never reach it but through instance(): in the types that it judges, each `parameter` is an unknown.
class Unifier {
 public:
  Unifier(const Types& parent, std::uint64_t steps) : types_(&parent), steps_(steps) {}
  Types& types() noexcept { return types_; }
  bool exhausted() const noexcept { return steps_ == 0; }

  Type fresh();
  // The type with an unknown for each of its type parameters; the same one for the same parameter until the next
  // begin_instance().
  void begin_instance() noexcept { instance_.clear(); }
  Type instance(Type);

  // Whether `given` may stand where `wanted` is asked for. Unknowns are learned where it may, untouched where not.
  bool fits(Type given, Type wanted);
  // Several at once, wanted ones being the parameters of a signature.
  bool fits(std::span<const Type> given, std::span<const Type> signature, bool generic);
  // The one of two types that fit each other which allows more.
  Type most_general(Type, Type);

  // What is known by now: `head` looks only at the outermost type.
  Type head(Type) const noexcept;
  Type resolve(Type type) { return rebuild(type, types_, false); }
  // The same with dyn for what is still unknown, made in `target`; dyn for a type of more than `largest` parts.
  Type settle(Type type, Types& target);

 private:
  struct Unknown : TypeNode {
    mutable const TypeNode* known = nullptr;
  };
  struct Learned {
    const Unknown* unknown;
    const TypeNode* before;
  };
  enum class Fit : unsigned char { yes, no, circular };

  static const Unknown& unknown(Type type) noexcept { return static_cast<const Unknown&>(*type.node()); }
  bool step() noexcept;
  void learn(const Unknown&, Type);
  void forget(std::size_t learned) noexcept;
  bool match(Type given, Type wanted);
  bool match_all(std::span<const Type> given, std::span<const Type> wanted);
  Fit substitute(Type type, const Unknown& unknown);
  bool occurs(const Unknown& unknown, Type within);
  bool is_less_specific(Type, Type);
  Type rebuild(Type, Types& target, bool settled);

  static constexpr std::uint32_t largest = 1'000;
  Types types_;
  std::uint64_t steps_;
  std::uint32_t parts_ = 0;
  std::deque<Unknown> unknowns_;
  std::size_t unknowns_used_ = 0;
  std::vector<Learned> learned_;
  std::vector<Type> stack_;
  std::vector<std::pair<Type, Type>> instance_;
};

}  // namespace seawall::cel::detail
