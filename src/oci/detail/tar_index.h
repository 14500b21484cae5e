// Where the members of a tar lie, found by one pass over its headers; content is then read by offset.
//
// Ustar, GNU long names, pax paths, sizes and links; a member that comes twice counts as its last. Symbolic and hard
// links lead to other members only.
// Threads: safe once opened. Owns: shares its file.
// Limits: 1 M members, 1 MiB of name or pax header, 8 links in a row. Fails: corrupt, exhausted, not_found.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "oci/detail/seekable_file.h"

namespace seawall::oci::detail {

class TarIndex {
 public:
  struct Member {
    std::uint64_t offset = 0, size = 0;
    std::string link;  // normalised path of the member it leads to; empty for content
  };
  static Result<TarIndex> open(std::shared_ptr<const SeekableFile>);
  bool contains(std::string_view path) const;
  // After links. not_found where there is none.
  Result<Member> find(std::string_view path) const;
  Result<std::unique_ptr<Source>> open_member(std::string_view path) const;
  Result<std::string> read(std::string_view path, std::size_t limit) const;

 private:
  std::shared_ptr<const SeekableFile> file_;
  std::map<std::string, Member, std::less<>> members_;
};

}  // namespace seawall::oci::detail
