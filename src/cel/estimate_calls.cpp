// What calls can cost: rules of cel-go's extensions by overload, of Kubernetes' libraries by name, of the language by
// overload, in this order (cel-go checker/cost.go and ext/, Kubernetes pkg/cel/library/cost.go).
#include <algorithm>
#include <array>

#include "cel/detail/cost_rules.h"
#include "cel/detail/estimate.h"

namespace seawall::cel::detail {
namespace {

using Rule = std::optional<CallEstimate> (*)(const CallFacts&);

CostRange size_of(const CallFacts& call, std::size_t argument) { return call.arguments[argument].size_or_unknown(); }
CostRange traversed(CostRange size) { return scaled(size, traversal_factor); }

// A whole number written as an argument.
std::optional<std::uint64_t> constant(const CallFacts& call, std::size_t argument) {
  if (argument >= call.arguments.size()) return std::nullopt;
  const auto* node = call.arguments[argument].node;
  if (node->kind != NodeKind::literal || !node->constant.is(Kind::integer)) return std::nullopt;
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, node->constant.as_integer()));
}

std::optional<CallEstimate> nominal(const CallFacts&) { return CallEstimate{exactly(1), std::nullopt}; }

// --- Extensions of cel-go
// ---------------------------------------------------------------------------------------------

CallEstimate making_list(CostRange cost, CostRange size) { return {cost + exactly(cost_of_list + 1), size}; }

std::optional<CallEstimate> slice(const CallFacts& call) {
  auto start = constant(call, 0).value_or(0);
  auto end = constant(call, 1).value_or(call.target->size_or_unknown().most);
  auto size = exactly(end - std::min(start, end));
  return making_list(size, size);
}
std::optional<CallEstimate> range(const CallFacts& call) {
  auto size = exactly(constant(call, 0).value_or(no_bound));
  return making_list(size, size);
}
std::optional<CallEstimate> reverse(const CallFacts& call) {
  auto size = call.target->size_or_unknown();
  return making_list(size, size);
}
std::optional<CallEstimate> flatten(const CallFacts& call) {
  auto depth = call.arguments.empty() ? 1 : constant(call, 0).value_or(no_bound);
  auto size = call.target->size_or_unknown();
  return making_list(scaled(size, static_cast<double>(depth)), size);
}
std::optional<CallEstimate> each_with_each(const CallFacts& call) {
  auto size = call.target->size_or_unknown();
  return making_list(scaled(size * size, 2), size);
}
std::optional<CallEstimate> sets(const CallFacts& call) {
  return CallEstimate{size_of(call, 0) * size_of(call, 1) + exactly(1), std::nullopt};
}
std::optional<CallEstimate> sets_both_ways(const CallFacts& call) {
  return CallEstimate{scaled(size_of(call, 0) * size_of(call, 1), 2) + exactly(1), std::nullopt};
}
std::optional<CallEstimate> math_list(const CallFacts& call) {
  return CallEstimate{size_of(call, 0) + exactly(1), exactly(1)};
}

// --- Libraries of Kubernetes
// ------------------------------------------------------------------------------------------

