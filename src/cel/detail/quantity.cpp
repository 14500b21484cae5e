#include "cel/detail/quantity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/text.h"
#include "cel/detail/numbers.h"

namespace seawall::cel {

namespace {

constexpr std::uint32_t limb_base = 1'000'000'000;
constexpr std::size_t limb_digits = 9;
constexpr std::int64_t most_digits = 5000;
constexpr int small_digits = 18;          // fit in 64 bits whatever they are
constexpr std::int32_t finest_scale = 9;  // nothing is finer than "1n"

__extension__ using Wide = __int128;
__extension__ using UnsignedWide = unsigned __int128;

constexpr auto powers_of_ten = [] {
  std::array<std::int64_t, 19> table{};
  std::int64_t power = 1;
  for (std::size_t i = 0; i < table.size(); ++i, power *= i < table.size() ? 10 : 1) table[i] = power;
  return table;
}();

// --- Limbs ---

// Numbers without sign in an arena. Operations make new ones; `failed` once the arena or the limit is passed.
class Limbs {
 public:
  explicit Limbs(Arena& arena) noexcept : arena_(arena) {}
  QuantityError error() const noexcept { return error_; }

  using Number = std::span<const std::uint32_t>;

  Number of_digits(std::string_view digits) noexcept {
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    auto made = room((digits.size() + limb_digits - 1) / limb_digits);
    for (auto& limb : made) {
      auto take = std::min(limb_digits, digits.size());
      std::uint32_t value = 0;
      for (auto c : digits.substr(digits.size() - take)) value = value * 10 + static_cast<std::uint32_t>(c - '0');
      limb = value;
      digits.remove_suffix(take);
    }
    return made;
  }

  Number of_integer(std::uint64_t value) noexcept {
    auto made = room(3);
    for (auto& limb : made) {
      limb = static_cast<std::uint32_t>(value % limb_base);
      value /= limb_base;
    }
    return trimmed(made);
  }

  Number multiplied(Number number, std::uint64_t factor) noexcept {
    auto made = room(number.size() + 3);
    UnsignedWide carry = 0;
    for (std::size_t i = 0; i < made.size(); ++i) {
      carry += i < number.size() ? UnsignedWide{number[i]} * factor : 0;
      made[i] = static_cast<std::uint32_t>(carry % limb_base);
      carry /= limb_base;
    }
    return trimmed(made);
  }

  // Times a power of ten.
  Number shifted(Number number, std::int64_t digits) noexcept {
    if (number.empty() || digits == 0) return number;
    if (digits > most_digits) return fail(QuantityError::too_large);
    auto whole = static_cast<std::size_t>(digits) / limb_digits;
    auto scaled =
        multiplied(number, static_cast<std::uint64_t>(powers_of_ten[static_cast<std::size_t>(digits) % limb_digits]));
    auto made = room(scaled.size() + whole);
    if (made.empty()) return {};
    std::fill_n(made.begin(), whole, 0U);
    std::ranges::copy(scaled, made.begin() + static_cast<std::ptrdiff_t>(whole));
    return made;
  }

  // By a power of ten, up to the next whole number.
  Number divided_rounding_up(Number number, std::int64_t digits) noexcept {
    auto whole = std::min(static_cast<std::size_t>(digits) / limb_digits, number.size());
    auto divisor = static_cast<std::uint32_t>(powers_of_ten[static_cast<std::size_t>(digits) % limb_digits]);
    bool rest = std::ranges::any_of(number.first(whole), [](auto limb) { return limb != 0; });
    auto made = room(number.size() - whole);
    std::uint64_t remainder = 0;
    for (auto i = made.size(); i-- > 0;) {
      remainder = remainder * limb_base + number[i + whole];
      made[i] = static_cast<std::uint32_t>(remainder / divisor);
      remainder %= divisor;
    }
    auto quotient = trimmed(made);
    if (!rest && remainder == 0) return quotient;
    static constexpr std::uint32_t one[] = {1};
    return sum(quotient, one);
  }

