#include "archive/tar_input.h"

#include <algorithm>
#include <cstring>

#include "archive/tar_header.h"

namespace seawall::archive {
namespace {

// igzip copies 32 KiB of history at each call, so pieces are much larger than that, and still fit the second cache.
constexpr std::size_t buffer_size = 256 << 10;

}  // namespace

TarInput::TarInput(Source& source) : source_(source), buffer_(new char[buffer_size]) {}

// Adds to what is left; false at the end.
Result<bool> TarInput::fill() {
  std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  auto got = SW_TRY(source_.read({buffer_.get() + end_, buffer_size - end_}));
  end_ += got;
  return got > 0;
}

Result<std::string_view> TarInput::block() {
  while (end_ - begin_ < tar_block) {
    if (SW_TRY(fill())) continue;
    if (begin_ == end_) return std::string_view{};
    return fail(Code::corrupt, "tar: ends within a header");
  }
  std::string_view block(buffer_.get() + begin_, tar_block);
  begin_ += tar_block;
  return block;
}

Result<std::size_t> TarInput::read(std::span<char> buffer) {
  if (buffer.empty() || (begin_ == end_ && !SW_TRY(fill()))) return 0;
  auto count = std::min(buffer.size(), end_ - begin_);
  std::memcpy(buffer.data(), buffer_.get() + begin_, count);
  begin_ += count;
  return count;
}

Result<std::uint64_t> TarInput::skip(std::uint64_t count) {
  while (count > 0) {
    if (begin_ == end_ && !SW_TRY(fill())) break;
    auto step = std::min<std::uint64_t>(count, end_ - begin_);
    begin_ += static_cast<std::size_t>(step);
    count -= step;
  }
  return count;
}

}  // namespace seawall::archive