std::optional<CallEstimate> authorization_check(const CallFacts&) {
  return CallEstimate{exactly(350'000), std::nullopt};
}

std::optional<CallEstimate> selector(const CallFacts& call) {
  if (call.arguments.size() != 1) return std::nullopt;
  auto size = size_of(call, 0);
  auto requirements = scaled(size, 0.5);
  auto cost = exactly(cost_of_list) + traversed(size) + scaled(requirements, cost_of_list + cost_of_record);
  return CallEstimate{cost, std::nullopt};
}

// The size of a list's elements; nothing where the operand is no list of a known type.
std::optional<CostRange> element_size(const CallFacts& call, const Operand& list) {
  if (list.type.parameters().empty()) return std::nullopt;
  auto path = list.path.empty() ? std::string() : list.path + ".@items";
  auto known = call.hint ? call.hint(path, list.type.parameter(0)) : std::nullopt;
  return known.value_or(unknown_size);
}

std::optional<CallEstimate> over_list(const CallFacts& call) {
  if (call.target == nullptr) return std::nullopt;
  auto size = call.target->size_or_unknown();
  auto element = element_size(call, *call.target);
  if (!element) return CallEstimate{call.function == "includes" ? size : traversed(size), std::nullopt};
  auto kind = call.target->type.parameter(0).kind();
  bool text = kind == TypeKind::string || kind == TypeKind::bytes;
  return CallEstimate{size * (text ? exactly(1) + traversed(*element) : exactly(1)), std::nullopt};
}

std::optional<CallEstimate> read_argument(const CallFacts& call) {
  if (call.arguments.empty()) return std::nullopt;
  return CallEstimate{traversed(size_of(call, 0)), std::nullopt};
}
std::optional<CallEstimate> keep_argument(const CallFacts& call) {
  if (call.arguments.size() != 1) return std::nullopt;
  return CallEstimate{traversed(size_of(call, 0)), size_of(call, 0)};
}
std::optional<CallEstimate> keep_target(const CallFacts& call) {
  if (call.target == nullptr) return std::nullopt;
  auto size = call.target->size_or_unknown();
  return CallEstimate{traversed(size), size};
}

// How long a text can get or remain when parts of it are replaced.
std::uint64_t ceil_divided(std::uint64_t left, std::uint64_t right) {
  return left == no_bound ? no_bound : left / right + (left % right != 0);
}
std::optional<CallEstimate> replace(const CallFacts& call) {
  if (call.target == nullptr || call.arguments.size() < 2) return std::nullopt;
  auto size = call.target->size_or_unknown(), old_size = size_of(call, 0), new_size = size_of(call, 1);
  CostRange count, kept;
  if (old_size.least == 0)
    count.most = add_bounded(size.most, 1), kept.most = size.most;
  else if (new_size.most <= old_size.least)
    kept.most = size.most;
  else
    count.most = ceil_divided(size.most, old_size.least);
  if (old_size.most == 0)
    count.least = add_bounded(size.least, 1), kept.least = size.least;
  else if (old_size.most <= new_size.least)
    kept.least = size.least;
  else
    count.least = ceil_divided(size.least, old_size.most);
  return CallEstimate{scaled(size, 2 * traversal_factor), count * new_size + kept};
}

std::optional<CallEstimate> split(const CallFacts& call) {
  if (call.target == nullptr) return std::nullopt;
  auto size = call.target->size_or_unknown();
  return CallEstimate{scaled(size, 2 * traversal_factor), CostRange{0, constant(call, 1).value_or(size.most)}};
}

std::optional<CallEstimate> join(const CallFacts& call) {
  if (call.target == nullptr) return std::nullopt;
  auto count = call.target->size_or_unknown();
  CostRange size;
  if (auto element = element_size(call, *call.target)) size = count * *element;
  CostRange separators{count.least - (count.least > 0), count.most - (count.most > 0)};
  if (!call.arguments.empty()) size = size + size_of(call, 0) * separators;
  return CallEstimate{traversed(size), size};
}

std::optional<CallEstimate> matching(CostRange text, CostRange pattern, std::optional<CostRange> result) {
  // One more, lest an empty text make a costly pattern free.
  return CallEstimate{traversed(text + exactly(1)) * scaled(pattern, regex_factor), result};
}

std::optional<CallEstimate> find(const CallFacts& call) {
  if (call.target == nullptr || call.arguments.empty()) return std::nullopt;
  auto size = call.target->size_or_unknown();
  return matching(size, size_of(call, 0), CostRange{0, size.most});
}

std::optional<CallEstimate> ip(const CallFacts& call) {
  return call.overload == "cidr_ip" ? nominal(call) : read_argument(call);
}
std::optional<CallEstimate> is_canonical(const CallFacts& call) {
  if (call.arguments.empty()) return std::nullopt;
  return CallEstimate{scaled(size_of(call, 0), 2 * traversal_factor), std::nullopt};
}

// Addresses have 4 or 16 bytes.
constexpr CostRange address{4, 16};
std::optional<CallEstimate> contains_ip(const CallFacts& call) {
  if (call.arguments.empty()) return std::nullopt;
  auto cost = traversed(address + address);
  if (call.overload == "cidr_contains_ip_string") cost = cost + traversed(size_of(call, 0));
  return CallEstimate{cost, std::nullopt};
}
std::optional<CallEstimate> contains_cidr(const CallFacts& call) {
  if (call.arguments.empty()) return std::nullopt;
  auto cost = traversed(address + address) + traversed(address) + exactly(1);
  if (call.overload == "cidr_contains_cidr_string") cost = cost + traversed(size_of(call, 0));
  return CallEstimate{cost, std::nullopt};
}

std::optional<CallEstimate> validate(const CallFacts& call) {
  constexpr double longest_pattern = 128;
  if (call.arguments.empty()) return std::nullopt;
  return CallEstimate{scaled(traversed(size_of(call, 0)), longest_pattern * regex_factor), std::nullopt};
}

std::optional<CallEstimate> equality_of_library_types(const CallFacts& call) {
  constexpr std::uint64_t longest_format = 64;
  if (call.arguments.size() != 2 || call.arguments[0].type != call.arguments[1].type) return std::nullopt;
  auto type = call.arguments[0].type;
  if (!type.is(TypeKind::opaque)) return std::nullopt;
  if (type.name() == "kubernetes.NamedFormat") return CallEstimate{traversed({1, longest_format}), std::nullopt};
  if (type.name() == "kubernetes.URL") {
    auto most = call.arguments[1].size.value_or(exactly(1)).most;
    return CallEstimate{traversed({1, most}), std::nullopt};
  }
  bool ours = type.name().starts_with("kubernetes.") || type.name().starts_with("net.");
  return ours ? nominal(call) : std::nullopt;
}

// --- The language
// -----------------------------------------------------------------------------------------------------

std::optional<CallEstimate> format_text(const CallFacts& call) {
  if (call.target == nullptr) return std::nullopt;
  return CallEstimate{traversed(call.target->size_or_unknown()), std::nullopt};
}
std::optional<CallEstimate> to_bytes(const CallFacts& call) {
  auto size = size_of(call, 0);
  return CallEstimate{traversed(size), CostRange{size.least, multiply_bounded(size.most, 4)}};
}
std::optional<CallEstimate> from_bytes(const CallFacts& call) {
  auto size = size_of(call, 0);
  return CallEstimate{traversed(size), CostRange{size.least / 4, size.most}};
}
std::optional<CallEstimate> quote(const CallFacts& call) {
  auto size = size_of(call, 0);
  auto most = add_bounded(multiply_bounded(size.most, 2), 2);
  return CallEstimate{traversed(size), CostRange{add_bounded(size.least, 2), most}};
}
std::optional<CallEstimate> in_list(const CallFacts& call) { return CallEstimate{size_of(call, 1), std::nullopt}; }
std::optional<CallEstimate> matches(const CallFacts& call) {
  if (call.target != nullptr) return matching(call.target->size_or_unknown(), size_of(call, 0), std::nullopt);
  return matching(size_of(call, 0), size_of(call, 1), std::nullopt);
}
std::optional<CallEstimate> contains(const CallFacts& call) {
  if (call.target == nullptr) return std::nullopt;
  return CallEstimate{traversed(call.target->size_or_unknown()) * traversed(size_of(call, 0)), std::nullopt};
}
std::optional<CallEstimate> add_texts(const CallFacts& call) {
  auto size = size_of(call, 0) + size_of(call, 1);
  return CallEstimate{traversed(size), size};
}
std::optional<CallEstimate> add_lists(const CallFacts& call) {
  return CallEstimate{exactly(1), size_of(call, 0) + size_of(call, 1)};
}
std::optional<CallEstimate> compare(const CallFacts& call) {
  auto most = std::min(size_of(call, 0).most, size_of(call, 1).most);
  return CallEstimate{traversed({most > 0 ? 1U : 0U, most}), std::nullopt};
}

struct Entry {
  std::string_view name;
  Rule rule;
};

template <std::size_t count>
constexpr std::array<Entry, count> sorted(std::array<Entry, count> entries) {
  std::ranges::sort(entries, {}, &Entry::name);
  return entries;
}

constexpr auto extensions = sorted(std::to_array<Entry>({
    {"list_slice", slice},
    {"lists_range", range},
    {"list_reverse", reverse},
    {"list_flatten", flatten},
    {"list_flatten_int", flatten},
    {"list_distinct", each_with_each},
    {"list_sets_contains_list", sets},
    {"list_sets_intersects_list", sets},
    {"list_sets_equivalent_list", sets_both_ways},
    {"math_@min_list_double", math_list},
    {"math_@min_list_int", math_list},
    {"math_@min_list_uint", math_list},
    {"math_@max_list_double", math_list},
    {"math_@max_list_int", math_list},
    {"math_@max_list_uint", math_list},
}));

constexpr auto libraries = sorted(std::to_array<Entry>({
    {"check", authorization_check},
    {"serviceAccount", nominal},
    {"path", nominal},
    {"group", nominal},
    {"resource", nominal},
    {"subresource", nominal},
    {"namespace", nominal},
    {"name", nominal},
    {"allowed", nominal},
    {"reason", nominal},
    {"error", nominal},
    {"errored", nominal},
    {"fieldSelector", selector},
    {"labelSelector", selector},
    {"isSorted", over_list},
    {"sum", over_list},
    {"max", over_list},
    {"min", over_list},
    {"indexOf", over_list},
    {"lastIndexOf", over_list},
    {"includes", over_list},
    {"url", keep_argument},
    {"jsonpatch.escapeKey", keep_argument},
    {"lowerAscii", keep_target},
    {"upperAscii", keep_target},
    {"substring", keep_target},
    {"trim", keep_target},
    {"replace", replace},
    {"split", split},
    {"join", join},
    {"find", find},
    {"findAll", find},
    {"cidr", read_argument},
    {"isIP", read_argument},
    {"isCIDR", read_argument},
    {"ip", ip},
    {"ip.isCanonical", is_canonical},
    {"masked", nominal},
    {"prefixLength", nominal},
    {"family", nominal},
    {"isUnspecified", nominal},
    {"isLoopback", nominal},
    {"isLinkLocalMulticast", nominal},
    {"isLinkLocalUnicast", nominal},
    {"isGlobalUnicast", nominal},
    {"containsIP", contains_ip},
    {"containsCIDR", contains_cidr},
    {"quantity", read_argument},
    {"isQuantity", read_argument},
    {"semver", read_argument},
    {"isSemver", read_argument},
    {"validate", validate},
    {"format.named", nominal},
    {"sign", nominal},
    {"asInteger", nominal},
    {"isInteger", nominal},
    {"asApproximateFloat", nominal},
    {"isGreaterThan", nominal},
    {"isLessThan", nominal},
    {"compareTo", nominal},
    {"add", nominal},
    {"sub", nominal},
    {"major", nominal},
    {"minor", nominal},
    {"patch", nominal},
    {"getScheme", nominal},
    {"getHostname", nominal},
    {"getHost", nominal},
    {"getPort", nominal},
    {"getEscapedPath", nominal},
    {"getQuery", nominal},
    {op::equals, equality_of_library_types},
}));

constexpr auto language = sorted(std::to_array<Entry>({
    {"string_format", format_text},
    {"string_to_bytes", to_bytes},
    {"bytes_to_string", from_bytes},
    {"strings_quote", quote},
    {"starts_with_string", read_argument},
    {"ends_with_string", read_argument},
    {"in_list", in_list},
    {"matches", matches},
    {"matches_string", matches},
    {"contains_string", contains},
    {"add_string", add_texts},
    {"add_bytes", add_texts},
    {"add_list", add_lists},
    {"less_string", compare},
    {"greater_string", compare},
    {"less_equals_string", compare},
    {"greater_equals_string", compare},
    {"less_bytes", compare},
    {"greater_bytes", compare},
    {"less_equals_bytes", compare},
    {"greater_equals_bytes", compare},
    {"equals", compare},
    {"not_equals", compare},
}));

Rule find_rule(std::span<const Entry> entries, std::string_view name) {
  auto found = std::ranges::lower_bound(entries, name, {}, &Entry::name);
  return found != entries.end() && found->name == name ? found->rule : nullptr;
}

bool is_sort(std::string_view overload) {
  return overload.starts_with("list_") && (overload.ends_with("_sort") || overload.ends_with("_sortByAssociatedKeys"));
}

}  // namespace

CallEstimate estimate_call(const CallFacts& call) {
  const Rule rules[] = {is_sort(call.overload) ? each_with_each : find_rule(extensions, call.overload),
                        find_rule(libraries, call.function), find_rule(language, call.overload)};
  for (auto rule : rules)
    if (rule != nullptr)
      if (auto found = rule(call)) return *found;
  return {exactly(1), std::nullopt};
}

}  // namespace seawall::cel::detail
