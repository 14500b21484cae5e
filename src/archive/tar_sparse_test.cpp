#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "archive/tar.h"
#include "archive/tar_test_bytes.h"

using namespace seawall;
using namespace seawall::archive::test;

namespace {

// "ab" at 1000 and "cd" at 3000 of 5000 bytes.
std::string expected() {
  std::string content(5000, '\0');
  return content.replace(1000, 2, "ab").replace(3000, 2, "cd");
}

std::string old_gnu(std::initializer_list<std::pair<unsigned, unsigned>> parts, unsigned real_size, std::size_t size,
                    bool more = false) {
  auto block = raw({.name = "s", .size = size, .type = 'S', .magic = "ustar  \0"sv});
  char number[16];
  std::size_t at = 386;
  for (auto [offset, length] : parts) {
    for (unsigned value : {offset, length}) {
      std::snprintf(number, sizeof number, "%011o", value);
      block.replace(at, 12, number, 12);
      at += 12;
    }
  }
  block[482] = more ? '\1' : '\0';
  std::snprintf(number, sizeof number, "%011o", real_size);
  block.replace(483, 12, number, 12);
  fix_checksum(block);
  return block;
}

Result<std::string> first_content(const std::string& bytes, std::string_view name = "s") {
  MemorySource source(bytes);
  archive::TarReader reader(source);
  const auto* entry = SW_TRY(reader.next());
  REQUIRE(entry != nullptr);
  CHECK(entry->path == name);
  auto content = SW_TRY(reader.content(1 << 20));
  const auto* next = SW_TRY(reader.next());
  REQUIRE(next != nullptr);
  CHECK(next->path == "last");
  return content;
}

const std::string data = padded("abcd");
const std::string last = raw({.name = "last"}) + end_mark();

}  // namespace

TEST_CASE("holes of sparse files read as zeros, in all of GNU's forms") {
  const std::string map = padded("2\n1000\n2\n3000\n2\n");
  struct Case {
    std::string_view name;
    std::string bytes;
  };
  const std::vector<Case> cases = {
      {"old GNU", old_gnu({{1000, 2}, {3000, 2}, {5000, 0}}, 5000, 4) + data},
      {"pax 0.0", pax({{"GNU.sparse.size", "5000"},
                       {"GNU.sparse.numblocks", "2"},
                       {"GNU.sparse.offset", "1000"},
                       {"GNU.sparse.numbytes", "2"},
                       {"GNU.sparse.offset", "3000"},
                       {"GNU.sparse.numbytes", "2"}}) +
                      raw({.name = "s", .size = 4}) + data},
      {"pax 0.1", pax({{"GNU.sparse.major", "0"},
                       {"GNU.sparse.minor", "1"},
                       {"GNU.sparse.name", "s"},
                       {"GNU.sparse.size", "5000"},
                       {"GNU.sparse.numblocks", "2"},
                       {"GNU.sparse.map", "1000,2,3000,2"}}) +
                      raw({.name = "GNUSparseFile.1/s", .size = 4}) + data},
      {"pax 1.0", pax({{"GNU.sparse.major", "1"},
                       {"GNU.sparse.minor", "0"},
                       {"GNU.sparse.name", "s"},
                       {"GNU.sparse.realsize", "5000"}}) +
                      raw({.name = "GNUSparseFile.1/s", .size = 516}) + map + data},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto content = first_content(c.bytes + last);
    REQUIRE(content);
    CHECK(*content == expected());
  }
}

TEST_CASE("a sparse map may go on in further blocks") {
  std::string more(512, '\0');
  char number[16];
  std::snprintf(number, sizeof number, "%011o", 3000U);
  more.replace(0, 12, number, 12);
  std::snprintf(number, sizeof number, "%011o", 2U);
  more.replace(12, 12, number, 12);
  auto content = first_content(old_gnu({{1000, 2}}, 5000, 4, true) + more + data + last);
  REQUIRE(content);
  CHECK(*content == expected());
}

TEST_CASE("sparse tricks are corrupt") {
  auto pax_map = [](std::string_view size, std::string_view parts, std::string_view map) {
    return pax({{"GNU.sparse.major", "0"},
                {"GNU.sparse.minor", "1"},
                {"GNU.sparse.size", size},
                {"GNU.sparse.numblocks", parts},
                {"GNU.sparse.map", map}}) +
           raw({.name = "s", .size = 4}) + data + last;
  };
  auto map_in_content = [](std::string_view body) {
    return pax({{"GNU.sparse.major", "1"}, {"GNU.sparse.minor", "0"}, {"GNU.sparse.realsize", "5000"}}) +
           raw({.name = "s", .size = body.size()}) + padded(body) + last;
  };
  struct Case {
    std::string_view name;
    std::string bytes;
    Code code;
  };
  const std::vector<Case> cases = {
      {"parts overlap", pax_map("5000", "2", "1000,2,1001,2"), Code::corrupt},
      {"parts go back", pax_map("5000", "2", "3000,2,1000,2"), Code::corrupt},
      {"a part ends behind the file", pax_map("1001", "1", "1000,4"), Code::corrupt},
      {"offset and length overflow", pax_map("5000", "1", "9223372036854775807,9223372036854775807"), Code::corrupt},
      {"a number beyond 63 bits", pax_map("5000", "1", "18446744073709551615,1"), Code::corrupt},
      {"the count lies", pax_map("5000", "3", "1000,2,3000,2"), Code::corrupt},
      {"half a part", pax_map("5000", "1", "1000"), Code::corrupt},
      {"the data is missing", pax_map("5000", "1", "1000,900"), Code::corrupt},
      {"a map of 2^62 parts", map_in_content(std::to_string(1ULL << 62U) + "\n" + std::string(600, '1')),
       Code::exhausted},
      {"a map without end", map_in_content("3\n1\n2\n" + std::string(506, '0')), Code::corrupt},
      {"a map that is no number", map_in_content(padded("1\nx\n2\n")), Code::corrupt},
      {"a map in less than a block", map_in_content("1\n1\n2\n"), Code::corrupt},
      {"an endless old map that ends", old_gnu({{1, 1}}, 5000, 4, true), Code::corrupt},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto content = first_content(c.bytes);
    REQUIRE(!content);
    CHECK(content.error().code == c.code);
  }
}

TEST_CASE("a sparse file of 8 EiB costs what is asked for") {
  auto bytes = pax({{"GNU.sparse.major", "0"},
                    {"GNU.sparse.minor", "1"},
                    {"GNU.sparse.size", "9223372036854775807"},
                    {"GNU.sparse.numblocks", "0"}}) +
               raw({.name = "s"}) + last;
  MemorySource source(bytes);
  archive::TarReader reader(source);
  REQUIRE(reader.next().value() != nullptr);
  CHECK(reader.content(1 << 20).error().code == Code::exhausted);
  std::vector<char> some(100'000, 'x');
  CHECK(reader.read(some).value() == some.size());
  CHECK(some == std::vector<char>(100'000, '\0'));
  CHECK(reader.next().value()->path == "last");
}
