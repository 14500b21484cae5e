// The compact form of our own files and caches: LEB128 varints and length-prefixed text.
// Threads: one object, one thread. Fails: corrupt (the reader never goes past its input).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace seawall::codec {

class BinaryWriter {
 public:
  void u64(std::uint64_t value) {
    while (value >= 0x80) {
      out_.push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    out_.push_back(static_cast<char>(value));
  }
  void i64(std::int64_t v) { u64((static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63)); }
  void boolean(bool v) { out_.push_back(v ? '\1' : '\0'); }
  void text(std::string_view v) {
    u64(v.size());
    out_.append(v);
  }
  void fixed32(std::uint32_t v) {
    for (int i = 0; i < 4; ++i) out_.push_back(static_cast<char>(v >> (8 * i)));
  }
  void fixed64(std::uint64_t v) {
    for (int i = 0; i < 8; ++i) out_.push_back(static_cast<char>(v >> (8 * i)));
  }
  std::size_t size() const noexcept { return out_.size(); }
  std::string take() { return std::move(out_); }
  const std::string& view() const noexcept { return out_; }

 private:
  std::string out_;
};

// After the first bad read every further read gives zero or empty; ask ok() once at the end.
class BinaryReader {
 public:
  explicit BinaryReader(std::string_view in) : in_(in) {}
  std::uint64_t u64() noexcept {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (in_.empty()) break;
      auto byte = static_cast<unsigned char>(in_.front());
      in_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return bad();
  }
  std::int64_t i64() noexcept {
    auto v = u64();
    return static_cast<std::int64_t>(v >> 1) ^ -static_cast<std::int64_t>(v & 1);
  }
  bool boolean() noexcept {
    if (in_.empty()) return bad() != 0;
    bool v = in_.front() != '\0';
    in_.remove_prefix(1);
    return v;
  }
  std::string_view text() noexcept {
    auto size = u64();
    if (size > in_.size()) {
      bad();
      return {};
    }
    auto v = in_.substr(0, static_cast<std::size_t>(size));
    in_.remove_prefix(v.size());
    return v;
  }
  // How many elements may follow: never more than bytes are left, so that a lying count allocates nothing.
  std::size_t count() noexcept {
    auto n = u64();
    if (n > in_.size()) return static_cast<std::size_t>(bad());
    return static_cast<std::size_t>(n);
  }
  std::uint32_t fixed32() noexcept { return static_cast<std::uint32_t>(fixed(4)); }
  std::uint64_t fixed64() noexcept { return fixed(8); }
  // What has not been read yet.
  std::string_view rest() const noexcept { return in_; }
  bool ok() const noexcept { return ok_; }
  bool at_end() const noexcept { return in_.empty(); }

 private:
  std::uint64_t fixed(unsigned size) noexcept {
    if (in_.size() < size) return bad();
    std::uint64_t v = 0;
    for (unsigned i = 0; i < size; ++i) v |= static_cast<std::uint64_t>(static_cast<unsigned char>(in_[i])) << (8 * i);
    in_.remove_prefix(size);
    return v;
  }
  std::uint64_t bad() noexcept {
    ok_ = false;
    in_ = {};
    return 0;
  }
  std::string_view in_;
  bool ok_ = true;
};

}  // namespace seawall::codec
