// What each compression format brings to decompress(): one step from an input window to an output buffer.
// Inside the room only.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"

namespace seawall::archive {

// Windows beyond this need more memory than a scan may use; zstd's --ultra --long=27 and xz -9e still fit.
constexpr int zstd_window_log_max = 27;
constexpr std::size_t xz_memory_max = std::size_t{128} << 20;

class Codec {
 public:
  // `input` holds at least `lookahead` bytes unless it is the last of the stream.
  static constexpr std::size_t lookahead = 8;
  struct Input {
    std::string_view bytes;
    bool last = false;
  };
  struct Step {
    std::size_t consumed = 0, produced = 0;
    bool finished = false;  // what is left of the input belongs to nobody
  };

  virtual ~Codec() = default;
  virtual Result<Step> step(Input, std::span<char> output) = 0;
};

std::unique_ptr<Codec> make_gzip_codec();
std::unique_ptr<Codec> make_zstd_codec();
std::unique_ptr<Codec> make_xz_codec();
std::unique_ptr<Codec> make_bzip2_codec();

}  // namespace seawall::archive
