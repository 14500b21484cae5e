// cel-go's ext/lists, versions 0 to 3 (costs as of version 3, which Kubernetes has).
#include <algorithm>
#include <numeric>

#include "cel/detail/library.h"
#include "cel/detail/texts.h"
#include "cel/detail/value_set.h"

namespace seawall::cel {

namespace library {

namespace {

constexpr std::int64_t longest_range = 1'000'000;  // as cel-go
constexpr std::int64_t deepest_list = 200;
// Lists that share their parts are larger unfolded than any memory, even without elements.
constexpr std::uint64_t most_lists = std::uint64_t{1} << 24;

Value* room(Call& call, std::size_t count) { return call.arena().array<Value>(count); }

Value slice(Call& call, Arguments arguments) {
  auto start = arguments[1].as_integer(), end = arguments[2].as_integer();
  auto refuse = [&](std::string_view why) {
    return call.fail(ErrorCode::out_of_range,
                     "cannot slice(" + std::to_string(start) + ", " + std::to_string(end) + "): " + std::string(why));
  };
  if (start < 0 || end < 0) return refuse("negative indexes not supported");
  if (start > end) return refuse("start index must be less than or equal to end index");
  if (static_cast<std::uint64_t>(end) > arguments[0].size()) return refuse("list is shorter");
  auto count = static_cast<std::size_t>(end - start);
  auto* items = room(call, count);
  if (items == nullptr) return call.out_of_memory();
  for (std::size_t i = 0; i < count; ++i) items[i] = arguments[0].item(static_cast<std::size_t>(start) + i);
  return Value::list(items, count);
}

Value range(Call& call, Arguments arguments) {
  auto count = arguments[0].as_integer();
  if (count < 0 || count > longest_range)
    return call.fail(ErrorCode::out_of_range, "lists.range: no size: " + std::to_string(count));
  auto* items = room(call, static_cast<std::size_t>(count));
  if (items == nullptr) return call.out_of_memory();
  for (std::int64_t i = 0; i < count; ++i) items[i] = Value::integer(i);
  return Value::list(items, static_cast<std::size_t>(count));
}

Value reverse(Call& call, Arguments arguments) {
  auto count = arguments[0].size();
  auto* items = room(call, count);
  if (items == nullptr) return call.out_of_memory();
  for (std::size_t i = 0; i < count; ++i) items[i] = arguments[0].item(count - 1 - i);
  return Value::list(items, count);
}

Value distinct(Call& call, Arguments arguments) {
  auto count = arguments[0].size();
  ValueSet seen(call.arena(), count);
  auto* items = room(call, count);
  if (items == nullptr || !seen.is_ready()) return call.out_of_memory();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count; ++i)
    if (auto item = arguments[0].item(i); seen.insert(item)) items[kept++] = item;
  return Value::list(items, kept);
}

// --- Flattening ---

class Flattening {
 public:
  explicit Flattening(Call& call) : call_(call), out_(call) {}
  Value run(const Value& list, std::int64_t depth) {
    add(list, depth);
    if (lists_ == 0) return call_.fail(ErrorCode::out_of_range, "flatten: too many lists");
    return out_.finish();
  }

