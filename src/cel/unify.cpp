#include "cel/detail/unify.h"

#include <algorithm>

namespace seawall::cel::detail {
namespace {

bool is_wildcard(Type type) noexcept { return type.is(TypeKind::dyn) || type.is(TypeKind::error); }

// cel-go's: besides the wrappers, what a message field of the type may be set to.
bool is_nullable(Type type) noexcept {
  switch (type.kind()) {
    case TypeKind::null:
    case TypeKind::wrapper:
    case TypeKind::record:
    case TypeKind::optional:
    case TypeKind::opaque:
    case TypeKind::timestamp:
    case TypeKind::duration:
      return true;
    default:
      return false;
  }
}

Type unwrapped(Type type) noexcept { return type.is(TypeKind::wrapper) ? type.parameter(0) : type; }

// Types of one kind whose difference, if any, is in their parameters.
bool same_head(Type a, Type b) noexcept {
  return a.kind() == b.kind() && a.parameters().size() == b.parameters().size() && a.name() == b.name();
}

// A cheap "no" before a signature is instantiated.
bool heads_may_fit(Type given, Type wanted) noexcept {
  if (wanted.is(TypeKind::parameter) || given.is(TypeKind::parameter)) return true;
  if (is_wildcard(given) || is_wildcard(wanted) || given.is(TypeKind::null) || wanted.is(TypeKind::null)) return true;
  return unwrapped(given).kind() == unwrapped(wanted).kind();
}

}  // namespace

bool names_parameter(Type type) noexcept {
  return type.is(TypeKind::parameter) || std::ranges::any_of(type.parameters(), names_parameter);
}

bool Unifier::step() noexcept {
  if (steps_ == 0) return false;
  --steps_;
  return true;
}

Type Unifier::fresh() {
  if (unknowns_used_ == unknowns_.size()) unknowns_.push_back({{TypeKind::parameter, "_", {}}, nullptr});
  auto& made = unknowns_[unknowns_used_++];
  made.known = nullptr;
  return Type::of_node(&made);
}

Type Unifier::instance(Type type) {
  if (type.is(TypeKind::parameter)) {
    auto known = std::ranges::find(instance_, type, &std::pair<Type, Type>::first);
    return known != instance_.end() ? known->second : instance_.emplace_back(type, fresh()).second;
  }
  if (type.parameters().empty() || !step()) return type;
  auto base = stack_.size();
  for (auto each : type.parameters()) {
    auto part = instance(each);
    stack_.push_back(part);
  }
  auto made = types_.with(type, std::span(stack_).subspan(base));
  stack_.resize(base);
  return made;
}

Type Unifier::head(Type type) const noexcept {
  while (type.is(TypeKind::parameter) && unknown(type).known != nullptr) type = Type::of_node(unknown(type).known);
  return type;
}

void Unifier::learn(const Unknown& unknown, Type type) {
  learned_.push_back({&unknown, unknown.known});
  unknown.known = type.node();
}

void Unifier::forget(std::size_t learned) noexcept {
  while (learned_.size() > learned) {
    learned_.back().unknown->known = learned_.back().before;
    learned_.pop_back();
  }
}

bool Unifier::fits(Type given, Type wanted) {
  learned_.clear();
  if (match(given, wanted)) return true;
  forget(0);
  return false;
}

bool Unifier::fits(std::span<const Type> given, std::span<const Type> signature, bool generic) {
  if (given.size() != signature.size()) return false;
  for (std::size_t i = 0; i < given.size(); ++i)
    if (!heads_may_fit(head(given[i]), signature[i])) return false;
  learned_.clear();
  if (!generic) {
    if (match_all(given, signature)) return true;
    forget(0);
    return false;
  }
  auto unknowns = unknowns_used_;
  begin_instance();
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (match(given[i], instance(signature[i]))) continue;
    forget(0);
    unknowns_used_ = unknowns;  // nothing refers to them any more
    return false;
  }
  return true;
}

