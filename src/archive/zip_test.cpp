#include "archive/zip.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "archive/zip_test_bytes.h"
#include "base/files.h"

using namespace seawall;
using archive::ZipReader;
using archive::test::little_endian;
using archive::test::ZipBytes;

namespace {

constexpr std::size_t no_limit = 1 << 30;

ZipBytes two_members() {
  static const std::string big(100'000, 'x');
  ZipBytes zip;
  zip.add({.name = "META-INF/MANIFEST.MF", .content = "Manifest-Version: 1.0\n", .method = 0})
      .add({.name = "b", .content = big});
  return zip;
}

void check_two_members(const std::string& bytes) {
  auto zip = ZipReader::open(bytes);
  REQUIRE(zip);
  REQUIRE(zip->entries().size() == 2);
  CHECK(zip->entries()[0].path == "META-INF/MANIFEST.MF");
  CHECK(zip->read(zip->entries()[0], no_limit).value() == "Manifest-Version: 1.0\n");
  CHECK(zip->read(zip->entries()[1], no_limit).value() == std::string(100'000, 'x'));
}

// The code with which opening the archive or reading its first member fails.
Code failure(const std::string& bytes, std::size_t limit = no_limit) {
  auto zip = ZipReader::open(bytes);
  if (!zip) return zip.error().code;
  REQUIRE(!zip->entries().empty());
  auto content = zip->read(zip->entries().front(), limit);
  REQUIRE(!content);
  return content.error().code;
}

}  // namespace

TEST_CASE("members are found wherever the archive lies in its file") {
  struct Case {
    std::string_view name;
    std::string bytes;
  };
  auto zip = two_members();
  const std::vector<Case> cases = {
      {"plain", zip.finish()},
      {"with a comment", zip.finish("a comment")},
      {"with a comment that looks like an end", zip.finish("PK\x05\x06 twenty bytes and more of it")},
      {"behind a shell script", "#!/bin/sh\nexec java -jar $0\n" + zip.finish()},
      {"with something behind it", zip.finish() + std::string(100, '\0')},
      {"as zip64", zip.finish_zip64()},
      {"as zip64 behind a prefix", "prefix" + zip.finish_zip64()},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    check_two_members(c.bytes);
  }
}

TEST_CASE("an empty archive has no members") {
  auto zip = ZipReader::open(ZipBytes().finish());
  REQUIRE(zip);
  CHECK(zip->entries().empty());
}

TEST_CASE("sizes may stand in the zip64 field") {
  auto bytes =
      ZipBytes().add({.name = "a", .content = "first"}).add({.name = "b", .content = "second", .zip64 = true}).finish();
  auto zip = ZipReader::open(bytes);
  REQUIRE(zip);
  CHECK(zip->entries()[1].size == 6);
  CHECK(zip->read(zip->entries()[1], no_limit).value() == "second");
}

TEST_CASE("names are bytes") {
  auto bytes = ZipBytes().add({.name = "../\x81\xff\\x", .content = ""}).finish();
  auto zip = ZipReader::open(bytes);
  REQUIRE(zip);
  CHECK(zip->entries()[0].path == "../\x81\xff\\x");
  CHECK(zip->read(zip->entries()[0], 0).value().empty());
}

TEST_CASE("lies and damage are told by their codes") {
  const std::string content(5000, 'c');
  auto good = ZipBytes().add({.name = "a", .content = content}).finish();
  auto wrong_checksum = good;
  wrong_checksum[good.find("PK\x01\x02") + 16] ^= 1;
  auto outside = good;
  outside.replace(good.find("PK\x01\x02") + 42, 4, "\xff\xff\xff\x7f");
  auto packed_too_long = good;
  packed_too_long.replace(good.find("PK\x01\x02") + 20, 4, "\xff\xff\xff\x7f");
  auto local_gone = good;
  local_gone[0] = 'Q';
  auto long_name = good;
  long_name.replace(good.find("PK\x01\x02") + 28, 2, "\xff\xff");
  auto directory_away = good;
  directory_away.replace(good.size() - 6, 4, "\x01\x00\x00\x00", 4);
  auto short_zip64 = ZipBytes().add({.name = "a", .content = "x", .zip64 = true}).finish();
  short_zip64.replace(short_zip64.find(little_endian(1, 2) + little_endian(24, 2)) + 2, 2, little_endian(12, 2));
  struct Case {
    std::string_view name;
    std::string bytes;
    Code code;
  };
  const std::vector<Case> cases = {
      {"no zip", "not a zip at all, but long enough to be one", Code::corrupt},
      {"nothing", "", Code::corrupt},
      {"larger than it says", ZipBytes().add({.name = "a", .content = content, .size_lie = -1}).finish(),
       Code::corrupt},
      {"smaller than it says", ZipBytes().add({.name = "a", .content = content, .size_lie = 1}).finish(),
       Code::corrupt},
      {"stored with two sizes", ZipBytes().add({.name = "a", .content = content, .method = 0, .size_lie = 1}).finish(),
       Code::corrupt},
      {"claims more than deflate can hold",
       ZipBytes().add({.name = "a", .content = content, .size_lie = 1 << 29}).finish(), Code::corrupt},
      {"claims 4 GiB", ZipBytes().add({.name = "a", .content = content, .size_lie = 0xffff0000}).finish(),
       Code::exhausted},
      {"encrypted", ZipBytes().add({.name = "a", .content = content, .flags = 1}).finish(), Code::unsupported},
      {"another method", ZipBytes().add({.name = "a", .content = content, .method = 12}).finish(), Code::unsupported},
      {"wrong checksum", wrong_checksum, Code::corrupt},
      {"local header outside", outside, Code::corrupt},
      {"content outside", packed_too_long, Code::corrupt},
      {"no local header", local_gone, Code::corrupt},
      {"a name beyond the directory", long_name, Code::corrupt},
      {"a zip64 field that is cut", short_zip64, Code::corrupt},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(failure(c.bytes) == c.code);
  }
  CHECK(failure(good, content.size() - 1) == Code::exhausted);
  CHECK(ZipReader::open(directory_away).has_value());
}

TEST_CASE("entries have a limit, and so has what they give together") {
  ZipBytes zip;
  for (int i = 0; i < 11; ++i) zip.add({.name = "a", .content = "0123456789"});
  auto bytes = zip.finish();
  auto too_many = ZipReader::open(bytes, 10);
  REQUIRE(!too_many);
  CHECK(too_many.error().code == Code::exhausted);
  auto reader = ZipReader::open(bytes, 11, 25);
  REQUIRE(reader);
  CHECK(reader->read(reader->entries()[0], no_limit));
  CHECK(reader->read(reader->entries()[1], no_limit));
  CHECK(reader->read(reader->entries()[2], no_limit).error().code == Code::exhausted);
}

TEST_CASE("every truncation is corrupt") {
  auto bytes =
      ZipBytes().add({.name = "a", .content = "hello"}).add({.name = "b", .content = "world", .method = 0}).finish();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    CAPTURE(length);
    auto zip = ZipReader::open(std::string_view(bytes).substr(0, length));
    REQUIRE(!zip);
    CHECK(zip.error().code == Code::corrupt);
  }
}

TEST_CASE("every changed byte gives the content, another name or an error") {
  auto bytes = ZipBytes().add({.name = "a", .content = "hello"}).finish();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (char bit : {'\x01', '\x80', '\xff'}) {
      auto changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ bit);
      CAPTURE(i);
      auto zip = ZipReader::open(changed);
      if (!zip) continue;
      for (const auto& entry : zip->entries()) {
        auto content = zip->read(entry, no_limit);
        if (content) CHECK(*content == "hello");
      }
    }
  }
}

TEST_CASE("every jar of the package fixtures is read whole") {
  const char* given = std::getenv("SEAWALL_SHARED");
  const std::string shared = given != nullptr ? given : "../shared";
  std::vector<std::string> folders = {path_join(shared, "fixtures/packages/files")};
  if (!exists(folders.front())) {
    MESSAGE("no shared fixtures at " << shared);
    return;
  }
  int archives = 0;
  while (!folders.empty()) {
    auto folder = folders.back();
    folders.pop_back();
    auto names = list_directory(folder);
    REQUIRE(names);
    for (const auto& name : *names) {
      auto path = path_join(folder, name);
      if (status_of(path).value().kind == FileKind::directory) folders.push_back(path);
      if (!name.ends_with(".jar") && !name.ends_with(".war") && !name.ends_with(".whl")) continue;
      auto file = MappedFile::open(path);
      REQUIRE(file);
      if (!file->view().starts_with("PK")) continue;
      CAPTURE(path);
      auto zip = ZipReader::open(file->view());
      REQUIRE(zip);
      for (const auto& entry : zip->entries()) CHECK(zip->read(entry, no_limit).has_value());
      ++archives;
    }
  }
  CHECK(archives > 0);
}
