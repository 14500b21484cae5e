#include "archive/ar.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "archive/decompress.h"
#include "archive/tar.h"

using namespace seawall;

namespace {

std::string field(std::string text, std::size_t width) {
  text.resize(width, ' ');
  return text;
}

std::string member(const std::string& name, const std::string& size, const std::string& content) {
  auto header =
      field(name, 16) + field("0", 12) + field("0", 6) + field("0", 6) + field("100644", 8) + field(size, 10) + "`\n";
  return header + content + (content.size() % 2 != 0 ? "\n" : "");
}

std::string member(const std::string& name, const std::string& content) {
  return member(name, std::to_string(content.size()), content);
}

// "name=content;" for each member, then the code of the error, where there is one.
std::string listing(std::string_view bytes) {
  MemorySource source(bytes);
  archive::ArReader reader(source);
  std::string out;
  while (true) {
    auto entry = reader.next();
    if (!entry) return out + "!" + std::string(text(entry.error().code));
    if (*entry == nullptr) return out;
    out += (*entry)->name;
    auto content = read_all(reader.content(), 1000);
    if (!content) return out + "!" + std::string(text(content.error().code));
    out += "=" + *content + ";";
  }
}

}  // namespace

TEST_CASE("members come in order, good or bad") {
  const std::string magic = "!<arch>\n";
  struct Case {
    std::string_view name;
    std::string bytes, listing;
  };
  const std::vector<Case> cases = {
      {"no members", magic, ""},
      {"odd and even sizes", magic + member("a", "odd") + member("b/", "even"), "a=odd;b=even;"},
      {"the padding of the last may be missing", magic + member("a", "odd").substr(0, 63), "a=odd;"},
      {"GNU's own members keep their names", magic + member("/", "") + member("//", "") + member("/7", ""),
       "/=;//=;/7=;"},
      {"no ar", "!<thin>\n", "!corrupt"},
      {"nothing", "", "!corrupt"},
      {"half a header", magic + member("a", "odd").substr(0, 30), "!corrupt"},
      {"no header end", magic + std::string(60, ' '), "!corrupt"},
      {"a negative size", magic + member("a", "-1", "x"), "!corrupt"},
      {"a size beyond the end", magic + member("a", "9999999999", "x"), "a!corrupt"},
      {"many members",
       magic +
           [] {
             std::string all;
             for (int i = 0; i < 10'001; ++i) all += member("a", "");
             return all;
           }(),
       {}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto got = listing(c.bytes);
    if (c.name == "many members") {
      CHECK(got.ends_with("!exhausted"));
    } else {
      CHECK(got == c.listing);
    }
  }
}

TEST_CASE("a Debian package opens into its files") {
  archive::TarWriter writer;
  writer.directory("./usr/bin").file("./usr/bin/hello", "#!/bin/sh\n", 0755);
  auto deb =
      "!<arch>\n" + member("debian-binary", "2.0\n") + member("data.tar.zst", archive::zstd(writer.finish()).value());
  MemorySource source(deb);
  archive::ArReader reader(source);
  REQUIRE(reader.next().value() != nullptr);  // not read: skipped
  REQUIRE(reader.next().value()->name == "data.tar.zst");
  auto tar = archive::decompress(reader.content(), archive::Compression::zstd);
  archive::TarReader files(*tar);
  REQUIRE(files.next().value()->path == "usr/bin");
  REQUIRE(files.next().value()->path == "usr/bin/hello");
  CHECK(files.content(100).value() == "#!/bin/sh\n");
  CHECK(files.next().value() == nullptr);
  CHECK(reader.next().value() == nullptr);
}
