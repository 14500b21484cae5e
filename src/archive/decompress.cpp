#include "archive/decompress.h"

#include <libdeflate.h>
#include <zstd.h>

#include <array>
#include <cstring>
#include <optional>

#include "archive/codec.h"

namespace seawall::archive {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t input_buffer_size = 256 << 10;

struct Magic {
  std::string_view bytes;
  Compression compression;
};
constexpr std::array magics = {
    Magic{"\x1f\x8b", Compression::gzip},
    Magic{"\x28\xb5\x2f\xfd", Compression::zstd},
    Magic{"\xfd\x37zXZ\0"sv, Compression::xz},
    Magic{"BZh", Compression::bzip2},
};

// RFC 8878 3.1.2: sixteen magic numbers; zstd:chunked and pzstd begin with such a frame.
bool is_skippable_zstd_frame(std::string_view head) noexcept {
  return head.size() >= 4 && (static_cast<unsigned char>(head[0]) & 0xf0U) == 0x50 &&
         head.substr(1, 3) == "\x2a\x4d\x18";
}

std::unique_ptr<Codec> make_codec(Compression compression) {
  switch (compression) {
    case Compression::gzip:
      return make_gzip_codec();
    case Compression::zstd:
      return make_zstd_codec();
    case Compression::xz:
      return make_xz_codec();
    case Compression::bzip2:
      return make_bzip2_codec();
    case Compression::none:
      break;
  }
  return nullptr;
}

class Budget {
 public:
  explicit Budget(const DecompressLimits& limits) : limits_(limits) {}
  Result<> spend(std::uint64_t consumed, std::uint64_t produced) {
    in_ += consumed;
    out_ += produced;
    if (out_ > limits_.output)
      return fail(Code::exhausted, "unpacks to more than " + std::to_string(limits_.output) + " bytes");
    if (out_ > limits_.ratio_from && out_ / limits_.ratio > in_)
      return fail(Code::exhausted, "unpacks to more than " + std::to_string(limits_.ratio) + " times its size");
    return {};
  }

 private:
  DecompressLimits limits_;
  std::uint64_t in_ = 0, out_ = 0;
};

class PlainSource final : public Source {
 public:
  PlainSource(Source& inner, const DecompressLimits& limits) : inner_(inner), budget_(limits) {}
  Result<std::size_t> read(std::span<char> buffer) override {
    auto got = SW_TRY(inner_.read(buffer));
    SW_TRY(budget_.spend(got, got));
    return got;
  }

 private:
  Source& inner_;
  Budget budget_;
};

class DecompressSource final : public Source {
 public:
  DecompressSource(Source& inner, std::unique_ptr<Codec> codec, const DecompressLimits& limits)
      : inner_(inner), codec_(std::move(codec)), budget_(limits), buffer_(new char[input_buffer_size]) {}

  Result<std::size_t> read(std::span<char> buffer) override {
    if (failed_) return std::unexpected(*failed_);
    auto got = read_once(buffer);
    if (!got) failed_ = got.error();
    return got;
  }

 private:
  Result<std::size_t> read_once(std::span<char> buffer) {
    while (!buffer.empty()) {
      if (finished_) return drain();
      if (end_ - begin_ < Codec::lookahead && !last_) SW_TRY(refill());
      auto step = SW_TRY(codec_->step({.bytes = {buffer_.get() + begin_, end_ - begin_}, .last = last_}, buffer));
      begin_ += step.consumed;
      finished_ = step.finished;
      SW_TRY(budget_.spend(step.consumed, step.produced));
      if (step.produced > 0) return step.produced;
      if (step.consumed == 0 && !finished_) SW_TRY(more_must_come());
    }
    return 0;
  }

  // A codec that stands still wants more input: to have none, or to have it in vain, is the end of a broken stream.
  Result<> more_must_come() {
    if (last_ && (begin_ == end_ || stalled_)) return fail(Code::corrupt, "compressed data ends too early");
    if (end_ - begin_ == input_buffer_size) return fail(Code::corrupt, "compressed data makes no progress");
    stalled_ = last_;
    if (last_) return {};
    return refill();
  }

  Result<> refill() {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    do {
      auto got = SW_TRY(inner_.read({buffer_.get() + end_, input_buffer_size - end_}));
      end_ += got;
      last_ = got == 0;
    } while (!last_ && end_ < Codec::lookahead);
    return {};
  }

  // Whoever hashes the input sees all of it.
  Result<std::size_t> drain() {
    while (!last_) {
      begin_ = end_ = 0;
      SW_TRY(refill());
    }
    return 0;
  }

  Source& inner_;
  std::unique_ptr<Codec> codec_;
  Budget budget_;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  bool last_ = false, finished_ = false, stalled_ = false;
  std::optional<Error> failed_;
};

}  // namespace

Compression detect_compression(std::string_view head) noexcept {
  for (const auto& magic : magics)
    if (head.starts_with(magic.bytes)) return magic.compression;
  return is_skippable_zstd_frame(head) ? Compression::zstd : Compression::none;
}

std::unique_ptr<Source> decompress(Source& inner, Compression compression, const DecompressLimits& limits) {
  auto codec = make_codec(compression);
  if (codec == nullptr) return std::make_unique<PlainSource>(inner, limits);
  return std::make_unique<DecompressSource>(inner, std::move(codec), limits);
}

Result<std::string> decompress_all(std::string_view bytes, Compression compression, std::size_t limit) {
  MemorySource inner(bytes);
  auto source = decompress(inner, compression, {.output = std::uint64_t{limit} + 1});
  return read_all(*source, limit);
}

Result<std::string> gzip(std::string_view bytes, int level) {
  struct Free {
    void operator()(libdeflate_compressor* compressor) const noexcept { libdeflate_free_compressor(compressor); }
  };
  std::unique_ptr<libdeflate_compressor, Free> compressor(libdeflate_alloc_compressor(level));
  if (compressor == nullptr) return fail(Code::invalid, "gzip has no level " + std::to_string(level));
  std::string packed(libdeflate_gzip_compress_bound(compressor.get(), bytes.size()), '\0');
  packed.resize(libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), packed.data(), packed.size()));
  SW_CHECK(!packed.empty());
  return packed;
}

Result<std::string> zstd(std::string_view bytes, int level) {
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  auto size = ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), level);
  if (ZSTD_isError(size)) return fail(Code::invalid, std::string("zstd: ") + ZSTD_getErrorName(size));
  packed.resize(size);
  return packed;
}

}  // namespace seawall::archive
