#include "cel/detail/semver.h"

#include <algorithm>

#include "base/text.h"

namespace seawall::cel {

namespace {

bool is_number(std::string_view text) noexcept { return std::ranges::all_of(text, is_digit); }
bool is_identifier(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '-'; });
}

std::optional<std::uint64_t> read_number(std::string_view text) noexcept {
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return is_number(text) ? to_u64(text) : std::nullopt;
}

// The part in front of the separator, which goes with it; the rest where there is none.
std::string_view take(std::string_view& rest, char separator) noexcept {
  auto part = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return part;
}

template <class Fits>
bool each_identifier(std::string_view text, Fits fits) noexcept {
  for (;;) {
    bool last = text.find('.') == std::string_view::npos;
    if (!fits(take(text, '.'))) return false;
    if (last) return true;
  }
}

bool fits_pre_release(std::string_view identifier) noexcept {
  if (!identifier.empty() && is_number(identifier)) return read_number(identifier).has_value();
  return is_identifier(identifier);
}

std::strong_ordering compare_identifiers(std::string_view left, std::string_view right) noexcept {
  bool left_number = is_number(left), right_number = is_number(right);
  if (left_number != right_number) return left_number ? std::strong_ordering::less : std::strong_ordering::greater;
  // Numbers have no leading zeros here: the longer one is the larger.
  if (left_number && left.size() != right.size()) return left.size() <=> right.size();
  return left.compare(right) <=> 0;
}

std::strong_ordering compare_pre_releases(std::string_view left, std::string_view right) noexcept {
  if (left.empty() || right.empty())
    return right.size() == left.size() ? std::strong_ordering::equal
           : left.empty()              ? std::strong_ordering::greater
                                       : std::strong_ordering::less;
  while (!left.empty() && !right.empty()) {
    auto found = compare_identifiers(take(left, '.'), take(right, '.'));
    if (found != std::strong_ordering::equal) return found;
  }
  return left.empty() == right.empty() ? std::strong_ordering::equal
         : left.empty()                ? std::strong_ordering::less
                                       : std::strong_ordering::greater;
}

}  // namespace

std::optional<Semver> read_semver(std::string_view text) noexcept {
  auto first = text.find('.');
  if (first == std::string_view::npos || text.find('.', first + 1) == std::string_view::npos) return std::nullopt;
  auto major = read_number(take(text, '.'));
  auto minor = read_number(take(text, '.'));
  Semver version;
  if (auto plus = text.find('+'); plus != std::string_view::npos) {
    if (!each_identifier(text.substr(plus + 1), is_identifier)) return std::nullopt;
    text = text.substr(0, plus);
  }
  if (auto dash = text.find('-'); dash != std::string_view::npos) {
    version.pre_release = text.substr(dash + 1);
    if (!each_identifier(version.pre_release, fits_pre_release)) return std::nullopt;
    text = text.substr(0, dash);
  }
  auto patch = read_number(text);
  if (!major || !minor || !patch) return std::nullopt;
  version.major = *major;
  version.minor = *minor;
  version.patch = *patch;
  return version;
}

std::optional<Semver> read_tolerant_semver(std::string_view text, Arena& arena, bool& out_of_memory) noexcept {
  if (text.starts_with('v')) text.remove_prefix(1);
  constexpr std::size_t added = 8;
  auto* memory = arena.array<char>(text.size() + added);
  out_of_memory = memory == nullptr;
  if (out_of_memory) return std::nullopt;
  auto* out = memory;
  for (int part = 0; part < 3; ++part) {
    bool missing = part > 0 && text.data() == nullptr;
    auto dot = part < 2 ? text.find('.') : std::string_view::npos;
    auto piece = missing ? std::string_view("0") : text.substr(0, dot);
    bool last = dot == std::string_view::npos;
    if (last && part < 2 && !missing && piece.find_first_of("+-") != std::string_view::npos) return std::nullopt;
    text = last ? std::string_view() : text.substr(dot + 1);
    if (piece.size() > 1) {
      piece.remove_prefix(std::min(piece.find_first_not_of('0'), piece.size()));
      if (piece.empty() || !is_digit(piece.front())) *out++ = '0';
    }
    out += piece.copy(out, piece.size());
    if (part < 2) *out++ = '.';
  }
  return read_semver({memory, static_cast<std::size_t>(out - memory)});
}

std::strong_ordering compare(const Semver& left, const Semver& right) noexcept {
  if (left.major != right.major) return left.major <=> right.major;
  if (left.minor != right.minor) return left.minor <=> right.minor;
  if (left.patch != right.patch) return left.patch <=> right.patch;
  return compare_pre_releases(left.pre_release, right.pre_release);
}

}  // namespace seawall::cel
