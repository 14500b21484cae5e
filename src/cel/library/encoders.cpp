// cel-go's ext/encoders.
#include <array>

#include "cel/detail/library.h"

namespace seawall::cel {

namespace library {

namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr auto digit_values = [] {
  std::array<signed char, 256> table{};
  table.fill(-1);
  for (std::size_t i = 0; i < digits.size(); ++i)
    table[static_cast<unsigned char>(digits[i])] = static_cast<signed char>(i);
  return table;
}();

Value illegal(Call& call) { return call.fail(ErrorCode::bad_argument, "illegal base64 data"); }

// With padding or without; ends of lines anywhere, and bits behind the last byte, do not count: as Go reads it.
Value decode(Call& call, Arguments arguments) {
  auto text = arguments[0].as_text();
  auto* memory = call.arena().array<char>(text.size() / 4 * 3 + 3);
  if (memory == nullptr) return call.out_of_memory();
  auto* out = memory;
  std::uint32_t bits = 0;
  std::size_t count = 0, padding = 0;
  for (auto c : text) {
    if (c == '\n' || c == '\r') continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    auto digit = digit_values[static_cast<unsigned char>(c)];
    if (digit < 0 || padding > 0) return illegal(call);
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    if (++count % 4 != 1) *out++ = static_cast<char>(bits >> (6 - 2 * ((count - 1) % 4)));
  }
  auto missing = (4 - count % 4) % 4;
  if (missing == 3 || (padding != 0 && padding != missing)) return illegal(call);
  return Value::bytes({memory, static_cast<std::size_t>(out - memory)});
}

Value encode(Call& call, Arguments arguments) {
  auto bytes = arguments[0].as_text();
  auto size = (bytes.size() + 2) / 3 * 4;
  auto* memory = call.arena().array<char>(size);
  if (memory == nullptr) return call.out_of_memory();
  auto* out = memory;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    auto byte = [&](std::size_t i) {
      return at + i < bytes.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) : 0;
    };
    auto group = byte(0) << 16 | byte(1) << 8 | byte(2);
    for (unsigned i = 0; i < 4; ++i) *out++ = at + i > bytes.size() ? '=' : digits[group >> (18 - 6 * i) & 63];
  }
  return Value::string({memory, size});
}

std::uint64_t scan_and_call(Arguments arguments, const Value& result) {
  return cost::scan_first(arguments, result) + 1;
}

constexpr Declaration functions[] = {
    {"base64_decode_string", "base64.decode(string) -> bytes", decode, scan_and_call},
    {"base64_encode_bytes", "base64.encode(bytes) -> string", encode, scan_and_call},
};

}  // namespace

}  // namespace library

void add_encoders(Environment& environment) { library::declare(environment, library::functions); }

}  // namespace seawall::cel