  Number sum(Number left, Number right) noexcept {
    auto made = room(std::max(left.size(), right.size()) + 1);
    std::uint32_t carry = 0;
    for (std::size_t i = 0; i < made.size(); ++i) {
      carry += (i < left.size() ? left[i] : 0) + (i < right.size() ? right[i] : 0);
      made[i] = carry % limb_base;
      carry /= limb_base;
    }
    return trimmed(made);
  }

  // The left one is not smaller.
  Number difference(Number left, Number right) noexcept {
    auto made = room(left.size());
    std::uint32_t borrow = 0;
    for (std::size_t i = 0; i < made.size(); ++i) {
      auto take = (i < right.size() ? right[i] : 0) + borrow;
      borrow = left[i] < take ? 1 : 0;
      made[i] = left[i] + borrow * limb_base - take;
    }
    return trimmed(made);
  }

 private:
  std::span<std::uint32_t> room(std::size_t count) noexcept {
    if (error_ != QuantityError::none) return {};
    auto* memory = arena_.array<std::uint32_t>(count);
    if (memory == nullptr) error_ = QuantityError::out_of_memory;
    return {memory, memory ? count : 0};
  }
  Number fail(QuantityError error) noexcept {
    error_ = error;
    return {};
  }
  static Number trimmed(Number number) noexcept {
    while (!number.empty() && number.back() == 0) number = number.first(number.size() - 1);
    return number;
  }

