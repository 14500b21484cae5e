#include "base/text.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

namespace seawall {

std::string_view trim(std::string_view s) noexcept {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out) c = to_lower(c);
  return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::vector<std::string_view> split(std::string_view s, char separator) {
  std::vector<std::string_view> out;
  for (;;) {
    auto at = s.find(separator);
    out.push_back(s.substr(0, at));
    if (at == std::string_view::npos) return out;
    s.remove_prefix(at + 1);
  }
}

std::vector<std::string_view> words(std::string_view s) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < s.size();) {
    while (at < s.size() && is_space(s[at])) ++at;
    auto start = at;
    while (at < s.size() && !is_space(s[at])) ++at;
    if (at > start) out.push_back(s.substr(start, at - start));
  }
  return out;
}

std::vector<std::string_view> lines(std::string_view s) {
  std::vector<std::string_view> out;
  while (!s.empty()) {
    auto at = s.find('\n');
    auto line = s.substr(0, at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    out.push_back(line);
    if (at == std::string_view::npos) break;
    s.remove_prefix(at + 1);
  }
  return out;
}

static std::optional<Halves> cut_at(std::string_view s, std::size_t at, std::size_t width) noexcept {
  if (at == std::string_view::npos) return std::nullopt;
  return Halves{s.substr(0, at), s.substr(at + width)};
}

std::optional<Halves> cut(std::string_view s, std::string_view separator) noexcept {
  return cut_at(s, s.find(separator), separator.size());
}

std::optional<Halves> cut_last(std::string_view s, std::string_view separator) noexcept {
  return cut_at(s, s.rfind(separator), separator.size());
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) out.append(separator);
    out.append(parts[i]);
  }
  return out;
}

std::string replace_all(std::string_view s, std::string_view from, std::string_view to) {
  std::string out;
  if (from.empty()) return out.append(s);
  for (;;) {
    auto at = s.find(from);
    out.append(s.substr(0, at));
    if (at == std::string_view::npos) return out;
    out.append(to);
    s.remove_prefix(at + from.size());
  }
}

template <class Number>
static std::optional<Number> whole_number(std::string_view s) noexcept {
  Number value{};
  auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (error != std::errc{} || end != s.data() + s.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> to_u64(std::string_view s) noexcept { return whole_number<std::uint64_t>(s); }
std::optional<std::int64_t> to_i64(std::string_view s) noexcept { return whole_number<std::int64_t>(s); }

std::optional<double> to_double(std::string_view s) noexcept {
  auto value = whole_number<double>(s);
  if (value && !std::isfinite(*value)) return std::nullopt;  // from_chars takes "inf" and "nan"
  return value;
}

std::string human_size(std::uint64_t bytes) {
  constexpr std::string_view units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  if (bytes < 1024) return std::to_string(bytes) + " B";
  std::size_t unit = 0;
  auto amount = static_cast<double>(bytes);
  // 1023.95 and more would print as "1024.0".
  while (amount >= 1023.95 && unit + 1 < std::size(units)) {
    amount /= 1024;
    ++unit;
  }
  char digits[32];
  auto end = std::to_chars(digits, digits + sizeof digits, amount, std::chars_format::fixed, 1).ptr;
  return std::string(digits, end).append(1, ' ').append(units[unit]);
}

// Length of the well-formed sequence (Unicode table 3-7) that starts at `at`; 0 where there is none.
static std::size_t utf8_sequence(std::string_view s, std::size_t at) noexcept {
  auto byte = [&](std::size_t i) -> unsigned { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0; };
  auto tail = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  unsigned first = byte(at), second = byte(at + 1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return tail(at + 1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    bool overlong = first == 0xE0 && second < 0xA0, surrogate = first == 0xED && second > 0x9F;
    return tail(at + 1) && tail(at + 2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    bool overlong = first == 0xF0 && second < 0x90, too_big = first == 0xF4 && second > 0x8F;
    return tail(at + 1) && tail(at + 2) && tail(at + 3) && !overlong && !too_big ? 4 : 0;
  }
  return 0;
}

// Where the first bad byte is, from `at` on; size() where there is none. Plain ASCII is passed eight bytes a step.
static std::size_t utf8_error(std::string_view s, std::size_t at) noexcept {
  while (at < s.size()) {
    std::uint64_t block;
    if (s.size() - at >= sizeof block) {
      std::memcpy(&block, s.data() + at, sizeof block);
      if ((block & 0x8080808080808080U) == 0) {
        at += sizeof block;
        continue;
      }
    }
    auto width = utf8_sequence(s, at);
    if (width == 0) return at;
    at += width;
  }
  return s.size();
}

std::size_t utf8_prefix(std::string_view s) noexcept { return utf8_error(s, 0); }
bool is_utf8(std::string_view s) noexcept { return utf8_prefix(s) == s.size(); }

std::string to_utf8(std::string_view s) {
  std::string out;
  for (std::size_t at = 0;;) {
    auto bad = utf8_error(s, at);
    out.append(s.substr(at, bad - at));
    if (bad >= s.size()) return out;
    out.append("\xEF\xBF\xBD");
    at = bad + 1;
  }
}

std::string to_hex(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (char c : bytes) {
    auto byte = static_cast<unsigned char>(c);
    out.push_back(digits[byte >> 4]);
    out.push_back(digits[byte & 15]);
  }
  return out;
}

static int hex_digit(char c) noexcept {
  if (is_digit(c)) return c - '0';
  char small = to_lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

std::optional<std::string> from_hex(std::string_view s) {
  if (s.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(s.size() / 2);
  for (std::size_t i = 0; i < s.size(); i += 2) {
    int high = hex_digit(s[i]), low = hex_digit(s[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high << 4 | low));
  }
  return out;
}

namespace {

constexpr std::uint64_t hash_keys[] = {0x9E3779B97F4A7C15U, 0xD1B54A32D192ED03U, 0xAEF17502108EF2D9U};

std::uint64_t load_little_endian(const char* at, std::size_t width) noexcept {
  std::uint64_t value = 0;
  std::memcpy(&value, at, width);
  if constexpr (std::endian::native == std::endian::big) value = std::byteswap(value);
  return value;
}

// Both halves of the 128-bit product, folded: each input bit reaches each output bit.
std::uint64_t fold_product(std::uint64_t a, std::uint64_t b) noexcept {
  auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

std::uint64_t hash64(std::string_view s, std::uint64_t seed) noexcept {
  const char* at = s.data();
  auto left = s.size();
  auto state = seed ^ fold_product(seed ^ hash_keys[0], hash_keys[1]);
  for (; left > 16; left -= 16, at += 16)
    state = fold_product(load_little_endian(at, 8) ^ hash_keys[1], load_little_endian(at + 8, 8) ^ state);
  std::uint64_t low = 0, high = 0;
  if (left > 8) high = load_little_endian(at + 8, left - 8);
  if (left > 0) low = load_little_endian(at, std::min<std::size_t>(left, 8));
  state = fold_product(low ^ hash_keys[1], high ^ state);
  return fold_product(state ^ hash_keys[2], s.size() ^ hash_keys[0]);
}

}  // namespace seawall
