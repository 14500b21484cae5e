#include "cel/detail/texts.h"

#include <algorithm>
#include <cstring>

namespace seawall::cel {

namespace {

constexpr std::size_t npos = std::string_view::npos;
// Up to here comparing at every place is cheap whatever the texts.
constexpr std::size_t short_pattern = 32;

// How much of the pattern's end is also the end of a part of it, for every length (Knuth, Morris and Pratt, read
// backwards).
void measure_borders(std::string_view wanted, std::uint32_t* borders) noexcept {
  auto at = [&](std::size_t i) { return wanted[wanted.size() - 1 - i]; };
  borders[0] = 0;
  for (std::size_t i = 1, matched = 0; i < wanted.size(); ++i) {
    while (matched > 0 && at(i) != at(matched)) matched = borders[matched - 1];
    if (at(i) == at(matched)) ++matched;
    borders[i] = static_cast<std::uint32_t>(matched);
  }
}

std::size_t find_backwards(std::string_view text, std::string_view wanted, const std::uint32_t* borders) noexcept {
  std::size_t matched = 0;
  for (auto i = text.size(); i-- > 0;) {
    while (matched > 0 && text[i] != wanted[wanted.size() - 1 - matched]) matched = borders[matched - 1];
    if (text[i] == wanted[wanted.size() - 1 - matched]) ++matched;
    if (matched == wanted.size()) return i;
  }
  return npos;
}

}  // namespace

std::size_t byte_offset(std::string_view text, std::uint64_t code_point) noexcept {
  if (code_point > text.size()) return npos;
  std::size_t at = 0;
  for (; at < text.size(); ++at)
    if (begins_code_point(text[at]) && code_point-- == 0) return at;
  return code_point == 0 ? at : npos;
}

std::size_t code_point_size(std::string_view text, std::size_t offset) noexcept {
  auto end = offset + 1;
  while (end < text.size() && !begins_code_point(text[end])) ++end;
  return end - offset;
}

std::size_t find_text(std::string_view text, std::string_view wanted, std::size_t from) noexcept {
  if (from > text.size() || wanted.size() > text.size() - from) return npos;
  if (wanted.size() <= 1) return text.find(wanted, from);
  // memmem is linear; string_view::find is not.
  auto* found = memmem(text.data() + from, text.size() - from, wanted.data(), wanted.size());
  return found == nullptr ? npos : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

std::size_t find_last_text(std::string_view text, std::string_view wanted, std::size_t from, Arena& arena,
                           bool& out_of_memory) noexcept {
  if (wanted.size() <= short_pattern) return text.rfind(wanted, from);
  if (wanted.size() > text.size()) return npos;
  auto* borders = arena.array<std::uint32_t>(wanted.size());
  out_of_memory = borders == nullptr;
  if (out_of_memory) return npos;
  measure_borders(wanted, borders);
  auto end = from < text.size() - wanted.size() ? from + wanted.size() : text.size();
  return find_backwards(text.substr(0, end), wanted, borders);
}

char* TextBuilder::reserve(std::size_t more) noexcept {
  if (failed_) return nullptr;
  if (more > capacity_ - size_) {
    auto wanted = std::max({more + size_, capacity_ * 2, std::size_t{64}});
    auto* grown = call_.arena().array<char>(wanted);
    failed_ = grown == nullptr;
    if (failed_) return nullptr;
    if (size_ > 0) std::memcpy(grown, memory_, size_);
    memory_ = grown;
    capacity_ = wanted;
  }
  size_ += more;
  return memory_ + size_ - more;
}

void TextBuilder::add(std::string_view text) noexcept {
  if (text.empty()) return;
  if (auto* out = reserve(text.size())) std::memcpy(out, text.data(), text.size());
}

void TextBuilder::add(char c, std::size_t times) noexcept {
  if (times == 0) return;
  if (auto* out = reserve(times)) std::memset(out, c, times);
}

void TextBuilder::upper_from(std::size_t offset) noexcept {
  for (; offset < size_; ++offset)
    if (memory_[offset] >= 'a' && memory_[offset] <= 'z') memory_[offset] = static_cast<char>(memory_[offset] - 32);
}

Value TextBuilder::finish() noexcept {
  if (failed_ || size_ > UINT32_MAX) return call_.out_of_memory();
  return size_ > 0 ? Value::string(text()) : Value::string("");
}

void ListBuilder::add(const Value& value) noexcept {
  if (failed_) return;
  if (size_ == capacity_) {
    auto wanted = std::max<std::size_t>(capacity_ * 2, 8);
    auto* grown = call_.arena().array<Value>(wanted);
    failed_ = grown == nullptr;
    if (failed_) return;
    std::copy_n(items_, size_, grown);
    items_ = grown;
    capacity_ = wanted;
  }
  items_[size_++] = value;
}

Value ListBuilder::finish() noexcept { return failed_ ? call_.out_of_memory() : Value::list(items_, size_); }

}  // namespace seawall::cel
