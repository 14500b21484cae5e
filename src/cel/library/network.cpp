// Addresses and networks: cel-go's ext/network, which is Kubernetes' own library under the same names.
#include "base/text.h"
#include "cel/detail/address.h"
#include "cel/detail/library.h"

namespace seawall::cel {

namespace library {

namespace {

struct AddressNode : OpaqueNode {
  Address address;
};
struct NetworkNode : OpaqueNode {
  Network network;
};

const Address& address_in(const OpaqueNode& node) { return static_cast<const AddressNode&>(node).address; }
const Network& network_in(const OpaqueNode& node) { return static_cast<const NetworkNode&>(node).network; }
const Address& address_in(const Value& value) { return address_in(value.as_opaque()); }
const Network& network_in(const Value& value) { return network_in(value.as_opaque()); }

constexpr OpaqueKind address_kind{
    .type_name = "net.IP",
    .equal = [](const OpaqueNode& left,
                const OpaqueNode& right) noexcept { return address_in(left) == address_in(right); },
    .print = [](const OpaqueNode& node) { return "ip(\"" + text(address_in(node)) + "\")"; },
    .size = [](const OpaqueNode& node) noexcept { return std::uint64_t{address_in(node).bits() / 8}; },
};
constexpr OpaqueKind network_kind{
    .type_name = "net.CIDR",
    .equal = [](const OpaqueNode& left,
                const OpaqueNode& right) noexcept { return network_in(left) == network_in(right); },
    .print = [](const OpaqueNode& node) { return "cidr(\"" + text(network_in(node)) + "\")"; },
    .size = [](const OpaqueNode& node) noexcept { return std::uint64_t{(network_in(node).prefix + 7) / 8}; },
};

Value refuse(Call& call, std::string_view text, AddressError error) {
  constexpr std::size_t shown = 100;
  auto quoted = '"' + to_utf8(text.substr(0, shown)) + '"';
  if (error == AddressError::zone)
    return call.fail(ErrorCode::bad_argument, "address " + quoted + " with zone value is not allowed");
  if (error == AddressError::mapped)
    return call.fail(ErrorCode::bad_argument, "IPv4-mapped IPv6 address " + quoted + " is not allowed");
  return call.fail(ErrorCode::bad_argument, "address parse error during conversion from string: " + quoted);
}

Value address_value(Call& call, const Address& address) {
  return make_opaque(call, AddressNode{{&address_kind}, address});
}
Value network_value(Call& call, const Network& network) {
  return make_opaque(call, NetworkNode{{&network_kind}, network});
}

Value ip(Call& call, Arguments arguments) {
  auto text = arguments[0].as_text();
  auto read = read_address(text);
  return read.error == AddressError::none ? address_value(call, read.address) : refuse(call, text, read.error);
}
Value cidr(Call& call, Arguments arguments) {
  auto text = arguments[0].as_text();
  auto read = read_network(text);
  return read.error == AddressError::none ? network_value(call, read.network) : refuse(call, text, read.error);
}
Value is_ip(Call&, Arguments arguments) {
  return Value::boolean(read_address(arguments[0].as_text()).error == AddressError::none);
}
Value is_cidr(Call&, Arguments arguments) {
  return Value::boolean(read_network(arguments[0].as_text()).error == AddressError::none);
}
Value is_canonical(Call& call, Arguments arguments) {
  auto written = arguments[0].as_text();
  auto read = read_address(written);
  if (read.error != AddressError::none) return refuse(call, written, read.error);
  return Value::boolean(text(read.address) == written);
}

Value address_to_string(Call& call, Arguments arguments) { return call.string(text(address_in(arguments[0]))); }
Value network_to_string(Call& call, Arguments arguments) { return call.string(text(network_in(arguments[0]))); }

Value family(Call&, Arguments arguments) { return Value::integer(address_in(arguments[0]).is_v6 ? 6 : 4); }
template <bool (*holds)(const Address&) noexcept>
Value test(Call&, Arguments arguments) {
  return Value::boolean(holds(address_in(arguments[0])));
}

Value network_address(Call& call, Arguments arguments) { return address_value(call, network_in(arguments[0]).address); }
Value masked_network(Call& call, Arguments arguments) {
  auto& network = network_in(arguments[0]);
  return network_value(call, {masked(network), network.prefix});
}
Value is_mask(Call&, Arguments arguments) {
  auto& network = network_in(arguments[0]);
  return Value::boolean(masked(network) == network.address);
}
Value prefix_length(Call&, Arguments arguments) {
  return Value::integer(static_cast<std::int64_t>(network_in(arguments[0]).prefix));
}

Value contains_address(Call&, Arguments arguments) {
  return Value::boolean(contains(network_in(arguments[0]), address_in(arguments[1])));
}
Value contains_address_text(Call& call, Arguments arguments) {
  auto read = read_address(arguments[1].as_text());
  if (read.error != AddressError::none) return refuse(call, arguments[1].as_text(), read.error);
  return Value::boolean(contains(network_in(arguments[0]), read.address));
}
Value contains_network(Call&, Arguments arguments) {
  return Value::boolean(contains(network_in(arguments[0]), network_in(arguments[1])));
}
Value contains_network_text(Call& call, Arguments arguments) {
  auto read = read_network(arguments[1].as_text());
  if (read.error != AddressError::none) return refuse(call, arguments[1].as_text(), read.error);
  return Value::boolean(contains(network_in(arguments[0]), read.network));
}

// Bytes are compared up to the prefix of the network; a text is read first.
std::uint64_t compare_cost(Arguments arguments, const Value&) {
  return cost::scaled(2 * cost::size(arguments[0]), cost::of_character);
}
std::uint64_t argument_cost(Arguments arguments) { return cost::scaled(cost::size(arguments[1]), cost::of_character); }
std::uint64_t read_and_compare_cost(Arguments arguments, const Value& result) {
  return compare_cost(arguments, result) + argument_cost(arguments);
}
// The inner network is masked first.
std::uint64_t compare_networks_cost(Arguments arguments, const Value& result) {
  return compare_cost(arguments, result) + cost::scan_first(arguments, result) + 1;
}
std::uint64_t read_and_compare_networks_cost(Arguments arguments, const Value& result) {
  return compare_networks_cost(arguments, result) + argument_cost(arguments);
}

constexpr Declaration functions[] = {
    {"string_to_ip", "ip(string) -> net.IP", ip, cost::scan_first},
    {"string_to_cidr", "cidr(string) -> net.CIDR", cidr, cost::scan_first},
    {"is_ip", "isIP(string) -> bool", is_ip, cost::scan_first},
    {"is_cidr", "isCIDR(string) -> bool", is_cidr, cost::scan_first},
    {"ip_is_canonical", "ip.isCanonical(string) -> bool", is_canonical, cost::scan_first_twice},
    {"ip_to_string", "string(net.IP) -> string", address_to_string},
    {"cidr_to_string", "string(net.CIDR) -> string", network_to_string},
    {"ip_family", "<net.IP>.family() -> int", family},
    {"ip_is_unspecified", "<net.IP>.isUnspecified() -> bool", test<is_unspecified>},
    {"ip_is_loopback", "<net.IP>.isLoopback() -> bool", test<is_loopback>},
    {"ip_is_link_local_multicast", "<net.IP>.isLinkLocalMulticast() -> bool", test<is_link_local_multicast>},
    {"ip_is_link_local_unicast", "<net.IP>.isLinkLocalUnicast() -> bool", test<is_link_local_unicast>},
    {"ip_is_global_unicast", "<net.IP>.isGlobalUnicast() -> bool", test<is_global_unicast>},
    {"cidr_ip", "<net.CIDR>.ip() -> net.IP", network_address},
    {"cidr_masked", "<net.CIDR>.masked() -> net.CIDR", masked_network},
    {"cidr_prefix_length", "<net.CIDR>.prefixLength() -> int", prefix_length},
    {"cidr_contains_ip_ip", "<net.CIDR>.containsIP(net.IP) -> bool", contains_address, compare_cost},
    {"cidr_contains_ip_string", "<net.CIDR>.containsIP(string) -> bool", contains_address_text, read_and_compare_cost},
    {"cidr_contains_cidr", "<net.CIDR>.containsCIDR(net.CIDR) -> bool", contains_network, compare_networks_cost},
    {"cidr_contains_cidr_string", "<net.CIDR>.containsCIDR(string) -> bool", contains_network_text,
     read_and_compare_networks_cost},
};

// The cases of the extension take "::ffff:c0a8:1" for an IPv6 address like any other; Kubernetes (and cel-go) refuse it
// as they do "::ffff:192.168.0.1".
ReadAddress read_hexadecimal_too(std::string_view text) noexcept {
  auto read = read_address(text);
  if (read.error == AddressError::mapped && text.find('.') == std::string_view::npos) read.error = AddressError::none;
  return read;
}
Value extension_ip(Call& call, Arguments arguments) {
  auto text = arguments[0].as_text();
  auto read = read_hexadecimal_too(text);
  return read.error == AddressError::none ? address_value(call, read.address) : refuse(call, text, read.error);
}
Value extension_is_ip(Call&, Arguments arguments) {
  return Value::boolean(read_hexadecimal_too(arguments[0].as_text()).error == AddressError::none);
}

// What Kubernetes has not, or has otherwise.
constexpr Declaration extension_only[] = {
    {"string_to_ip", "ip(string) -> net.IP", extension_ip, cost::scan_first},
    {"is_ip", "isIP(string) -> bool", extension_is_ip, cost::scan_first},
    {"cidr_is_mask", "<net.CIDR>.isMask() -> bool", is_mask},
};

}  // namespace

void add_kubernetes_network(Environment& environment) {
  add_opaque_type(environment, address_kind.type_name);
  add_opaque_type(environment, network_kind.type_name);
  declare(environment, functions);
}

}  // namespace library

void add_network(Environment& environment) {
  library::add_kubernetes_network(environment);
  library::declare(environment, library::extension_only);
}

}  // namespace seawall::cel
