// The loop over instructions. What an instruction does, where it is more than a line, is in operations.cpp.
#include "cel/detail/machine.h"

#include "cel/detail/accept.h"
#include "cel/detail/cost_rules.h"
#include "cel/detail/machine_steps.h"

namespace seawall::cel::detail {

Value Machine::placed(const Value& error, std::uint32_t at) noexcept {
  auto failure = error.as_error();
  if (failure.place != UINT32_MAX) return error;
  failure.place = code_->places[at];
  auto* kept = arena_.make(failure);
  return kept ? Value::error(kept) : error;
}

bool Machine::may_go_on(Value& error) noexcept {
  if (limits_.interrupt && limits_.interrupt->load(std::memory_order_relaxed))
    error = fail(ErrorCode::interrupted, "evaluation was interrupted");
  else if (iterations_ > limits_.iterations)
    error = fail(ErrorCode::cost_exceeded, "limit of loop iterations exceeded");
  else if (total_cost_ + cost_ > limits_.total_cost)
    error = fail(ErrorCode::cost_exceeded, "cost limit of all expressions exceeded");
  else
    return true;
  return false;
}

Value Machine::input(std::uint32_t number, Type declared) noexcept {
  const auto& name = code_->inputs[number];
  if (number >= inputs_.size()) return fail(ErrorCode::no_such_variable, "no value was given for ", name);
  const auto& value = inputs_[number];
  if (value.is_error() || accepts(declared, value)) return value;
  return fail(ErrorCode::no_such_overload, "value of another type than declared: ", name);
}

template <bool counting>
Value Machine::call_counted(const CallSite& site, std::span<const Value> arguments) {
  const auto* overload = chosen(site, arguments);
  if (!overload) {
    if constexpr (counting) ++cost_;
    return no_overload(site.name, arguments);
  }
  auto result = call_function(site, *overload, arguments);
  if constexpr (counting) {
    cost_ += overload->cost && !site.costs_a_unit ? overload->cost(arguments, result) : 1;
    if (cost_ > limits_.cost) return fail(ErrorCode::cost_exceeded, "cost limit exceeded");
  }
  return result;
}
template <bool counting>
Value Machine::call_both(const CallSite& site, const Value& a, const Value& b) {
  Value both[] = {a, b};
  return call_counted<counting>(site, both);
}
template Value Machine::call_counted<true>(const CallSite&, std::span<const Value>);
template Value Machine::call_counted<false>(const CallSite&, std::span<const Value>);

bool Machine::remember_slowly(Value& cached, const Value& operand, const codec::Key& key, Value& error) noexcept {
  Value scratch, failed;
  const auto* found = look(operand, key, scratch, failed);
  if (failed.is_error()) {
    error = failed;
    return false;
  }
  cached = found ? *found : absent();
  return true;
}

void Machine::make_room(const Bytecode& code) {
  // No routine calls itself, so that many frames are enough.
  results_.resize(std::max(results_.size(), code.routines.size()));
  frames_.resize(results_.size());
  registers_.resize(std::max<std::size_t>(registers_.size(), code.deepest));
  room_ = {results_.size(), registers_.size()};
}

Value Machine::run_routine(std::uint32_t routine) {
  if (code_->routines[routine].shared && results_[routine].generation == generation_) {
    cost_ = results_[routine].cost;
    total_cost_ += cost_;
    return results_[routine].value;
  }
  if (!code_->counts_cost) return execute<false>(routine);
  cost_ = 0;
  auto result = execute<true>(routine);
  total_cost_ += cost_;
  return result;
}

void Machine::start_generations() noexcept {
  for (auto& each : results_) each.generation = 0;
  generation_ = 1;
}

// Instructions that can fail leave the error in `made`; RAISE_IF takes it from there.
template <bool counting>
Value Machine::execute(std::uint32_t routine) {
  static const void* const labels[] = {
#define SW_CEL_NAME(name) &&do_##name,
      SW_CEL_INSTRUCTIONS(SW_CEL_NAME)
#undef SW_CEL_NAME
  };
  const auto* const first = code_->instructions.data();
  const auto* step = first + code_->routines[routine].entry;
  auto* r = registers_.data();
  Value made;
  auto* frame = frames_.data();
  *frame = {routine, 0, r, 0};

#define NEXT                                          \
  do {                                                \
    ++step;                                           \
    goto* labels[static_cast<std::size_t>(step->op)]; \
  } while (false)
#define GO(target)                                    \
  do {                                                \
    step = first + (target);                          \
    goto* labels[static_cast<std::size_t>(step->op)]; \
  } while (false)
#define GIVE(expression)              \
  do {                                \
    made = (expression);              \
    if (made.is_error()) [[unlikely]] \
      goto raise;                     \
    r[step->d] = made;                \
    NEXT;                             \
  } while (false)
#define CHARGE(units)                        \
  do {                                       \
    if constexpr (counting) {                \
      cost_ += (units);                      \
      if (cost_ > limits_.cost) [[unlikely]] \
        goto too_dear;                       \
    }                                        \
  } while (false)

  goto* labels[static_cast<std::size_t>(step->op)];

do_move:
  r[step->d] = r[step->a];
  NEXT;
do_constant:
  r[step->d] = *static_cast<const Value*>(step->p);
  NEXT;
do_input:
  GIVE(input(step->x, Type::of_node(static_cast<const TypeNode*>(step->p))));
do_shared: {
  auto& known = results_[step->x];
  if (known.generation == generation_) {
    CHARGE(known.cost);
    GIVE(known.value);
  }
  auto* deeper = r + code_->routines[frame->routine].frame;
  *++frame = {step->x, static_cast<std::uint32_t>(step - first), deeper, cost_};
  r = deeper;
  GO(code_->routines[step->x].entry);
}
do_field: {
  const auto& operand = r[step->a];
  const auto& key = *static_cast<const codec::Key*>(step->p);
  if (operand.is(Kind::map) && operand.in_document()) [[likely]] {
    auto found = codec::Value(operand.node())[key];
    if (found.node()) [[likely]] {
      r[step->d] = Value::document(found.node());
      NEXT;
    }
  }
  GIVE(select(operand, key));
}
do_input_path: {
  const auto* keys = static_cast<const codec::Key*>(step->p);
  if (const auto* found = step->x < inputs_.size() ? at_path(inputs_[step->x], keys, step->y) : nullptr) [[likely]] {
    r[step->d] = Value::document(found);
    NEXT;
  }
  made = input(step->x, Type());
  for (std::uint32_t i = 0; i < step->y && !made.is_error(); ++i) made = select(made, keys[i]);
  GIVE(made);
}
do_record_field:
  GIVE(record_field(r[step->a], *static_cast<const Field*>(step->p)));
do_flat_field:
  r[step->d] = read_flat_field(r[step->a], *static_cast<const Field*>(step->p));
  NEXT;
do_has_field:
  GIVE(has(r[step->a], *static_cast<const codec::Key*>(step->p)));
do_has_record_field:
  GIVE(has_record_field(r[step->a], *static_cast<const Field*>(step->p)));
do_optional_field:
  made = optional_select(r[step->a], *static_cast<const codec::Key*>(step->p));
  if (holds(made)) CHARGE(1);
  GIVE(made);
do_index:
  GIVE(index(r[step->a], r[step->b]));
do_optional_index:
  made = optional_index(r[step->a], r[step->b]);
  if (holds(made)) CHARGE(1);
  GIVE(made);
do_call:
  GIVE(call_counted<counting>(*static_cast<const CallSite*>(step->p), {r + step->a, step->x}));
do_equal:
  CHARGE(cost_of_equality(r[step->a], r[step->b]));
  r[step->d] = Value::boolean(equal(r[step->a], r[step->b]));
  NEXT;
do_not_equal:
  CHARGE(cost_of_equality(r[step->a], r[step->b]));
  r[step->d] = Value::boolean(!equal(r[step->a], r[step->b]));
  NEXT;
do_equal_constant:
  CHARGE(cost_of_equality(r[step->a], *static_cast<const Value*>(step->p)));
  r[step->d] = Value::boolean(is_constant(r[step->a], *static_cast<const Value*>(step->p)));
  NEXT;
do_not_equal_constant:
  CHARGE(cost_of_equality(r[step->a], *static_cast<const Value*>(step->p)));
  r[step->d] = Value::boolean(!is_constant(r[step->a], *static_cast<const Value*>(step->p)));
  NEXT;
do_less:
do_less_equal:
do_greater:
do_greater_equal:
  CHARGE(static_cast<const CallSite*>(step->p)->costs_a_unit ? 1 : cost_of_order(r[step->a], r[step->b]));
  GIVE(compare(step->op, r[step->a], r[step->b], static_cast<const CallSite*>(step->p)->name));
do_add: {
  std::int64_t sum;
  if (r[step->a].is(Kind::integer) && r[step->b].is(Kind::integer) &&
      !__builtin_add_overflow(r[step->a].as_integer(), r[step->b].as_integer(), &sum)) {
    CHARGE(1);
    r[step->d] = Value::integer(sum);
    NEXT;
  }
  GIVE(call_both<counting>(*static_cast<const CallSite*>(step->p), r[step->a], r[step->b]));
}
do_subtract: {
  std::int64_t difference;
  if (r[step->a].is(Kind::integer) && r[step->b].is(Kind::integer) &&
      !__builtin_sub_overflow(r[step->a].as_integer(), r[step->b].as_integer(), &difference)) {
    CHARGE(1);
    r[step->d] = Value::integer(difference);
    NEXT;
  }
  GIVE(call_both<counting>(*static_cast<const CallSite*>(step->p), r[step->a], r[step->b]));
}
do_negate_boolean:
  if (!r[step->a].is(Kind::boolean)) [[unlikely]]
    GIVE(no_overload("!_", {r + step->a, 1}));
  r[step->d] = Value::boolean(!r[step->a].as_boolean());
  NEXT;
do_in_set:
  r[step->d] = Value::boolean(static_cast<const ConstantSet*>(step->p)->contains(r[step->a]));
  NEXT;
do_in:
  CHARGE(r[step->b].is(Kind::list) && !static_cast<const CallSite*>(step->p)->costs_a_unit ? r[step->b].size() : 1);
  GIVE(contains(r[step->a], r[step->b]));
do_text_starts:
  if (!r[step->a].is(Kind::string)) [[unlikely]]
    goto no_text;
  CHARGE(step->y);
  r[step->d] = Value::boolean(starts_with(r[step->a], *static_cast<const Value*>(step->p)));
  NEXT;
do_text_ends:
  if (!r[step->a].is(Kind::string)) [[unlikely]]
    goto no_text;
  CHARGE(step->y);
  r[step->d] = Value::boolean(r[step->a].as_text().ends_with(static_cast<const Value*>(step->p)->as_text()));
  NEXT;
do_text_contains:
  if (!r[step->a].is(Kind::string)) [[unlikely]]
    goto no_text;
  CHARGE(step->y * traversal(size_for_cost(r[step->a])));
  r[step->d] = Value::boolean(r[step->a].as_text().contains(static_cast<const Value*>(step->p)->as_text()));
  NEXT;
do_starts_with_any:
  if (!r[step->a].is(Kind::string)) [[unlikely]]
    GIVE(no_overload("startsWith", {r + step->a, 1}));
  r[step->d] = Value::boolean(static_cast<const PrefixSet*>(step->p)->matches(r[step->a].as_text()));
  NEXT;
do_matches_any:
  if (!r[step->a].is(Kind::string)) [[unlikely]]
    GIVE(no_overload("matches", {r + step->a, 1}));
  r[step->d] = Value::boolean(static_cast<const Regex*>(step->p)->search(r[step->a].as_text()));
  NEXT;
do_make_list:
  GIVE(make_list({r + step->a, step->x}, static_cast<const std::uint64_t*>(step->p)));
do_make_map:
  GIVE(make_map({r + step->a, step->x * std::size_t{2}}, static_cast<const std::uint64_t*>(step->p)));
do_make_record:
  GIVE(make_record(*static_cast<const RecordSite*>(step->p), {r + step->a, step->x}));
do_jump:
  GO(step->x);
do_jump_true:
  if (r[step->a].is_true()) GO(step->x);
  if (r[step->a].is_false()) [[likely]]
    NEXT;
  goto not_boolean;
do_jump_false:
  if (r[step->a].is_false()) GO(step->x);
  if (r[step->a].is_true()) [[likely]]
    NEXT;
  goto not_boolean;
do_jump_not_equal_constant:
  CHARGE(cost_of_equality(r[step->a], *static_cast<const Value*>(step->p)));
  if (!is_constant(r[step->a], *static_cast<const Value*>(step->p))) GO(step->x);
  NEXT;
do_jump_equal_constant:
  CHARGE(cost_of_equality(r[step->a], *static_cast<const Value*>(step->p)));
  if (is_constant(r[step->a], *static_cast<const Value*>(step->p))) GO(step->x);
  NEXT;
do_jump_known:
  if (!is_not_yet(r[step->a])) GO(step->x);
  NEXT;
do_jump_holding:
do_jump_held:
  if (!r[step->a].is(Kind::optional)) [[unlikely]]
    GIVE(no_overload("or", {r + step->a, 1}));
  if (!holds(r[step->a])) NEXT;
  r[step->d] = step->op == Opcode::jump_held ? *r[step->a].as_optional() : r[step->a];
  GO(step->x);
do_jump_absent:
  made = has(r[step->a], *static_cast<const codec::Key*>(step->p));
  if (made.is_error()) goto raise;
  if (!made.as_boolean()) GO(step->x);
  NEXT;
do_jump_present:
  made = has(r[step->a], *static_cast<const codec::Key*>(step->p));
  if (made.is_error()) goto raise;
  if (made.as_boolean()) GO(step->x);
  NEXT;
do_forget:
  for (std::uint32_t i = 0; i < step->x; ++i) r[step->d + i] = not_yet();
  NEXT;
do_field_cached:
  if (is_not_yet(r[step->d]) && !remember(r[step->d], r[step->a], *static_cast<const codec::Key*>(step->p), made))
    goto raise;
  if (r[step->d].is_error()) [[unlikely]] {
    made = select(r[step->a], *static_cast<const codec::Key*>(step->p));
    goto raise;
  }
  NEXT;
do_jump_absent_cached:
  if (is_not_yet(r[step->d]) && !remember(r[step->d], r[step->a], *static_cast<const codec::Key*>(step->p), made))
    goto raise;
  if (r[step->d].is_error()) GO(step->x);
  NEXT;
do_jump_present_cached:
  if (is_not_yet(r[step->d]) && !remember(r[step->d], r[step->a], *static_cast<const codec::Key*>(step->p), made))
    goto raise;
  if (!r[step->d].is_error()) GO(step->x);
  NEXT;
do_check:
  if (!r[step->a].is_error()) [[likely]]
    NEXT;
  made = r[step->a];
  goto raise;
do_loop: {
  const auto& range = r[step->a];
  if (!range.is(Kind::list) && !range.is(Kind::map)) [[unlikely]]
    GIVE(no_overload("a loop", {r + step->a, 1}));
  r[step->a + 1] = Value::integer(0);
  NEXT;
}
do_next: {
  const auto& range = r[step->a];
  auto at = static_cast<std::size_t>(r[step->a + 1].as_integer());
  if (at == range.size()) GO(step->x);
  if (++iterations_ % 128 == 0 && !may_go_on(made)) [[unlikely]]
    goto raise;
  r[step->a + 1] = Value::integer(static_cast<std::int64_t>(at + 1));
  r[step->d] = range.is(Kind::list) ? range.item(at) : range.entry(at).key;
  NEXT;
}
do_next_two: {
  const auto& range = r[step->a];
  auto at = static_cast<std::size_t>(r[step->a + 1].as_integer());
  if (at == range.size()) GO(step->x);
  if (++iterations_ % 128 == 0 && !may_go_on(made)) [[unlikely]]
    goto raise;
  r[step->a + 1] = Value::integer(static_cast<std::int64_t>(at + 1));
  if (range.is(Kind::list)) {
    r[step->d] = Value::integer(static_cast<std::int64_t>(at));
    r[step->d + 1] = range.item(at);
  } else {
    auto entry = range.entry(at);
    r[step->d] = entry.key;
    r[step->d + 1] = entry.value;
  }
  NEXT;
}
do_builder:
  GIVE(new_growing(arena_));
do_append:
  made = append(r[step->a], {r + step->b, 1});
  if (made.is_error()) goto raise;
  NEXT;
do_insert:
  made = append(r[step->a], {r + step->b, 2});
  if (made.is_error()) goto raise;
  NEXT;
do_insert_entries:
  made = insert_entries(r[step->a], r[step->b]);
  if (made.is_error()) goto raise;
  NEXT;
do_built_list:
  r[step->d] = built_list(r[step->a]);
  NEXT;
do_built_map:
  GIVE(built_map(r[step->a]));
do_count:
  r[step->d] = Value::integer(r[step->d].as_integer() + 1);
  NEXT;
do_cost:
  CHARGE(static_cast<std::uint64_t>(static_cast<std::int32_t>(step->x)));  // may be negative
  NEXT;
do_cost_unless_last:
  if (static_cast<std::size_t>(r[step->a + 1].as_integer()) < r[step->a].size()) CHARGE(step->x);
  NEXT;
do_finish: {
  auto result = r[step->a];
  if (code_->routines[frame->routine].shared)
    results_[frame->routine] = {result, cost_ - frame->cost_before, generation_};
  if (frame == frames_.data()) return result;
  step = first + frame->return_to;
  r = (--frame)->registers;
  r[step->d] = result;
  NEXT;
}

no_text:
  made = no_overload("a question about text", {r + step->a, 1});
  goto raise;
not_boolean:
  made = no_overload("a condition", {r + step->a, 1});
  goto raise;
too_dear:
  __attribute__((unused));  // by the instance that counts nothing
  made = fail(ErrorCode::cost_exceeded, "cost limit exceeded");
raise:
  made = placed(made, static_cast<std::uint32_t>(step - first));
  for (;;) {
    auto at = static_cast<std::size_t>(step - first);
    bool final = made.as_error().code >= ErrorCode::cost_exceeded;
    if (auto handler = code_->handlers[at]; handler != no_handler && !final) {
      r[code_->handler_table[handler].error] = made;
      GO(code_->handler_table[handler].target);
    }
    if (code_->routines[frame->routine].shared)
      results_[frame->routine] = {made, cost_ - frame->cost_before, generation_};
    if (frame == frames_.data()) return made;
    step = first + frame->return_to;
    r = (--frame)->registers;
  }
#undef NEXT
#undef GO
#undef GIVE
#undef CHARGE
}

template Value Machine::execute<true>(std::uint32_t);
template Value Machine::execute<false>(std::uint32_t);

}  // namespace seawall::cel::detail
