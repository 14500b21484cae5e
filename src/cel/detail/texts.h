// Texts by code points, searching in linear time, and building them in an arena.
#pragma once

#include <cstddef>
#include <string_view>

#include "cel/environment.h"

namespace seawall::cel {

constexpr bool begins_code_point(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }
// Where the code point of that number begins; size() for the one behind the last; npos beyond.
std::size_t byte_offset(std::string_view text, std::uint64_t code_point) noexcept;
// Size in bytes of the code point at the offset.
std::size_t code_point_size(std::string_view text, std::size_t offset) noexcept;

// First occurrence at or behind `from`; npos where there is none.
std::size_t find_text(std::string_view text, std::string_view wanted, std::size_t from = 0) noexcept;
// Last occurrence that begins at or before `from`. Long patterns take memory from the arena: `out_of_memory` is set
// where there is none.
std::size_t find_last_text(std::string_view text, std::string_view wanted, std::size_t from, Arena& arena,
                           bool& out_of_memory) noexcept;

// A text that grows in an arena. Past the budget it stops growing and finish() gives an error.
class TextBuilder {
 public:
  explicit TextBuilder(Call& call) noexcept : call_(call) {}
  void add(std::string_view text) noexcept;
  void add(char c) noexcept { add(std::string_view(&c, 1)); }
  void add(char c, std::size_t times) noexcept;
  // Letters at and behind the offset in upper case (ASCII).
  void upper_from(std::size_t offset) noexcept;
  bool failed() const noexcept { return failed_; }
  std::string_view text() const noexcept { return {memory_, size_}; }
  Value finish() noexcept;

 private:
  char* reserve(std::size_t more) noexcept;
  Call& call_;
  char* memory_ = nullptr;
  std::size_t size_ = 0, capacity_ = 0;
  bool failed_ = false;
};

// A list that grows likewise.
class ListBuilder {
 public:
  explicit ListBuilder(Call& call) noexcept : call_(call) {}
  void add(const Value& value) noexcept;
  bool failed() const noexcept { return failed_; }
  std::size_t size() const noexcept { return size_; }
  Value finish() noexcept;

 private:
  Call& call_;
  Value* items_ = nullptr;
  std::size_t size_ = 0, capacity_ = 0;
  bool failed_ = false;
};

}  // namespace seawall::cel