 private:
  void add(const Value& list, std::int64_t depth) {
    if (lists_ == 0) return;
    --lists_;
    for (std::size_t i = 0; i < list.size() && !out_.failed() && lists_ > 0; ++i) {
      auto item = list.item(i);
      if (item.is(Kind::list) && depth > 0)
        add(item, depth - 1);
      else
        out_.add(item);
    }
  }
  Call& call_;
  ListBuilder out_;
  std::uint64_t lists_ = most_lists;
};

Value flatten_once(Call& call, Arguments arguments) { return Flattening(call).run(arguments[0], 1); }
Value flatten(Call& call, Arguments arguments) {
  auto depth = arguments[1].as_integer();
  if (depth < 0) return call.fail(ErrorCode::out_of_range, "flatten: level must be non-negative");
  return Flattening(call).run(arguments[0], std::min(depth, deepest_list));
}

// --- Sorting ---

struct SortKey {
  Value key;
  std::size_t place;
};

// NaN comes last; keys that are equal keep their order.
bool in_front(const SortKey& left, const SortKey& right) {
  if (auto found = order(left.key, right.key); found && *found != std::strong_ordering::equal)
    return *found == std::strong_ordering::less;
  bool left_nan = left.key.is(Kind::floating) && std::isnan(left.key.as_floating());
  bool right_nan = right.key.is(Kind::floating) && std::isnan(right.key.as_floating());
  return left_nan != right_nan ? right_nan : left.place < right.place;
}

bool is_ordered(Kind kind) {
  switch (kind) {
    case Kind::boolean:
    case Kind::integer:
    case Kind::unsigned_integer:
    case Kind::floating:
    case Kind::string:
    case Kind::bytes:
    case Kind::timestamp:
    case Kind::duration:
      return true;
    default:
      return false;
  }
}

Value sort_by(Call& call, const Value& list, const Value& keys) {
  auto count = list.size();
  if (keys.size() != count)
    return call.fail(ErrorCode::bad_argument, "sortByAssociatedKeys: as many keys as elements are needed");
  if (count == 0) return list;
  auto* sorted = call.arena().array<SortKey>(count);
  auto* items = room(call, count);
  if (sorted == nullptr || items == nullptr) return call.out_of_memory();
  for (std::size_t i = 0; i < count; ++i) sorted[i] = {keys.item(i), i};
  auto kind = sorted[0].key.kind();
  if (!is_ordered(kind)) return call.fail(ErrorCode::bad_argument, "list elements must be comparable");
  if (std::any_of(sorted, sorted + count, [&](auto& each) { return each.key.kind() != kind; }))
    return call.fail(ErrorCode::bad_argument, "list elements must have the same type");
  std::sort(sorted, sorted + count, in_front);
  for (std::size_t i = 0; i < count; ++i) items[i] = list.item(sorted[i].place);
  return Value::list(items, count);
}

Value sort(Call& call, Arguments arguments) { return sort_by(call, arguments[0], arguments[0]); }
Value sort_by_keys(Call& call, Arguments arguments) { return sort_by(call, arguments[0], arguments[1]); }

// --- Costs ---

std::uint64_t allocating(double factor, std::uint64_t size) {
  auto scaled = static_cast<double>(size) * std::max(factor, 0.0);
  auto whole = scaled < 0x1p63 ? static_cast<std::uint64_t>(scaled) : UINT64_MAX;
  return cost::add(whole, 1 + cost::of_list);
}
std::uint64_t result_size_cost(Arguments, const Value& result) { return allocating(1, cost::size(result)); }

std::uint64_t flatten_once_cost(Arguments arguments, const Value&) { return allocating(1, arguments[0].size()); }
std::uint64_t flatten_cost(Arguments arguments, const Value&) {
  auto depth = static_cast<double>(arguments[1].as_integer());
  return allocating(depth < 0 ? 1 : depth, arguments[0].size());
}

// Every element against every other, whatever the sort does.
std::uint64_t self_compare_cost(const Value& list) {
  double factor = 2;
  if (list.size() > 0) {
    auto kind = list.item(0).kind();
    if (kind == Kind::string || kind == Kind::bytes) factor += cost::of_character;
  }
  return allocating(factor, cost::multiply(list.size(), list.size()));
}
std::uint64_t compare_first_cost(Arguments arguments, const Value&) { return self_compare_cost(arguments[0]); }
std::uint64_t compare_keys_cost(Arguments arguments, const Value&) { return self_compare_cost(arguments[1]); }

constexpr Declaration version_0[] = {
    {"list_slice", "<list(T)>.slice(int, int) -> list(T)", slice, result_size_cost},
};
constexpr Declaration version_1[] = {
    {.id = "list_flatten",
     .signature = "<list(list(T))>.flatten() -> list(T)",
     .run = flatten_once,
     .cost = flatten_once_cost,
     .looks_inside = false},
    {"list_flatten_int", "<list(dyn)>.flatten(int) -> list(dyn)", flatten, flatten_cost},
};
constexpr Declaration version_2[] = {
    {"lists_range", "lists.range(int) -> list(int)", range, result_size_cost},
    {"list_reverse", "<list(T)>.reverse() -> list(T)", reverse, result_size_cost},
    {"list_distinct", "<list(T)>.distinct() -> list(T)", distinct, compare_first_cost},
};

void add_sorting(Environment& environment) {
  for (std::string type : {"int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes"}) {
    auto in_id = type == "duration"    ? std::string(Type(TypeKind::duration).name())
                 : type == "timestamp" ? std::string(Type(TypeKind::timestamp).name())
                                       : type;
    auto sort_id = "list_" + in_id + "_sort", keys_id = "list_" + in_id + "_sortByAssociatedKeys";
    auto sort_signature = "<list(" + type + ")>.sort() -> list(" + type + ")";
    auto keys_signature = "<list(T)>.@sortByAssociatedKeys(list(" + type + ")) -> list(T)";
    const Declaration declarations[] = {
        {.id = sort_id, .signature = sort_signature, .run = sort, .cost = compare_first_cost, .looks_inside = false},
        {.id = keys_id,
         .signature = keys_signature,
         .run = sort_by_keys,
         .cost = compare_keys_cost,
         .looks_inside = false}};
    declare(environment, declarations);
  }
  environment.add_macro("sortBy");
}

}  // namespace

}  // namespace library

void add_lists(Environment& environment, unsigned version) {
  using namespace library;
  declare(environment, version_0);
  if (version >= 1) declare(environment, version_1);
  if (version < 2) return;
  declare(environment, version_2);
  add_sorting(environment);
}

}  // namespace seawall::cel
