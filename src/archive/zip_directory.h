// The central directory of a zip archive: where it is, and what it lists. Inside the room only.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "archive/zip.h"

namespace seawall::archive {

inline std::uint64_t little(std::string_view bytes, std::size_t at, std::size_t width) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = width; i-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}
inline std::uint16_t little_u16(std::string_view bytes, std::size_t at) noexcept {
  return static_cast<std::uint16_t>(little(bytes, at, 2));
}

// Offsets of the entries count from the first of `bytes`, whatever lies before the archive.
Result<std::vector<ZipEntry>> read_zip_directory(std::string_view bytes, std::size_t max_entries);

}  // namespace seawall::archive
