#include "archive/tar_header.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace seawall::archive {
namespace {

struct Field {
  std::size_t offset, length;
  std::string_view of(std::string_view block) const noexcept { return block.substr(offset, length); }
};
constexpr Field name_field{0, 100}, mode_field{100, 8}, size_field{124, 12}, modified_field{136, 12},
    checksum_field{148, 8}, link_field{157, 100}, magic_field{257, 6}, version_field{263, 2}, prefix_field{345, 155},
    star_prefix_field{345, 131}, star_trailer_field{508, 4}, gnu_accessed_field{345, 12}, gnu_changed_field{357, 12};
constexpr std::size_t type_offset = 156;

using namespace std::string_view_literals;

TarFormat format_of(std::string_view block) noexcept {
  auto magic = magic_field.of(block);
  if (magic == "ustar\0"sv) return star_trailer_field.of(block) == "tar\0"sv ? TarFormat::star : TarFormat::ustar;
  if (magic == "ustar " && version_field.of(block) == " \0"sv) return TarFormat::gnu;
  return TarFormat::v7;
}

enum class Characters : bool { are_unsigned, are_signed };

std::int64_t sum_of(std::string_view bytes, Characters characters) noexcept {
  std::int32_t sum = 0;  // 512 bytes cannot overflow it; short loops over plain bytes become vector code
  if (characters == Characters::are_signed) {
    for (char c : bytes) sum += static_cast<signed char>(c);
  } else {
    for (char c : bytes) sum += static_cast<unsigned char>(c);
  }
  return sum;
}

// The field counts as blanks. Historic writers summed signed characters; runtimes accept both sums.
bool checksum_matches(std::string_view block) noexcept {
  auto written = tar_number(checksum_field.of(block));
  auto matches = [&](Characters characters) {
    constexpr std::int64_t blanks = checksum_field.length * ' ';
    return written == sum_of(block, characters) - sum_of(checksum_field.of(block), characters) + blanks;
  };
  return written && (matches(Characters::are_unsigned) || matches(Characters::are_signed));
}

bool is_time_or_unset(std::string_view field) noexcept { return field[0] == '\0' || tar_number(field).has_value(); }

// GNU keeps times where ustar keeps the prefix; a prefix found there all the same (old Go writers) is one, because
// container runtimes read it so.
std::string_view prefix_of(std::string_view block, TarFormat format) noexcept {
  switch (format) {
    case TarFormat::ustar:
      return tar_text(prefix_field.of(block));
    case TarFormat::star:
      return tar_text(star_prefix_field.of(block));
    case TarFormat::v7:
      return {};
    case TarFormat::gnu:
      break;
  }
  if (is_time_or_unset(gnu_accessed_field.of(block)) && is_time_or_unset(gnu_changed_field.of(block))) return {};
  auto prefix = tar_text(prefix_field.of(block));
  bool ascii = std::ranges::all_of(prefix, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return ascii ? prefix : std::string_view{};
}

std::optional<std::int64_t> base256(std::string_view field) noexcept {
  bool negative = (static_cast<unsigned char>(field[0]) & 0x40U) != 0;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < field.size(); ++i) {
    auto byte = static_cast<unsigned char>(field[i]);
    if (negative) byte = static_cast<unsigned char>(~byte);
    if (i == 0) byte &= 0x7fU;
    if (value >> 56U != 0) return std::nullopt;
    value = value << 8U | byte;
  }
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
  auto number = static_cast<std::int64_t>(value);
  return negative ? ~number : number;
}

std::optional<std::int64_t> octal(std::string_view field) noexcept {
  constexpr auto blank = " \0"sv;
  auto first = field.find_first_not_of(blank);
  if (first == std::string_view::npos) return 0;
  field = field.substr(first, field.find_last_not_of(blank) - first + 1);
  field = tar_text(field);
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value, 8);
  if (error != std::errc{} || end != field.data() + field.size() || value < 0) return std::nullopt;
  return value;
}

}  // namespace

bool has_no_content(char type) noexcept {
  using namespace tar_type;
  return type == hardlink || type == symlink || type == character || type == block_device || type == directory ||
         type == fifo;
}

bool is_zero_block(std::string_view block) noexcept {
  static constexpr std::array<char, tar_block> zeros{};
  return block == std::string_view(zeros.data(), zeros.size());
}

std::string_view tar_text(std::string_view field) noexcept { return field.substr(0, field.find('\0')); }

std::optional<std::int64_t> tar_number(std::string_view field) noexcept {
  if (field.empty()) return std::nullopt;
  return (static_cast<unsigned char>(field[0]) & 0x80U) != 0 ? base256(field) : octal(field);
}

Result<TarHeader> parse_tar_header(std::string_view block) {
  SW_CHECK(block.size() == tar_block);
  if (!checksum_matches(block)) return fail(Code::corrupt, "tar: header checksum does not match");
  TarHeader header;
  header.format = format_of(block);
  header.type = block[type_offset];
  auto size = tar_number(size_field.of(block));
  if (!size) return fail(Code::corrupt, "tar: bad size");
  header.size = *size;
  if (auto prefix = prefix_of(block, header.format); !prefix.empty()) header.name.append(prefix).append("/");
  header.name += tar_text(name_field.of(block));
  header.link = tar_text(link_field.of(block));
  // Odd modes and times are no reason to lose a file.
  header.mode = static_cast<std::uint32_t>(tar_number(mode_field.of(block)).value_or(0)) & 07777U;
  header.modified = tar_number(modified_field.of(block)).value_or(0);
  return header;
}

}  // namespace seawall::archive
