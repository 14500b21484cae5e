// Addresses of the internet protocol and their networks, strictly read: no zones, no leading zeros, no IPv4 in IPv6.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace seawall::cel {

struct Address {
  std::array<unsigned char, 16> bytes{};  // the first four for IPv4, the others 0
  bool is_v6 = false;
  bool operator==(const Address&) const = default;
  unsigned bits() const noexcept { return is_v6 ? 128 : 32; }
};
struct Network {
  Address address;
  unsigned prefix = 0;
  bool operator==(const Network&) const = default;
};

enum class AddressError : unsigned char { none, syntax, zone, mapped };
struct ReadAddress {
  Address address;
  AddressError error = AddressError::none;
};
struct ReadNetwork {
  Network network;
  AddressError error = AddressError::none;
};
ReadAddress read_address(std::string_view text) noexcept;
// "10.0.0.1/8": bits behind the prefix may be set.
ReadNetwork read_network(std::string_view text) noexcept;
// RFC 5952: "2001:db8::1".
std::string text(const Address& address);
std::string text(const Network& network);

Address masked(const Network& network) noexcept;
bool contains(const Network& network, const Address& address) noexcept;
bool contains(const Network& network, const Network& inner) noexcept;
bool is_unspecified(const Address& address) noexcept;
bool is_loopback(const Address& address) noexcept;
bool is_link_local_multicast(const Address& address) noexcept;
bool is_link_local_unicast(const Address& address) noexcept;
bool is_global_unicast(const Address& address) noexcept;

}  // namespace seawall::cel
