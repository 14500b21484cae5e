// A source read in large pieces and taken in small ones. Inside the room only.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/stream.h"

namespace seawall::archive {

class BufferedInput {
 public:
  static constexpr std::size_t max_take = 4096;

  explicit BufferedInput(Source&);
  // The next `count` bytes (up to max_take), valid until the next call; empty at the end.
  // Fails: corrupt where the end comes sooner.
  Result<std::string_view> take(std::size_t count);
  // Up to the whole buffer; 0 at the end.
  Result<std::size_t> read(std::span<char> buffer);
  // Gives what could not be skipped because the input ended.
  Result<std::uint64_t> skip(std::uint64_t count);

 private:
  Result<bool> fill();

  Source& source_;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0, end_ = 0;
};

// One member of an archive as a stream. Fails: corrupt where the input ends within it.
class MemberSource final : public Source {
 public:
  explicit MemberSource(BufferedInput& input) : input_(input) {}
  // The next member: so many bytes, then padding that belongs to nobody.
  void begin(std::uint64_t size, std::uint64_t padding) {
    left_ = size;
    padding_ = padding;
  }
  // Skips what was not read, and the padding.
  Result<> finish();
  Result<std::size_t> read(std::span<char> buffer) override;

 private:
  BufferedInput& input_;
  std::uint64_t left_ = 0, padding_ = 0;
};

}  // namespace seawall::archive
