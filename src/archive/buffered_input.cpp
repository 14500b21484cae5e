#include "archive/buffered_input.h"

#include <algorithm>
#include <cstring>

namespace seawall::archive {
namespace {

// igzip copies 32 KiB of history at each call, so pieces are much larger than that, and still fit the second cache.
constexpr std::size_t buffer_size = 256 << 10;

}  // namespace

BufferedInput::BufferedInput(Source& source) : source_(source), buffer_(new char[buffer_size]) {}

// Adds to what is left; false at the end.
Result<bool> BufferedInput::fill() {
  std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  auto got = SW_TRY(source_.read({buffer_.get() + end_, buffer_size - end_}));
  end_ += got;
  return got > 0;
}

Result<std::string_view> BufferedInput::take(std::size_t count) {
  SW_CHECK(count <= max_take);
  while (end_ - begin_ < count) {
    if (SW_TRY(fill())) continue;
    if (begin_ == end_) return std::string_view{};
    return fail(Code::corrupt, "archive ends within a header");
  }
  std::string_view taken(buffer_.get() + begin_, count);
  begin_ += count;
  return taken;
}

Result<std::size_t> BufferedInput::read(std::span<char> buffer) {
  if (buffer.empty() || (begin_ == end_ && !SW_TRY(fill()))) return 0;
  auto count = std::min(buffer.size(), end_ - begin_);
  std::memcpy(buffer.data(), buffer_.get() + begin_, count);
  begin_ += count;
  return count;
}

Result<std::uint64_t> BufferedInput::skip(std::uint64_t count) {
  while (count > 0) {
    if (begin_ == end_ && !SW_TRY(fill())) break;
    auto step = std::min<std::uint64_t>(count, end_ - begin_);
    begin_ += static_cast<std::size_t>(step);
    count -= step;
  }
  return count;
}

Result<> MemberSource::finish() {
  if (SW_TRY(input_.skip(left_)) > 0) return fail(Code::corrupt, "archive ends within a member");
  // The padding of a last member may be missing.
  SW_TRY(input_.skip(padding_));
  left_ = padding_ = 0;
  return {};
}

Result<std::size_t> MemberSource::read(std::span<char> buffer) {
  auto want = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left_));
  if (want == 0) return 0;
  auto got = SW_TRY(input_.read(buffer.first(want)));
  if (got == 0) return fail(Code::corrupt, "archive ends within a member");
  left_ -= got;
  return got;
}

}  // namespace seawall::archive
