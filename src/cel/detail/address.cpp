#include "cel/detail/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/text.h"

namespace seawall::cel {

namespace {

constexpr std::size_t longest_text = INET6_ADDRSTRLEN;

bool is_mapped(const Address& address) noexcept {
  return address.is_v6 &&
         std::all_of(address.bytes.begin(), address.bytes.begin() + 10, [](auto b) { return b == 0; }) &&
         address.bytes[10] == 0xFF && address.bytes[11] == 0xFF;
}

bool is_multicast(const Address& address) noexcept {
  return address.is_v6 ? address.bytes[0] == 0xFF : (address.bytes[0] & 0xF0) == 0xE0;
}

bool same_prefix(const Address& left, const Address& right, unsigned bits) noexcept {
  if (left.is_v6 != right.is_v6) return false;
  auto whole = bits / 8;
  if (std::memcmp(left.bytes.data(), right.bytes.data(), whole) != 0) return false;
  if (bits % 8 == 0) return true;
  return ((left.bytes[whole] ^ right.bytes[whole]) >> (8 - bits % 8)) == 0;
}

unsigned group(const Address& address, std::size_t index) noexcept {
  return static_cast<unsigned>(address.bytes[index * 2]) << 8 | address.bytes[index * 2 + 1];
}

// The longest run of zero groups, two at least; the first of equally long ones.
struct Run {
  std::size_t begin = 0, size = 0;
};
Run longest_zeros(const Address& address) noexcept {
  Run best;
  for (std::size_t begin = 0; begin < 8; ++begin) {
    std::size_t size = 0;
    while (begin + size < 8 && group(address, begin + size) == 0) ++size;
    if (size >= 2 && size > best.size) best = {begin, size};
  }
  return best;
}

std::string text_of_v6(const Address& address) {
  auto zeros = longest_zeros(address);
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    if (zeros.size > 0 && i == zeros.begin) {
      out += "::";
      i += zeros.size - 1;
      continue;
    }
    if (!out.empty() && !out.ends_with(':')) out += ':';
    char digits[8];
    auto end = std::to_chars(digits, std::end(digits), group(address, i), 16).ptr;
    out.append(digits, end);
  }
  return out;
}

}  // namespace

ReadAddress read_address(std::string_view text) noexcept {
  if (text.find('%') != std::string_view::npos && text.find(':') != std::string_view::npos)
    return {.error = AddressError::zone};
  char terminated[longest_text] = {};
  if (text.size() >= longest_text || text.find('\0') != std::string_view::npos) return {.error = AddressError::syntax};
  text.copy(terminated, text.size());
  ReadAddress read;
  read.address.is_v6 = text.find(':') != std::string_view::npos;
  if (inet_pton(read.address.is_v6 ? AF_INET6 : AF_INET, terminated, read.address.bytes.data()) != 1)
    return {.error = AddressError::syntax};
  if (is_mapped(read.address)) read.error = AddressError::mapped;
  return read;
}

ReadNetwork read_network(std::string_view text) noexcept {
  auto slash = text.rfind('/');
  if (slash == std::string_view::npos) return {.error = AddressError::syntax};
  auto read = read_address(text.substr(0, slash));
  if (read.error != AddressError::none) return {.error = read.error};
  auto digits = text.substr(slash + 1);
  auto prefix = digits.size() > 1 && digits.front() == '0' ? std::nullopt : to_u64(digits);
  if (!prefix || *prefix > read.address.bits()) return {.error = AddressError::syntax};
  return {.network = {read.address, static_cast<unsigned>(*prefix)}};
}

std::string text(const Address& address) {
  if (address.is_v6) return text_of_v6(address);
  auto& bytes = address.bytes;
  return std::to_string(bytes[0]) + '.' + std::to_string(bytes[1]) + '.' + std::to_string(bytes[2]) + '.' +
         std::to_string(bytes[3]);
}

std::string text(const Network& network) { return text(network.address) + '/' + std::to_string(network.prefix); }

Address masked(const Network& network) noexcept {
  auto made = network.address;
  for (unsigned bit = network.prefix; bit < made.bits(); ++bit)
    made.bytes[bit / 8] = static_cast<unsigned char>(made.bytes[bit / 8] & ~(0x80U >> (bit % 8)));
  return made;
}

bool contains(const Network& network, const Address& address) noexcept {
  return same_prefix(network.address, address, network.prefix);
}
bool contains(const Network& network, const Network& inner) noexcept {
  return network.prefix <= inner.prefix && contains(network, inner.address);
}

bool is_unspecified(const Address& address) noexcept { return address == Address{.is_v6 = address.is_v6}; }
bool is_loopback(const Address& address) noexcept {
  if (!address.is_v6) return address.bytes[0] == 127;
  Address loopback{.is_v6 = true};
  loopback.bytes[15] = 1;
  return address == loopback;
}
bool is_link_local_multicast(const Address& address) noexcept {
  auto& bytes = address.bytes;
  if (address.is_v6) return bytes[0] == 0xFF && (bytes[1] & 0x0F) == 0x02;
  return bytes[0] == 224 && bytes[1] == 0 && bytes[2] == 0;
}
bool is_link_local_unicast(const Address& address) noexcept {
  auto& bytes = address.bytes;
  if (address.is_v6) return bytes[0] == 0xFE && (bytes[1] & 0xC0) == 0x80;
  return bytes[0] == 169 && bytes[1] == 254;
}
bool is_global_unicast(const Address& address) noexcept {
  auto& bytes = address.bytes;
  bool broadcast = !address.is_v6 && bytes[0] == 255 && bytes[1] == 255 && bytes[2] == 255 && bytes[3] == 255;
  return !broadcast && !is_unspecified(address) && !is_loopback(address) && !is_multicast(address) &&
         !is_link_local_unicast(address);
}

}  // namespace seawall::cel
