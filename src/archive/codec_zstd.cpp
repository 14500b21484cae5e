#include <zstd.h>
#include <zstd_errors.h>

#include "archive/codec.h"

namespace seawall::archive {
namespace {

class ZstdCodec final : public Codec {
 public:
  ZstdCodec() {
    SW_CHECK(context_ != nullptr);
    SW_CHECK(!ZSTD_isError(ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, zstd_window_log_max)));
  }

  Result<Step> step(Input input, std::span<char> output) override {
    // The library begins the next frame, or steps over a skippable one, by itself.
    if (whole_frames_ && input.bytes.empty() && input.last) return Step{.finished = true};
    ZSTD_inBuffer in{input.bytes.data(), input.bytes.size(), 0};
    ZSTD_outBuffer out{output.data(), output.size(), 0};
    std::size_t status = ZSTD_decompressStream(context_.get(), &out, &in);
    if (ZSTD_isError(status)) return std::unexpected(describe(status));
    whole_frames_ = status == 0;
    return Step{.consumed = in.pos, .produced = out.pos};
  }

 private:
  static Error describe(std::size_t status) {
    auto code = ZSTD_getErrorCode(status);
    if (code == ZSTD_error_frameParameter_windowTooLarge || code == ZSTD_error_memory_allocation)
      return {Code::exhausted, "zstd: window needs more than 128 MiB"};
    if (code == ZSTD_error_dictionary_wrong) return {Code::unsupported, "zstd: needs a dictionary"};
    return {Code::corrupt, std::string("zstd: ") + ZSTD_getErrorName(status)};
  }

  struct Free {
    void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<ZSTD_DCtx, Free> context_{ZSTD_createDCtx()};
  bool whole_frames_ = false;
};

}  // namespace

std::unique_ptr<Codec> make_zstd_codec() { return std::make_unique<ZstdCodec>(); }

}  // namespace seawall::archive
