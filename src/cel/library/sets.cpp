// cel-go's ext/sets: lists taken as sets.
#include "cel/detail/library.h"
#include "cel/detail/value_set.h"

namespace seawall::cel {

namespace library {

namespace {

// Below this many comparisons a set is not worth making.
constexpr std::uint64_t few_comparisons = 256;

enum class Answer : unsigned char { no, yes, out_of_memory };

bool holds(const Value& list, const Value& wanted) {
  for (std::size_t i = 0; i < list.size(); ++i)
    if (equal(list.item(i), wanted)) return true;
  return false;
}

// Looks the elements of `wanted` up in `list`, until one is found (or missing).
class Membership {
 public:
  Membership(Call& call, const Value& list, std::size_t wanted)
      : list_(list),
        small_(std::uint64_t{list.size()} * wanted <= few_comparisons),
        set_(call.arena(), small_ ? 0 : list.size()) {
    if (small_ || !set_.is_ready()) return;
    for (std::size_t i = 0; i < list.size(); ++i) set_.insert(list.item(i));
  }
  bool is_ready() const { return set_.is_ready(); }
  bool contains(const Value& value) const { return small_ ? holds(list_, value) : set_.contains(value); }

 private:
  const Value& list_;
  bool small_;
  ValueSet set_;
};

Answer contains_all(Call& call, const Value& list, const Value& wanted) {
  Membership members(call, list, wanted.size());
  if (!members.is_ready()) return Answer::out_of_memory;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (!members.contains(wanted.item(i))) return Answer::no;
  return Answer::yes;
}

Answer contains_any(Call& call, const Value& list, const Value& wanted) {
  Membership members(call, list, wanted.size());
  if (!members.is_ready()) return Answer::out_of_memory;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (members.contains(wanted.item(i))) return Answer::yes;
  return Answer::no;
}

Value value_of(Call& call, Answer answer) {
  return answer == Answer::out_of_memory ? call.out_of_memory() : Value::boolean(answer == Answer::yes);
}

Value contains(Call& call, Arguments arguments) {
  return value_of(call, contains_all(call, arguments[0], arguments[1]));
}
Value intersects(Call& call, Arguments arguments) {
  return value_of(call, contains_any(call, arguments[0], arguments[1]));
}
Value equivalent(Call& call, Arguments arguments) {
  auto there = contains_all(call, arguments[0], arguments[1]);
  return value_of(call, there == Answer::yes ? contains_all(call, arguments[1], arguments[0]) : there);
}

// As if every element were compared with every other.
template <std::uint64_t times>
std::uint64_t product_cost(Arguments arguments, const Value&) {
  return cost::add(1, cost::multiply(times, cost::multiply(arguments[0].size(), arguments[1].size())));
}

constexpr Declaration functions[] = {
    {"list_sets_contains_list", "sets.contains(list(T), list(T)) -> bool", contains, product_cost<1>},
    {"list_sets_equivalent_list", "sets.equivalent(list(T), list(T)) -> bool", equivalent, product_cost<2>},
    {"list_sets_intersects_list", "sets.intersects(list(T), list(T)) -> bool", intersects, product_cost<1>},
};

}  // namespace

}  // namespace library

void add_sets(Environment& environment) { library::declare(environment, library::functions); }

}  // namespace seawall::cel