  Arena& arena_;
  QuantityError error_ = QuantityError::none;
};

std::strong_ordering compare_limbs(Limbs::Number left, Limbs::Number right) noexcept {
  if (left.size() != right.size()) return left.size() <=> right.size();
  for (auto i = left.size(); i-- > 0;)
    if (left[i] != right[i]) return left[i] <=> right[i];
  return std::strong_ordering::equal;
}

// --- Reading ---

enum class Format : unsigned char { decimal, binary };
struct Suffix {
  std::string_view text;
  Format format;
  std::int32_t exponent;
};
constexpr Suffix suffixes[] = {
    {"", Format::decimal, 0},   {"n", Format::decimal, -9}, {"u", Format::decimal, -6}, {"m", Format::decimal, -3},
    {"k", Format::decimal, 3},  {"M", Format::decimal, 6},  {"G", Format::decimal, 9},  {"T", Format::decimal, 12},
    {"P", Format::decimal, 15}, {"E", Format::decimal, 18}, {"Ki", Format::binary, 10}, {"Mi", Format::binary, 20},
    {"Gi", Format::binary, 30}, {"Ti", Format::binary, 40}, {"Pi", Format::binary, 50}, {"Ei", Format::binary, 60},
};

// Up to two characters as one number: quicker to compare than texts.
constexpr unsigned short_key(std::string_view text) noexcept {
  unsigned key = 0;
  for (auto c : text) key = key << 8 | static_cast<unsigned char>(c);
  return key;
}
constexpr auto suffix_keys = [] {
  std::array<unsigned, std::size(suffixes)> keys{};
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = short_key(suffixes[i].text);
  return keys;
}();

std::optional<Suffix> read_suffix(std::string_view text) noexcept {
  if (text.size() <= 2) {
    auto key = short_key(text);
    for (std::size_t i = 0; i < suffix_keys.size(); ++i)
      if (suffix_keys[i] == key && suffixes[i].text.size() == text.size()) return suffixes[i];
  }
  if (text.size() < 2 || to_lower(text[0]) != 'e') return std::nullopt;
  auto exponent = read_integer(text.substr(1));
  if (!exponent || *exponent < INT32_MIN / 2 || *exponent > INT32_MAX / 2) return std::nullopt;
  return Suffix{text, Format::decimal, static_cast<std::int32_t>(*exponent)};
}

struct Parts {
  bool is_negative = false;
  std::string_view whole, fraction, suffix;
};

std::string_view take_digits(std::string_view& text) noexcept {
  std::size_t count = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
  auto digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

// [+-]digits[.digits][letters][+-]digits, where nearly everything may be missing.
bool split(std::string_view text, Parts& parts) noexcept {
  if (text.empty()) return false;
  parts.is_negative = text.front() == '-';
  if (text.front() == '-' || text.front() == '+') text.remove_prefix(1);
  parts.whole = take_digits(text);
  while (parts.whole.starts_with('0')) parts.whole.remove_prefix(1);
  if (parts.whole.empty()) parts.whole = "0";
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    parts.fraction = take_digits(text);
  }
  parts.suffix = text;
  constexpr std::string_view letters = "eEinumkKMGTP";
  while (!text.empty() && letters.find(text.front()) != letters.npos) text.remove_prefix(1);
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  take_digits(text);
  return text.empty();
}

// What Kubernetes keeps in 64 bits.
std::optional<Quantity> read_small(const Parts& parts, const Suffix& suffix) noexcept {
  auto digits = static_cast<int>(std::min<std::size_t>(parts.whole.size() + parts.fraction.size(), 100));
  std::int64_t factor = 1;
  std::int64_t scale = static_cast<std::int64_t>(parts.fraction.size());
  if (suffix.format == Format::binary) {
    if (!parts.fraction.empty() || digits + suffix.exponent * 3 / 10 + 1 > 15) return std::nullopt;
    factor = std::int64_t{1} << suffix.exponent;
  } else {
    if (digits > small_digits) return std::nullopt;
    scale -= suffix.exponent;
  }
  if (scale > finest_scale) return std::nullopt;
  std::int64_t value = 0;
  for (auto text : {parts.whole, parts.fraction})
    for (auto c : text) value = value * 10 + (c - '0');
  if (__builtin_mul_overflow(value, factor, &value)) return std::nullopt;
  return Quantity{.scale = static_cast<std::int32_t>(scale), .value = parts.is_negative ? -value : value};
}

ReadQuantity read_large(const Parts& parts, const Suffix& suffix, Arena& arena) noexcept {
  if (static_cast<std::int64_t>(parts.whole.size() + parts.fraction.size()) > most_digits)
    return {.error = QuantityError::too_large};
  Limbs limbs(arena);
  auto* digits = arena.array<char>(parts.whole.size() + parts.fraction.size());
  if (digits == nullptr) return {.error = QuantityError::out_of_memory};
  parts.whole.copy(digits, parts.whole.size());
  parts.fraction.copy(digits + parts.whole.size(), parts.fraction.size());
  auto number = limbs.of_digits({digits, parts.whole.size() + parts.fraction.size()});
  auto scale = static_cast<std::int64_t>(parts.fraction.size());
  if (suffix.format == Format::binary)
    number = limbs.multiplied(number, std::uint64_t{1} << suffix.exponent);
  else
    scale -= suffix.exponent;
  if (number.empty()) scale = 0;
  // Finer than "1n" is rounded up: who asks for something gets something.
  else if (scale > finest_scale)
    number = limbs.divided_rounding_up(number, std::min(scale - finest_scale, most_digits * 2));
  else
    number = limbs.shifted(number, finest_scale - scale);
  if (!number.empty()) scale = finest_scale;
  if (suffix.format == Format::binary) {
    auto largest = limbs.shifted(limbs.of_integer(INT64_MAX), scale);
    if (compare_limbs(number, largest) > 0) number = largest;
  }
  if (limbs.error() != QuantityError::none) return {.error = limbs.error()};
  return {.quantity = {.is_small = false,
                       .is_negative = parts.is_negative && !number.empty(),
                       .scale = static_cast<std::int32_t>(scale),
                       .limbs = number}};
}

// --- Arithmetic ---

// The sum in 64 bits at the finer of both scales, where it fits.
std::optional<Quantity> add_small(const Quantity& left, const Quantity& right) noexcept {
  if (right.value == 0) return left;
  if (left.value == 0) return right;
  auto scale = std::max(left.scale, right.scale);
  std::int64_t sum = 0;
  for (auto* each : {&left, &right}) {
    auto digits = std::int64_t{scale} - each->scale;
    std::int64_t value = 0;
    if (digits > small_digits ||
        __builtin_mul_overflow(each->value, powers_of_ten[static_cast<std::size_t>(digits)], &value))
      return std::nullopt;
    if (__builtin_add_overflow(sum, value, &sum)) return std::nullopt;
  }
  return Quantity{.scale = scale, .value = sum};
}

std::uint64_t magnitude(std::int64_t value) noexcept {
  return value < 0 ? -static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

// Sign and limbs of either form.
struct Signed {
  bool is_negative;
  Limbs::Number limbs;
};
Signed signed_limbs(const Quantity& quantity, Limbs& limbs) noexcept {
  if (!quantity.is_small) return {quantity.is_negative, quantity.limbs};
  return {quantity.value < 0, limbs.of_integer(magnitude(quantity.value))};
}

// Decimal digits of a number that is not 0.
std::int64_t count_digits(Limbs::Number limbs) noexcept {
  std::int64_t top = 1;
  for (auto limb = limbs.back(); limb >= 10; limb /= 10) ++top;
  return top + static_cast<std::int64_t>((limbs.size() - 1) * limb_digits);
}

// The digit at that place, counted from the top; 0 behind the end.
std::uint32_t digit_from_top(Limbs::Number limbs, std::int64_t count, std::int64_t place) noexcept {
  auto from_bottom = count - 1 - place;
  if (from_bottom < 0) return 0;
  auto limb = limbs[static_cast<std::size_t>(from_bottom) / limb_digits];
  return limb / static_cast<std::uint32_t>(powers_of_ten[static_cast<std::size_t>(from_bottom) % limb_digits]) % 10;
}

std::strong_ordering compare_magnitudes(Limbs::Number left, std::int32_t left_scale, Limbs::Number right,
                                        std::int32_t right_scale) noexcept {
  if (left_scale == right_scale) return compare_limbs(left, right);
  auto left_digits = count_digits(left), right_digits = count_digits(right);
  auto left_top = left_digits - left_scale, right_top = right_digits - right_scale;
  if (left_top != right_top) return left_top <=> right_top;
  for (std::int64_t place = 0; place < std::max(left_digits, right_digits); ++place) {
    auto one = digit_from_top(left, left_digits, place), other = digit_from_top(right, right_digits, place);
    if (one != other) return one <=> other;
  }
  return std::strong_ordering::equal;
}

// The limbs of either form, a small one's on the stack.
struct StackLimbs {
  std::array<std::uint32_t, 3> memory{};
  Limbs::Number of(const Quantity& quantity) noexcept {
    if (!quantity.is_small) return quantity.limbs;
    std::size_t count = 0;
    for (auto value = magnitude(quantity.value); value > 0; value /= limb_base)
      memory[count++] = static_cast<std::uint32_t>(value % limb_base);
    return {memory.data(), count};
  }
};

std::string digits_of(Limbs::Number limbs) {
  if (limbs.empty()) return "0";
  auto out = std::to_string(limbs.back());
  for (auto i = limbs.size() - 1; i-- > 0;) {
    auto next = std::to_string(limbs[i]);
    out.append(limb_digits - next.size(), '0').append(next);
  }
  return out;
}

double nearest_power_of_ten(int exponent) noexcept {
  char text[8] = "1e";
  auto end = std::to_chars(text + 2, std::end(text), exponent).ptr;
  double power = 0;
  std::from_chars(text, end, power);
  return power;
}

// As Go composes it, rounding included.
double power_of_ten(std::int64_t exponent) noexcept {
  if (exponent > 308) return std::numeric_limits<double>::infinity();
  if (exponent < -323) return 0;
  auto rest = static_cast<int>(exponent < 0 ? -exponent : exponent);
  auto large = nearest_power_of_ten(exponent < 0 ? -(rest / 32 * 32) : rest / 32 * 32);
  auto small = nearest_power_of_ten(rest % 32);
  return exponent < 0 ? large / small : large * small;
}

}  // namespace

int Quantity::sign() const noexcept {
  if (is_small) return value > 0 ? 1 : value < 0 ? -1 : 0;
  return limbs.empty() ? 0 : is_negative ? -1 : 1;
}

ReadQuantity read_quantity(std::string_view text, Arena& arena) noexcept {
  Parts parts;
  if (!split(text, parts)) return {.error = QuantityError::format};
  auto suffix = read_suffix(parts.suffix);
  if (!suffix) return {.error = QuantityError::suffix};
  if (auto small = read_small(parts, *suffix)) return {.quantity = *small};
  return read_large(parts, *suffix, arena);
}

Quantity quantity_of(std::int64_t value) noexcept { return {.value = value}; }

ReadQuantity add(const Quantity& left, const Quantity& right, Arena& arena) noexcept {
  if (left.is_small && right.is_small)
    if (auto sum = add_small(left, right)) return {.quantity = *sum};
  Limbs limbs(arena);
  auto one = signed_limbs(left, limbs), other = signed_limbs(right, limbs);
  auto scale = std::max(left.scale, right.scale);
  one.limbs = limbs.shifted(one.limbs, std::int64_t{scale} - left.scale);
  other.limbs = limbs.shifted(other.limbs, std::int64_t{scale} - right.scale);
  if (limbs.error() != QuantityError::none) return {.error = limbs.error()};
  if (one.is_negative != other.is_negative && compare_limbs(one.limbs, other.limbs) < 0) std::swap(one, other);
  auto number = one.is_negative == other.is_negative ? limbs.sum(one.limbs, other.limbs)
                                                     : limbs.difference(one.limbs, other.limbs);
  if (limbs.error() != QuantityError::none) return {.error = limbs.error()};
  if (static_cast<std::int64_t>(number.size() * limb_digits) > 2 * most_digits)
    return {.error = QuantityError::too_large};
  return {.quantity = {
              .is_small = false, .is_negative = one.is_negative && !number.empty(), .scale = scale, .limbs = number}};
}

Quantity negated(const Quantity& quantity) noexcept {
  auto made = quantity;
  made.is_negative = !made.is_negative && !made.limbs.empty();
  made.value = static_cast<std::int64_t>(-static_cast<std::uint64_t>(made.value));
  return made;
}

std::strong_ordering compare(const Quantity& left, const Quantity& right) noexcept {
  if (left.is_small && right.is_small && left.scale == right.scale) return left.value <=> right.value;
  auto left_sign = left.sign(), right_sign = right.sign();
  if (left_sign != right_sign || left_sign == 0) return left_sign <=> right_sign;
  StackLimbs one, other;
  auto found = compare_magnitudes(one.of(left), left.scale, other.of(right), right.scale);
  return left_sign > 0 ? found : 0 <=> found;
}

std::optional<std::int64_t> as_integer(const Quantity& quantity) noexcept {
  if (!quantity.is_small || quantity.scale > 0) return std::nullopt;
  if (quantity.value == 0 || quantity.scale == 0) return quantity.value;
  std::int64_t value = 0;
  if (quantity.scale < -small_digits ||
      __builtin_mul_overflow(quantity.value, powers_of_ten[static_cast<std::size_t>(-quantity.scale)], &value))
    return std::nullopt;
  return value;
}

double as_double(const Quantity& quantity) {
  auto base = static_cast<double>(quantity.value);
  if (!quantity.is_small) {
    auto digits = digits_of(quantity.limbs);
    if (std::from_chars(digits.data(), digits.data() + digits.size(), base).ec != std::errc())
      base = std::numeric_limits<double>::infinity();
    if (quantity.is_negative) base = -base;
  }
  return quantity.scale == 0 ? base : base * power_of_ten(-std::int64_t{quantity.scale});
}

std::string text(const Quantity& quantity) {
  StackLimbs limbs;
  auto out = digits_of(limbs.of(quantity));
  auto scale = quantity.scale;
  if (out != "0" && scale < 0 && scale >= -most_digits)
    out.append(static_cast<std::size_t>(-scale), '0');
  else if (out != "0" && scale < 0)
    out += 'e' + std::to_string(-std::int64_t{scale});
  if (scale > 0) {
    auto places = static_cast<std::size_t>(scale);
    if (out.size() <= places) out.insert(0, places + 1 - out.size(), '0');
    out.insert(out.size() - places, 1, '.');
    out.erase(out.find_last_not_of('0') + 1);
    if (out.ends_with('.')) out.pop_back();
  }
  return quantity.sign() < 0 ? '-' + out : out;
}

}  // namespace seawall::cel
