// Kubernetes' authorizer library.
#include "cel/authorizer.h"

#include <algorithm>

#include "base/text.h"
#include "cel/detail/library.h"
#include "cel/library/kubernetes.h"

namespace seawall::cel {

namespace library {

namespace {

constexpr std::uint64_t check_cost = 350'000;  // two fit into the limit of one expression

struct CheckNode : OpaqueNode {
  AccessRequest request;
};
struct DecisionNode : OpaqueNode {
  bool is_allowed;
  std::string_view reason, error;
};

const AccessRequest& request_in(const OpaqueNode& node) { return static_cast<const CheckNode&>(node).request; }
const AccessRequest& request_in(const Value& value) { return request_in(value.as_opaque()); }
const DecisionNode& decision_in(const Value& value) { return static_cast<const DecisionNode&>(value.as_opaque()); }

bool same_node(const OpaqueNode& left, const OpaqueNode& right) noexcept { return &left == &right; }
std::string print(const OpaqueNode& node) { return '<' + std::string(node.kind->type_name) + '>'; }

constexpr OpaqueKind kind_of(std::string_view name) { return {.type_name = name, .equal = same_node, .print = print}; }
constexpr OpaqueKind authorizer_kind = kind_of("kubernetes.authorization.Authorizer"),
                     path_kind = kind_of("kubernetes.authorization.PathCheck"),
                     group_kind = kind_of("kubernetes.authorization.GroupCheck"),
                     resource_kind = kind_of("kubernetes.authorization.ResourceCheck"),
                     decision_kind = kind_of("kubernetes.authorization.Decision");

// The question of the first argument with one more part.
template <const OpaqueKind& kind, std::string_view AccessRequest::* part>
Value with(Call& call, Arguments arguments) {
  auto request = request_in(arguments[0]);
  request.*part = arguments[1].as_text();
  return make_opaque(call, CheckNode{{&kind}, request});
}

Value path(Call& call, Arguments arguments) {
  if (trim(arguments[1].as_text()).empty()) return call.fail(ErrorCode::bad_argument, "path must not be empty");
  return with<path_kind, &AccessRequest::path>(call, arguments);
}
Value resource(Call& call, Arguments arguments) {
  if (trim(arguments[1].as_text()).empty()) return call.fail(ErrorCode::bad_argument, "resource must not be empty");
  return with<resource_kind, &AccessRequest::resource>(call, arguments);
}

bool is_label(std::string_view text) {
  auto end = [](char c) { return is_lower(c) || is_digit(c); };
  return !text.empty() && end(text.front()) && end(text.back()) &&
         std::ranges::all_of(text, [&](char c) { return end(c) || c == '-'; });
}
bool is_subdomain(std::string_view text) {
  if (text.size() > 253) return false;
  for (auto label : split(text, '.'))
    if (!is_label(label)) return false;
  return true;
}

Value service_account(Call& call, Arguments arguments) {
  auto namespace_name = arguments[1].as_text(), name = arguments[2].as_text();
  if (!is_subdomain(name)) return call.fail(ErrorCode::bad_argument, "Invalid service account name");
  if (namespace_name.size() > 63 || !is_label(namespace_name))
    return call.fail(ErrorCode::bad_argument, "Invalid service account namespace");
  AccessRequest request{.service_account_namespace = namespace_name, .service_account_name = name};
  return make_opaque(call, CheckNode{{&authorizer_kind}, request});
}

Value check(Call& call, Arguments arguments) {
  auto request = request_in(arguments[0]);
  request.verb = arguments[1].as_text();
  auto* authorizer = static_cast<const Authorizer*>(call.host("authorizer"));
  auto decision = authorizer ? authorizer->decide(request) : AccessDecision{.error = "no authorizer"};
  auto reason = call.arena().copy(decision.reason), error = call.arena().copy(decision.error);
  if (reason.data() == nullptr || error.data() == nullptr) return call.out_of_memory();
  return make_opaque(call, DecisionNode{{&decision_kind}, decision.is_allowed && error.empty(), reason, error});
}
std::uint64_t fixed_check_cost(Arguments, const Value&) { return check_cost; }

Value allowed(Call&, Arguments arguments) { return Value::boolean(decision_in(arguments[0]).is_allowed); }
Value reason(Call&, Arguments arguments) { return Value::string(decision_in(arguments[0]).reason); }
Value errored(Call&, Arguments arguments) { return Value::boolean(!decision_in(arguments[0]).error.empty()); }
Value error(Call&, Arguments arguments) { return Value::string(decision_in(arguments[0]).error); }

// A list of requirements, each a structure with a list: one for every two characters.
std::uint64_t selector_cost(Arguments arguments, const Value&) {
  auto size = cost::size(arguments[1]);
  auto requirements = cost::scaled(size, 0.5);
  return cost::add(cost::of_list + cost::scaled(size, cost::of_character),
                   cost::multiply(requirements, cost::of_list + cost::of_structure));
}

constexpr Declaration functions[] = {
    {"authorizer_path", "<kubernetes.authorization.Authorizer>.path(string) -> kubernetes.authorization.PathCheck",
     path},
    {"authorizer_group", "<kubernetes.authorization.Authorizer>.group(string) -> kubernetes.authorization.GroupCheck",
     with<group_kind, &AccessRequest::group>},
    {"authorizer_serviceaccount",
     "<kubernetes.authorization.Authorizer>.serviceAccount(string, string) -> kubernetes.authorization.Authorizer",
     service_account},
    {"groupcheck_resource",
     "<kubernetes.authorization.GroupCheck>.resource(string) -> kubernetes.authorization.ResourceCheck", resource},
    {"resourcecheck_subresource",
     "<kubernetes.authorization.ResourceCheck>.subresource(string) -> kubernetes.authorization.ResourceCheck",
     with<resource_kind, &AccessRequest::subresource>},
    {"resourcecheck_namespace",
     "<kubernetes.authorization.ResourceCheck>.namespace(string) -> kubernetes.authorization.ResourceCheck",
     with<resource_kind, &AccessRequest::namespace_name>},
    {"resourcecheck_name",
     "<kubernetes.authorization.ResourceCheck>.name(string) -> kubernetes.authorization.ResourceCheck",
     with<resource_kind, &AccessRequest::name>},
    {.id = "pathcheck_check",
     .signature = "<kubernetes.authorization.PathCheck>.check(string) -> kubernetes.authorization.Decision",
     .run = check,
     .cost = fixed_check_cost,
     .pure = false},
    {.id = "resourcecheck_check",
     .signature = "<kubernetes.authorization.ResourceCheck>.check(string) -> kubernetes.authorization.Decision",
     .run = check,
     .cost = fixed_check_cost,
     .pure = false},
    {"decision_allowed", "<kubernetes.authorization.Decision>.allowed() -> bool", allowed},
    {"decision_reason", "<kubernetes.authorization.Decision>.reason() -> string", reason},
    {"decision_errored", "<kubernetes.authorization.Decision>.errored() -> bool", errored},
    {"decision_error", "<kubernetes.authorization.Decision>.error() -> string", error},
};
constexpr Declaration selectors[] = {
    {"authorizer_fieldselector",
     "<kubernetes.authorization.ResourceCheck>.fieldSelector(string) -> kubernetes.authorization.ResourceCheck",
     with<resource_kind, &AccessRequest::field_selector>, selector_cost},
    {"authorizer_labelselector",
     "<kubernetes.authorization.ResourceCheck>.labelSelector(string) -> kubernetes.authorization.ResourceCheck",
     with<resource_kind, &AccessRequest::label_selector>, selector_cost},
};

}  // namespace

void add_authorizer_without_selectors(Environment& environment) {
  for (auto* kind : {&authorizer_kind, &path_kind, &group_kind, &resource_kind, &decision_kind})
    add_opaque_type(environment, kind->type_name);
  declare(environment, functions);
}

void add_authorizer_selectors(Environment& environment) { declare(environment, selectors); }

}  // namespace library

void add_authorizer(Environment& environment) {
  library::add_authorizer_without_selectors(environment);
  library::add_authorizer_selectors(environment);
}

Type authorizer_type(Types& types) { return types.opaque(library::authorizer_kind.type_name); }
Type resource_check_type(Types& types) { return types.opaque(library::resource_kind.type_name); }

Value authorizer_value(Arena& arena) {
  auto* node = arena.make(library::CheckNode{{&library::authorizer_kind}, {}});
  return node ? Value::opaque(node) : Value();
}

Value resource_check_value(Arena& arena, const AccessRequest& resource) {
  auto* node = arena.make(library::CheckNode{{&library::resource_kind}, resource});
  return node ? Value::opaque(node) : Value();
}

}  // namespace seawall::cel
