#include "archive/tar.h"

#include <doctest/doctest.h>

#include <string>

using namespace seawall;
using archive::EntryKind;

TEST_CASE("what the writer wrote, the reader reads") {
  const std::string long_name = std::string(90, 'd').append("/").append(120, 'f');
  const std::string content(1000, 'c');
  archive::TarWriter writer;
  writer.directory("usr/lib")
      .file("./usr/lib/a", content, 0755)
      .file(long_name, "deep")
      .symlink("s", "../outside/../s");
  writer.hardlink("h", "/usr/lib/./a").file("../escape", "no").file("a/../../b", "no").file("last", "");
  auto bytes = writer.finish();
  MemorySource source(bytes);
  archive::TarReader reader(source);
  auto next = [&] {
    auto entry = reader.next();
    REQUIRE(entry);
    REQUIRE(*entry != nullptr);
    return **entry;
  };
  auto directory = next();
  CHECK(directory.path == "usr/lib");
  CHECK(directory.kind == EntryKind::directory);
  auto file = next();
  CHECK(file.path == "usr/lib/a");
  CHECK(file.mode == 0755);
  CHECK(file.size == content.size());
  CHECK(reader.content(content.size()).value() == content);
  CHECK(next().path == long_name);
  auto link = next();
  CHECK(link.kind == EntryKind::symlink);
  CHECK(link.link == "../outside/../s");
  auto hard = next();
  CHECK(hard.kind == EntryKind::hardlink);
  CHECK(hard.link == "usr/lib/a");
  CHECK(next().path == "last");
  CHECK(reader.next().value() == nullptr);
  CHECK(reader.rejected() == 2);
}