bool Unifier::match_all(std::span<const Type> given, std::span<const Type> wanted) {
  for (std::size_t i = 0; i < given.size(); ++i)
    if (!match(given[i], wanted[i])) return false;
  return true;
}

bool Unifier::match(Type given, Type wanted) {
  if (given == wanted) return true;
  if (!step()) return false;
  if (wanted.is(TypeKind::parameter)) {
    auto known = unknown(wanted).known != nullptr;
    auto fit = substitute(given, unknown(wanted));
    if (fit == Fit::yes) return true;
    if (known) return false;
  }
  if (given.is(TypeKind::parameter)) return substitute(wanted, unknown(given)) == Fit::yes;
  if (is_wildcard(given) || is_wildcard(wanted)) return true;
  if (given.is(TypeKind::null)) return is_nullable(wanted);
  if (wanted.is(TypeKind::null)) return is_nullable(given);
  switch (given.kind()) {
    case TypeKind::type:
      return wanted.is(TypeKind::type);
    case TypeKind::list:
    case TypeKind::map:
    case TypeKind::optional:
    case TypeKind::opaque:
      return same_head(given, wanted) && match_all(given.parameters(), wanted.parameters());
    default:
      return same_head(unwrapped(given), unwrapped(wanted));
  }
}

// Whether the unknown may be this type: as it is that already, as both fit and the more general one of them is taken,
// or as nothing was known of it.
Unifier::Fit Unifier::substitute(Type type, const Unknown& unknown) {
  if (type.node() == &unknown) return Fit::yes;
  if (unknown.known == nullptr) {
    if (occurs(unknown, type)) return Fit::circular;
    learn(unknown, type);
    return Fit::yes;
  }
  auto known = Type::of_node(unknown.known);
  if (type == known) return Fit::yes;
  if (!match(type, known)) return Fit::no;
  auto general = most_general(type, known);
  if (!occurs(unknown, general)) learn(unknown, general);
  return Fit::yes;
}

bool Unifier::occurs(const Unknown& looked_for, Type within) {
  if (!step()) return true;
  while (within.is(TypeKind::parameter)) {
    if (within.node() == &looked_for) return true;
    if (unknown(within).known == nullptr) return false;
    within = Type::of_node(unknown(within).known);
  }
  return std::ranges::any_of(within.parameters(), [&](Type each) { return occurs(looked_for, each); });
}

bool Unifier::is_less_specific(Type a, Type b) {
  if (a == b || !step()) return true;
  if (is_wildcard(a) || a.is(TypeKind::parameter)) return true;
  if (is_wildcard(b) || b.is(TypeKind::parameter)) return false;
  // Null fits a nullable type, a plain type its wrapper: both are the special case.
  if (a.is(TypeKind::null) || b.is(TypeKind::null)) return b.is(TypeKind::null);
  if (a.is(TypeKind::wrapper)) return true;
  if (!same_head(a, b)) return false;
  if (a.is(TypeKind::type)) return true;
  for (std::size_t i = 0; i < a.parameters().size(); ++i)
    if (!is_less_specific(a.parameters()[i], b.parameters()[i])) return false;
  return true;
}

Type Unifier::most_general(Type a, Type b) { return is_less_specific(a, b) ? a : b; }

Type Unifier::settle(Type type, Types& target) {
  parts_ = 0;
  auto made = rebuild(type, target, true);
  return parts_ > largest ? Type() : made;
}

Type Unifier::rebuild(Type type, Types& target, bool settled) {
  type = head(type);
  if (settled && (type.is(TypeKind::parameter) || ++parts_ > largest)) return {};
  if (!settled && !step()) return type;
  // A record's node may be its schema's; settled types are one node each, that of the pool.
  bool changed = settled && (type.is(TypeKind::record) || !type.parameters().empty());
  auto base = stack_.size();
  for (auto each : type.parameters()) {
    auto part = rebuild(each, target, settled);
    changed |= part != each;
    stack_.push_back(part);
  }
  auto made = changed ? target.with(type, std::span(stack_).subspan(base)) : type;
  stack_.resize(base);
  return made;
}

}  // namespace seawall::cel::detail
