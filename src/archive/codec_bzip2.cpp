#include <bzlib.h>

#include <algorithm>
#include <limits>

#include "archive/codec.h"

namespace seawall::archive {
namespace {

unsigned clamp_to_unsigned(std::size_t size) {
  return static_cast<unsigned>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
}

class Bzip2Codec final : public Codec {
 public:
  Bzip2Codec() = default;
  Bzip2Codec(const Bzip2Codec&) = delete;
  Bzip2Codec& operator=(const Bzip2Codec&) = delete;
  ~Bzip2Codec() override { end_member(); }

  Result<Step> step(Input input, std::span<char> output) override {
    if (!open_) {
      // As bzip2(1): what follows a whole stream and is no further stream is passed over.
      if (members_ > 0 && !input.bytes.starts_with("BZh")) return Step{.finished = true};
      stream_ = {};
      SW_CHECK(BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK);
      open_ = true;
    }
    stream_.next_in = const_cast<char*>(input.bytes.data());
    stream_.avail_in = clamp_to_unsigned(input.bytes.size());
    stream_.next_out = output.data();
    stream_.avail_out = clamp_to_unsigned(output.size());
    auto given = stream_.avail_in, room = stream_.avail_out;
    int status = BZ2_bzDecompress(&stream_);
    if (status != BZ_OK && status != BZ_STREAM_END) return fail(Code::corrupt, "bzip2: bad data");
    Step step{.consumed = given - stream_.avail_in, .produced = room - stream_.avail_out};
    if (status == BZ_STREAM_END) end_member();
    return step;
  }

 private:
  void end_member() {
    if (!open_) return;
    BZ2_bzDecompressEnd(&stream_);
    open_ = false;
    ++members_;
  }

  bz_stream stream_{};
  bool open_ = false;
  std::size_t members_ = 0;
};

}  // namespace

std::unique_ptr<Codec> make_bzip2_codec() { return std::make_unique<Bzip2Codec>(); }

}  // namespace seawall::archive
