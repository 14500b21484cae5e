// One 512-byte tar header: v7, ustar, star and GNU. Inside the room only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace seawall::archive {

constexpr std::size_t tar_block = 512;

enum class TarFormat : unsigned char { v7, ustar, star, gnu };

// The type flag as written (POSIX.1-2017 pax, GNU tar manual "Basic Tar Format").
namespace tar_type {
constexpr char old_file = '\0', file = '0', hardlink = '1', symlink = '2', character = '3', block_device = '4',
               directory = '5', fifo = '6', contiguous = '7', pax = 'x', pax_global = 'g', gnu_long_name = 'L',
               gnu_long_link = 'K', gnu_sparse = 'S';
}

struct TarHeader {
  TarFormat format = TarFormat::v7;
  char type = tar_type::file;
  std::string name, link;
  std::int64_t size = 0;  // negative is only wrong where there is content
  std::uint32_t mode = 0;
  std::int64_t modified = 0;
};

// Links, devices and directories have no content, whatever their size field says.
bool has_no_content(char type) noexcept;

bool is_zero_block(std::string_view block) noexcept;
// Fails: corrupt (checksum, numbers).
Result<TarHeader> parse_tar_header(std::string_view block);
// Octal text or GNU's base-256; nothing for anything else, and for what does not fit.
std::optional<std::int64_t> tar_number(std::string_view field) noexcept;
// Up to the first zero byte.
std::string_view tar_text(std::string_view field) noexcept;

}  // namespace seawall::archive
