#include "oci/detail/tar_index.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "archive/decompress.h"
#include "archive/tar.h"
#include "base/files.h"

using namespace seawall;
using namespace seawall::oci::detail;

namespace {

Result<TarIndex> index_of(const std::string& bytes) {
  std::string path = "/tmp/seawall-tar-index-XXXXXX";
  int fd = ::mkstemp(path.data());
  REQUIRE(fd >= 0);
  REQUIRE(write_file(path, bytes));
  auto file = SeekableFile::open(path);
  CHECK(remove_file(path));
  if (!file) return std::unexpected(std::move(file.error()));
  return TarIndex::open(std::move(*file));
}

std::string read(const TarIndex& index, std::string_view path) {
  auto content = index.read(path, 10'000);
  return content ? *content : "error " + std::string(text(content.error().code));
}

// A ustar header by hand, for what no writer would write.
std::string header(std::string name, char type, std::string size, std::string link = {}) {
  std::string raw(512, '\0');
  name.copy(raw.data(), 100);
  size.copy(raw.data() + 124, 12);
  raw[156] = type;
  link.copy(raw.data() + 157, 100);
  std::string("ustar\00000", 8).copy(raw.data() + 257, 8);
  for (int i = 148; i < 156; ++i) raw[static_cast<std::size_t>(i)] = ' ';
  unsigned sum = 0;
  for (char c : raw) sum += static_cast<unsigned char>(c);
  char digits[9];
  std::snprintf(digits, sizeof digits, "%06o", sum);
  std::string(digits).append(1, '\0').copy(raw.data() + 148, 7);
  return raw;
}

std::string block(std::string text) {
  text.resize((text.size() + 511) / 512 * 512, '\0');
  return text;
}

}  // namespace

TEST_CASE("members are found by path, and links lead to members") {
  archive::TarWriter writer;
  writer.directory("d").file("d/a", "one").symlink("d/b", "a").symlink("c", "d/b").hardlink("h", "d/a");
  writer.symlink("abs", "/d/a").symlink("out", "../../d/a").symlink("dangling", "x").symlink("loop", "loop");
  auto longer = std::string(150, 'n') + "/" + std::string(150, 'm');
  writer.file(longer, "long");
  for (auto bytes : {writer.finish()}) {
    for (auto& packed : {bytes, archive::gzip(bytes).value(), archive::zstd(bytes).value()}) {
      auto index = index_of(packed);
      REQUIRE_MESSAGE(index, index.error().what);
      for (auto path : {"d/a", "./d/a", "/d/a", "d/b", "c", "h", "abs", "out"}) {
        CAPTURE(path);
        CHECK(read(*index, path) == "one");
      }
      CHECK(read(*index, longer) == "long");
      CHECK(read(*index, "dangling") == "error not_found");
      CHECK(read(*index, "loop") == "error corrupt");
      CHECK(read(*index, "none") == "error not_found");
    }
  }
}

TEST_CASE("the last of two members of one name counts") {
  auto index = index_of(header("a", '0', "3") + block("old") + header("a", '0', "3") + block("new"));
  REQUIRE(index);
  CHECK(read(*index, "a") == "new");
}

TEST_CASE("pax and GNU headers name the next member") {
  auto pax = std::string("18 path=long/name\n") + "10 size=3\n";
  auto index = index_of(header("PaxHeaders/x", 'x', "34") + block(pax) + header("short", '0', "0") + block("abc") +
                        header("././@LongLink", 'L', "13") + block(std::string("gnu/longer\0", 11)) +
                        header("gnu", '0', "1") + block("g"));
  REQUIRE_MESSAGE(index, index.error().what);
  CHECK(read(*index, "long/name") == "abc");
  CHECK(read(*index, "gnu/longer") == "g");
  CHECK_FALSE(index->contains("short"));
}

TEST_CASE("damaged and hostile archives are told by what is wrong") {
  auto whole = header("a", '0', "3") + block("abc");
  auto flipped = whole;
  flipped[0] = 'b';
  struct Case {
    std::string_view name;
    std::string bytes;
    Code code;
  };
  const Case cases[] = {
      {"text", std::string(2000, 'x'), Code::corrupt},
      {"a header cut off", whole.substr(0, 300), Code::corrupt},
      {"content cut off", header("a", '0', "7777"), Code::corrupt},
      {"a size beyond all files", header("a", '0', "77777777777"), Code::corrupt},
      {"a size that overflows", header("a", '0', "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), Code::corrupt},
      {"a size of letters", header("a", '0', "abc"), Code::corrupt},
      {"a changed header", flipped, Code::corrupt},
      {"a sparse file", header("a", 'S', "3") + block("abc"), Code::unsupported},
      {"a pax header of 1 GiB", header("x", 'x', "10000000000"), Code::exhausted},
      {"a pax record longer than its header", header("x", 'x', "9") + block("99 path=a"), Code::corrupt},
      {"a pax record without length", header("x", 'x', "6") + block("path=a"), Code::corrupt},
  };
  for (auto& c : cases) {
    CAPTURE(c.name);
    auto index = index_of(c.bytes);
    REQUIRE_FALSE(index);
    CHECK_MESSAGE(index.error().code == c.code, index.error().what);
  }
  CHECK(index_of("").has_value());
}
