#include "archive/zlib.h"

#include <libdeflate.h>

#include <algorithm>
#include <memory>

namespace seawall::archive {

Result<std::string> inflate_zlib(std::string_view bytes, std::size_t limit) {
  std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> inflater(
      libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  if (!inflater) return fail(Code::exhausted, "zlib: out of memory");
  std::string out;
  // The stream does not say how long it gets: try with more room until it fits.
  for (std::size_t room = std::clamp<std::size_t>(bytes.size() * 4, 1024, std::max<std::size_t>(limit, 1024));;
       room = std::min(room * 2, limit)) {
    out.resize(room);
    std::size_t written = 0;
    auto state =
        libdeflate_zlib_decompress(inflater.get(), bytes.data(), bytes.size(), out.data(), out.size(), &written);
    if (state == LIBDEFLATE_SUCCESS) {
      if (written > limit) return fail(Code::exhausted, "zlib: too long");
      out.resize(written);
      return out;
    }
    if (state != LIBDEFLATE_INSUFFICIENT_SPACE) return fail(Code::corrupt, "zlib: bad data");
    if (room >= limit) return fail(Code::exhausted, "zlib: too long");
  }
}

}  // namespace seawall::archive
