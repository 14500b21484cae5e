// Equality and order of values (language definition, "Equality", "Ordering").
#include <algorithm>
#include <compare>
#include <vector>

#include "cel/message.h"
#include "cel/schema.h"
#include "cel/value.h"

namespace seawall::cel {
namespace {

// Nothing that anyone writes nests so deep; what does is unequal.
constexpr unsigned deepest = 1000;
constexpr std::uint64_t most_steps = std::uint64_t{1} << 28;

// As doubles, like cel-go and as the conformance cases demand: 9223372036854775807 equals 9223372036854775808.0.
std::partial_ordering compare_with_floating(const Value& left, double right) noexcept {
  if (left.is(Kind::integer)) return static_cast<double>(left.as_integer()) <=> right;
  if (left.is(Kind::unsigned_integer)) return static_cast<double>(left.as_unsigned()) <=> right;
  return left.as_floating() <=> right;
}

std::partial_ordering reversed(std::partial_ordering order) noexcept { return 0 <=> order; }

std::partial_ordering compare_numbers(const Value& left, const Value& right) noexcept {
  if (right.is(Kind::floating)) return compare_with_floating(left, right.as_floating());
  if (left.is(Kind::floating)) return reversed(compare_with_floating(right, left.as_floating()));
  if (left.is(right.kind()))
    return left.is(Kind::integer) ? left.as_integer() <=> right.as_integer()
                                  : left.as_unsigned() <=> right.as_unsigned();
  if (left.is(Kind::integer))
    return left.as_integer() < 0 ? std::partial_ordering::less : left.as_unsigned() <=> right.as_unsigned();
  return right.as_integer() < 0 ? std::partial_ordering::greater : left.as_unsigned() <=> right.as_unsigned();
}

bool same_type(Type left, Type right) noexcept {
  return left == right || (left.kind() == right.kind() && left.name() == right.name());
}

// Members of a large document by name, for comparing maps whose keys come in another order.
class SortedMembers {
 public:
  explicit SortedMembers(const Value& map) {
    members_.reserve(map.size());
    for (std::size_t i = 0; i < map.size(); ++i) members_.push_back(map.node()->members + i);
    std::stable_sort(members_.begin(), members_.end(), [](auto* a, auto* b) { return name(*a) < name(*b); });
  }
  // The last of a name, as everywhere.
  const codec::detail::Node* find(std::string_view key) const {
    auto past = std::upper_bound(members_.begin(), members_.end(), key,
                                 [](std::string_view wanted, auto* member) { return wanted < name(*member); });
    return past == members_.begin() || name(**(past - 1)) != key ? nullptr : &(*(past - 1))->value;
  }

 private:
  static std::string_view name(const codec::detail::MemberNode& member) { return member.name(); }
  std::vector<const codec::detail::MemberNode*> members_;
};

// One comparison with its budget. Once the steps are used up, every answer is false and none is meant.
class Comparison {
 public:
  explicit Comparison(std::uint64_t& steps) : steps_(steps) {}

  bool equal(const Value& left, const Value& right, unsigned depth) {
    if (steps_ == 0 || depth > deepest) return false;
    --steps_;
    if (left.is_number()) return right.is_number() && compare_numbers(left, right) == 0;
    if (!left.is(right.kind())) return false;
    switch (left.kind()) {
      case Kind::null:
        return true;
      case Kind::boolean:
        return left.as_boolean() == right.as_boolean();
      case Kind::string:
      case Kind::bytes:
        return left.as_text() == right.as_text();
      case Kind::timestamp:
      case Kind::duration:
        return left.as_moment() == right.as_moment();
      case Kind::type:
        return same_type(left.as_type(), right.as_type());
      case Kind::list:
        return lists(left, right, depth + 1);
      case Kind::map:
        return maps(left, right, depth + 1);
      case Kind::record:
        return records(left.as_record(), right.as_record(), depth + 1);
      case Kind::optional:
        return optionals(left.as_optional(), right.as_optional(), depth + 1);
      case Kind::opaque:
        return left.as_opaque().kind == right.as_opaque().kind &&
               left.as_opaque().kind->equal(left.as_opaque(), right.as_opaque());
      default:
        return false;
    }
  }

 private:
  bool lists(const Value& left, const Value& right, unsigned depth) {
    if (left.size() != right.size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i)
      if (!equal(left.item(i), right.item(i), depth)) return false;
    return true;
  }

  bool optionals(const Value* left, const Value* right, unsigned depth) {
    if (left == nullptr || right == nullptr) return left == right;
    return equal(*left, *right, depth);
  }

  bool maps(const Value& left, const Value& right, unsigned depth) {
    if (left.size() != right.size()) return false;
    // A document is searched from end to end, an own map is not.
    if (right.in_document() && !left.in_document()) return maps_by_key(right, left, depth);
    return maps_by_key(left, right, depth);
  }

  bool maps_by_key(const Value& left, const Value& right, unsigned depth) {
    constexpr std::size_t worth_sorting = 32;
    std::optional<SortedMembers> sorted;
    for (std::size_t i = 0; i < left.size(); ++i) {
      auto [key, value] = left.entry(i);
      std::optional<Value> other;
      if (!right.in_document() || right.size() < worth_sorting) {
        other = right.find(key);
      } else {
        if (!sorted) sorted.emplace(right);
        if (auto* found = sorted->find(key.as_text())) other = Value::document(found);
      }
      if (!other || !equal(value, *other, depth)) return false;
    }
    return true;
  }

  // As messages of protocol buffers: the same schema, the same fields set, and these equal.
  bool records(const RecordNode& left, const RecordNode& right, unsigned depth) {
    if (left.schema != right.schema || left.extension_count != right.extension_count) return false;
    auto one = Value::record(&left), other = Value::record(&right);
    for (const auto& field : left.schema->fields()) {
      bool set = has_field(one, field), other_set = has_field(other, field);
      if (field.presence && set != other_set) return false;
      if ((set || other_set) && !equal(read_field(one, field), read_field(other, field), depth)) return false;
    }
    return left.extension_count == 0 || maps(Value::map(left.extensions, left.extension_count),
                                             Value::map(right.extensions, right.extension_count), depth);
  }

  std::uint64_t& steps_;
};

}  // namespace

bool equal(const Value& left, const Value& right) noexcept {
  auto steps = most_steps;
  return Comparison(steps).equal(left, right, 0);
}

std::optional<bool> equal(const Value& left, const Value& right, std::uint64_t& steps) noexcept {
  bool same = Comparison(steps).equal(left, right, 0);
  if (steps == 0) return std::nullopt;
  return same;
}

std::optional<std::strong_ordering> order(const Value& left, const Value& right) noexcept {
  if (left.is_number() && right.is_number()) {
    auto found = compare_numbers(left, right);
    if (found == std::partial_ordering::unordered) return std::nullopt;
    return found < 0   ? std::strong_ordering::less
           : found > 0 ? std::strong_ordering::greater
                       : std::strong_ordering::equal;
  }
  if (!left.is(right.kind())) return std::nullopt;
  switch (left.kind()) {
    case Kind::boolean:
      return left.as_boolean() <=> right.as_boolean();
    case Kind::string:
    case Kind::bytes:
      return left.as_text() <=> right.as_text();
    case Kind::timestamp:
    case Kind::duration:
      return left.as_moment() <=> right.as_moment();
    default:
      return std::nullopt;
  }
}

bool unordered(const Value& left, const Value& right) noexcept {
  return left.is_number() && right.is_number() && compare_numbers(left, right) == std::partial_ordering::unordered;
}

}  // namespace seawall::cel
