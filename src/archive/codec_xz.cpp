#include <lzma.h>

#include "archive/codec.h"

namespace seawall::archive {
namespace {

class XzCodec final : public Codec {
 public:
  XzCodec() { SW_CHECK(lzma_stream_decoder(&stream_, xz_memory_max, LZMA_CONCATENATED) == LZMA_OK); }
  XzCodec(const XzCodec&) = delete;
  XzCodec& operator=(const XzCodec&) = delete;
  ~XzCodec() override { lzma_end(&stream_); }

  Result<Step> step(Input input, std::span<char> output) override {
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(input.bytes.data());
    stream_.avail_in = input.bytes.size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(output.data());
    stream_.avail_out = output.size();
    lzma_ret status = lzma_code(&stream_, input.last ? LZMA_FINISH : LZMA_RUN);
    Step step{.consumed = input.bytes.size() - stream_.avail_in,
              .produced = output.size() - stream_.avail_out,
              .finished = status == LZMA_STREAM_END};
    // No progress is for the caller to judge: it knows whether more input can come.
    if (status == LZMA_OK || status == LZMA_STREAM_END || status == LZMA_BUF_ERROR) return step;
    return std::unexpected(describe(status));
  }

 private:
  static Error describe(lzma_ret status) {
    switch (status) {
      case LZMA_MEM_ERROR:
      case LZMA_MEMLIMIT_ERROR:
        return {Code::exhausted, "xz: dictionary needs more than 128 MiB"};
      case LZMA_OPTIONS_ERROR:
        return {Code::unsupported, "xz: unknown filter or option"};
      case LZMA_FORMAT_ERROR:
        return {Code::corrupt, "xz: bad header"};
      default:
        return {Code::corrupt, "xz: bad data"};
    }
  }

  lzma_stream stream_ = LZMA_STREAM_INIT;
};

}  // namespace

std::unique_ptr<Codec> make_xz_codec() { return std::make_unique<XzCodec>(); }

}  // namespace seawall::archive
