#include "archive/tar_sparse.h"

#include <array>

#include "archive/tar_header.h"
#include "base/text.h"

namespace seawall::archive {
namespace {

// GNU tar manual, "Basic Tar Format": offsets in the header and in each block that continues the map.
constexpr std::size_t map_in_header = 386, parts_in_header = 4, more_in_header = 482, real_size_in_header = 483;
constexpr std::size_t parts_in_block = 21, more_in_block = 504, number_length = 12;
constexpr std::size_t max_number_line = 20;

std::unexpected<Error> bad_map() { return fail(Code::corrupt, "tar: bad sparse map"); }

Result<> take_old_parts(SparseMap& map, std::string_view table, std::size_t parts) {
  for (std::size_t i = 0; i < parts; ++i) {
    auto entry = table.substr(i * 2 * number_length, 2 * number_length);
    if (entry[0] == '\0') return {};
    auto offset = tar_number(entry.substr(0, number_length)), length = tar_number(entry.substr(number_length));
    if (!offset || !length || *offset < 0 || *length < 0) return bad_map();
    if (map.size() >= max_sparse_parts) return fail(Code::exhausted, "tar: too many sparse parts");
    map.push_back({static_cast<std::uint64_t>(*offset), static_cast<std::uint64_t>(*length)});
  }
  return {};
}

// Reads "<number>\n" over block borders.
class NumberLines {
 public:
  NumberLines(BufferedInput& input, std::uint64_t& size) : input_(input), left_(size) {}

  Result<std::uint64_t> next() {
    while (true) {
      auto end = text_.find('\n', begin_);
      if (end != std::string::npos) return take(end);
      if (text_.size() - begin_ > max_number_line) return bad_map();
      SW_TRY(fetch());
    }
  }

 private:
  Result<std::uint64_t> take(std::size_t end) {
    auto value = to_u64(std::string_view(text_).substr(begin_, end - begin_));
    begin_ = end + 1;
    if (!value || *value > INT64_MAX) return bad_map();
    return *value;
  }

  Result<> fetch() {
    if (left_ < tar_block) return bad_map();
    left_ -= tar_block;
    auto block = SW_TRY(input_.take(tar_block));
    if (block.empty()) return bad_map();
    text_.erase(0, begin_).append(block);
    begin_ = 0;
    return {};
  }

  BufferedInput& input_;
  std::uint64_t& left_;
  std::string text_;
  std::size_t begin_ = 0;
};

}  // namespace

SparseForm sparse_form(const PaxSparse& sparse) noexcept {
  if (sparse.major == "1" && sparse.minor == "0") return SparseForm::in_content;
  if (sparse.major == "0" && (sparse.minor == "0" || sparse.minor == "1")) return SparseForm::in_records;
  if (!sparse.major.empty() || !sparse.minor.empty()) return SparseForm::none;
  return sparse.numbers.empty() ? SparseForm::none : SparseForm::in_records;
}

Result<SparseMap> sparse_map_of_records(const PaxSparse& sparse) {
  if (!sparse.parts || *sparse.parts > max_sparse_parts || sparse.numbers.size() != 2 * *sparse.parts) return bad_map();
  SparseMap map;
  map.reserve(sparse.numbers.size() / 2);
  for (std::size_t i = 0; i < sparse.numbers.size(); i += 2) map.push_back({sparse.numbers[i], sparse.numbers[i + 1]});
  return map;
}

Result<SparseMap> read_sparse_map_in_content(BufferedInput& input, std::uint64_t& size) {
  NumberLines lines(input, size);
  auto parts = SW_TRY(lines.next());
  if (parts > max_sparse_parts) return fail(Code::exhausted, "tar: too many sparse parts");
  SparseMap map;
  for (std::uint64_t i = 0; i < parts; ++i) {
    auto offset = SW_TRY(lines.next());
    map.push_back({offset, SW_TRY(lines.next())});
  }
  return map;
}

Result<OldGnuSparse> read_old_gnu_sparse(std::string_view header_block, BufferedInput& input) {
  OldGnuSparse sparse;
  auto real_size = tar_number(header_block.substr(real_size_in_header, number_length));
  if (!real_size || *real_size < 0) return bad_map();
  sparse.real_size = static_cast<std::uint64_t>(*real_size);
  SW_TRY(take_old_parts(sparse.map, header_block.substr(map_in_header), parts_in_header));
  bool more = header_block[more_in_header] != '\0';
  while (more) {
    auto block = SW_TRY(input.take(tar_block));
    if (block.empty()) return bad_map();
    SW_TRY(take_old_parts(sparse.map, block, parts_in_block));
    more = block[more_in_block] != '\0';
  }
  return sparse;
}

bool is_valid(const SparseMap& map, std::uint64_t real_size) noexcept {
  std::uint64_t previous_end = 0;
  for (const auto& part : map) {
    if (part.offset < previous_end || part.offset > real_size || part.length > real_size - part.offset) return false;
    previous_end = part.end();
  }
  return true;
}

}  // namespace seawall::archive
