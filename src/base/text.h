// Small text tools: views in, owned strings out. ASCII only where case matters; bytes beyond 127 pass unchanged.
// Threads: all functions are pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace seawall {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
constexpr bool is_alpha(char c) noexcept { return is_upper(c) || is_lower(c); }
constexpr bool is_alnum(char c) noexcept { return is_alpha(c) || is_digit(c); }
constexpr bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr char to_lower(char c) noexcept { return is_upper(c) ? static_cast<char>(c + 32) : c; }

std::string_view trim(std::string_view) noexcept;
std::string lower(std::string_view);
bool equal_ignoring_case(std::string_view, std::string_view) noexcept;

// Every piece between separators, empty ones included; an empty text gives one empty piece.
std::vector<std::string_view> split(std::string_view, char separator);
// The words between runs of white space; no empty ones.
std::vector<std::string_view> words(std::string_view);
// Lines without their '\n' or "\r\n"; a last line without end counts.
std::vector<std::string_view> lines(std::string_view);
// Around the first (or last) separator; nothing where there is none.
struct Halves {
  std::string_view left, right;
};
std::optional<Halves> cut(std::string_view, std::string_view separator) noexcept;
std::optional<Halves> cut_last(std::string_view, std::string_view separator) noexcept;

std::string join(const std::vector<std::string>&, std::string_view separator);
std::string replace_all(std::string_view, std::string_view from, std::string_view to);

// The whole text as a decimal number; nothing where there is anything else, or it does not fit.
std::optional<std::uint64_t> to_u64(std::string_view) noexcept;
std::optional<std::int64_t> to_i64(std::string_view) noexcept;
std::optional<double> to_double(std::string_view) noexcept;

// "1.5 MiB", "730 B".
std::string human_size(std::uint64_t bytes);

// Valid UTF-8 as is; every bad byte becomes U+FFFD. What we print or write to JSON has passed here.
std::string to_utf8(std::string_view);
bool is_utf8(std::string_view) noexcept;
// Bytes before the first bad one; size() where all is valid.
std::size_t utf8_prefix(std::string_view) noexcept;

// Lower-case hexadecimal, and back (nothing where it isn't).
std::string to_hex(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view);

// Shell-style pattern over '/'-separated paths: `*` and `?` stay inside a part, `**` crosses parts, [a-z] classes.
bool glob_match(std::string_view pattern, std::string_view path) noexcept;

// A fast, stable 64-bit hash (same on every machine and run); not against adversaries who choose keys.
std::uint64_t hash64(std::string_view, std::uint64_t seed = 0) noexcept;

// Transparent hash for unordered containers keyed by std::string.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view s) const noexcept { return static_cast<std::size_t>(hash64(s)); }
};

}  // namespace seawall
