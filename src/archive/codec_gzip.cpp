#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "archive/codec.h"

namespace seawall::archive {
namespace {

constexpr std::string_view magic = "\x1f\x8b";

template <class Size>
std::uint32_t clamp32(Size size) {
  return static_cast<std::uint32_t>(std::min<std::size_t>(size, std::numeric_limits<std::int32_t>::max()));
}

class GzipCodec final : public Codec {
 public:
  Result<Step> step(Input input, std::span<char> output) override {
    if (between_members_) {
      // As gzip(1): padding and garbage behind a whole member are not an error. An empty stream is.
      if (members_ > 0 && !input.bytes.starts_with(magic)) return Step{.finished = true};
      begin_member();
    }
    state_.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(input.bytes.data()));
    state_.avail_in = clamp32(input.bytes.size());
    state_.next_out = reinterpret_cast<std::uint8_t*>(output.data());
    state_.avail_out = clamp32(output.size());
    auto given = state_.avail_in, room = state_.avail_out;
    int status = inflate();
    if (status < 0 || status == ISAL_NEED_DICT) return fail(Code::corrupt, describe(status));
    if (state_.block_state == ISAL_BLOCK_FINISH) {
      between_members_ = true;
      ++members_;
    }
    return Step{.consumed = given - state_.avail_in, .produced = room - state_.avail_out};
  }

 private:
  void begin_member() {
    isal_inflate_init(&state_);
    isal_gzip_header_init(&header_);
    state_.crc_flag = ISAL_GZIP_NO_HDR_VER;
    between_members_ = false;
    in_header_ = true;
  }

  // The header is read here, not by isal_inflate, which forgets its flags where the input ends within it.
  int inflate() {
    if (in_header_) {
      int status = isal_read_gzip_header(&state_, &header_);
      if (status != ISAL_DECOMP_OK) return status;
      in_header_ = false;
    }
    return isal_inflate(&state_);
  }

  static std::string describe(int status) {
    switch (status) {
      case ISAL_INCORRECT_CHECKSUM:
        return "gzip: checksum does not match";
      case ISAL_INVALID_WRAPPER:
        return "gzip: bad header";
      case ISAL_UNSUPPORTED_METHOD:
        return "gzip: unknown method";
      default:
        return "gzip: bad deflate data";
    }
  }

  inflate_state state_{};
  isal_gzip_header header_{};
  bool between_members_ = true, in_header_ = false;
  std::uint64_t members_ = 0;
};

}  // namespace

std::unique_ptr<Codec> make_gzip_codec() { return std::make_unique<GzipCodec>(); }

}  // namespace seawall::archive
