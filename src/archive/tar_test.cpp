#include "archive/tar.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "archive/tar_test_bytes.h"
#include "base/files.h"

using namespace seawall;
using namespace seawall::archive::test;
using archive::EntryKind;

namespace {

// "kind path -> link size" for each entry, then "rejected N" and the error, where there are any.
std::string listing(std::string_view bytes, const archive::TarLimits& limits = {}) {
  static constexpr std::string_view kinds = "fdlho";
  MemorySource source(bytes);
  archive::TarReader reader(source, limits);
  std::string out;
  while (true) {
    auto entry = reader.next();
    if (!entry) {
      CHECK(reader.next().error().code == entry.error().code);
      out += "!" + std::string(text(entry.error().code)) + ";";
      break;
    }
    if (*entry == nullptr) break;
    const auto& e = **entry;
    out += kinds[static_cast<std::size_t>(e.kind)];
    out += " " + e.path + (e.link.empty() ? "" : " -> " + e.link) + " " + std::to_string(e.size) + ";";
  }
  if (reader.rejected() > 0) out += "rejected " + std::to_string(reader.rejected()) + ";";
  return out;
}

const std::string hidden = raw({.name = "hidden"});
const std::string last = raw({.name = "last"}) + end_mark();

struct Case {
  std::string_view name;
  std::string bytes;
  std::string_view listing;
};

void check(const std::vector<Case>& cases) {
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(listing(c.bytes) == c.listing);
  }
}

}  // namespace

TEST_CASE("what the writer wrote, the reader reads") {
  const std::string long_name = std::string(90, 'd').append("/").append(120, 'f');
  const std::string content(1000, 'c');
  archive::TarWriter writer;
  writer.directory("usr/lib").file("./usr/lib/a", content, 0755).file(long_name, "deep");
  writer.symlink("s", "../outside/../s").hardlink("h", "/usr/lib/./a").symlink("t", long_name).file("last", "");
  auto bytes = writer.finish();
  CHECK(listing(bytes) == "d usr/lib 0;f usr/lib/a 1000;f " + long_name +
                              " 4;l s -> ../outside/../s 0;h h -> usr/lib/a 0;l t -> " + long_name + " 0;f last 0;");
  MemorySource source(bytes);
  archive::TarReader reader(source);
  REQUIRE(reader.next().value() != nullptr);
  auto entry = reader.next();
  REQUIRE(entry);
  CHECK((*entry)->mode == 0755);
  CHECK(reader.content(999).error().code == Code::exhausted);
  CHECK(reader.content(1000).value() == content);
  CHECK(reader.content(1000).value().empty());
  REQUIRE(reader.next().value() != nullptr);
  CHECK(reader.content(4).value() == "deep");
}

TEST_CASE("the writer's time is that of every entry") {
  auto bytes = archive::TarWriter(1'700'000'000).file("a", "").directory("b").finish();
  CHECK(bytes == archive::TarWriter(1'700'000'000).file("a", "").directory("b").finish());
  MemorySource source(bytes);
  archive::TarReader reader(source);
  CHECK(reader.next().value()->modified == 1'700'000'000);
  CHECK(reader.next().value()->modified == 1'700'000'000);
}

TEST_CASE("paths stay below the root") {
  check({
      {"leading slashes and dots go", raw({.name = "//a/./b//c"}) + last, "f a/b/c 0;f last 0;"},
      {"the root directory is left out", raw({.name = "./", .type = '5'}) + last, "f last 0;"},
      {"a file cannot be the root", raw({.name = "/."}) + last, "f last 0;rejected 1;"},
      {"dots that stay inside are resolved", raw({.name = "a/../b"}) + last, "f b 0;f last 0;"},
      {"dots that climb out are rejected", raw({.name = "../b"}) + raw({.name = "a/../../b"}) + last,
       "f last 0;rejected 2;"},
      {"absolute dots too", raw({.name = "/../b"}) + last, "f last 0;rejected 1;"},
      {"hard links cannot climb out", raw({.name = "h", .type = '1', .link = "../x"}) + last, "f last 0;rejected 1;"},
      {"symbolic links are only text", raw({.name = "s", .type = '2', .link = "../../../etc"}) + last,
       "l s -> ../../../etc 0;f last 0;"},
      {"a link to itself is only text", raw({.name = "s", .type = '2', .link = "s"}) + last, "l s -> s 0;f last 0;"},
      {"names are bytes", raw({.name = "caf\xe9"}) + last, "f caf\xe9 0;f last 0;"},
      {"pax names are bytes too", pax({{"path", "caf\xe9/x"}}) + raw({.name = "a"}) + last, "f caf\xe9/x 0;f last 0;"},
      {"the same name twice comes twice", raw({.name = "a"}) + raw({.name = "a"}) + last, "f a 0;f a 0;f last 0;"},
      {"a name beyond the limit is rejected", pax({{"path", std::string(4097, 'n')}}) + raw({.name = "a"}) + last,
       "f last 0;rejected 1;"},
      {"rejected content is skipped", raw({.name = "../x", .size = 5}) + padded("hello") + last,
       "f last 0;rejected 1;"},
  });
}

TEST_CASE("what a runtime would unpack is what is listed") {
  auto long_name = [](std::string_view text) { return special('L', std::string(text) + '\0'); };
  check({
      {"a hard link has no content", raw({.name = "h", .size = 512, .type = '1', .link = "f"}) + hidden + last,
       "h h -> f 0;f hidden 0;f last 0;"},
      {"not even with a pax size",
       pax({{"size", "512"}}) + raw({.name = "h", .size = 512, .type = '1', .link = "f"}) + hidden + last,
       "h h -> f 0;f hidden 0;f last 0;"},
      {"a directory has no content", raw({.name = "d", .size = 512, .type = '5'}) + hidden + last,
       "d d 0;f hidden 0;f last 0;"},
      {"a device has no content", raw({.name = "c", .size = 512, .type = '3'}) + hidden + last,
       "o c 0;f hidden 0;f last 0;"},
      {"an unknown type has", raw({.name = "q", .size = 512, .type = 'Q'}) + hidden + last, "o q 0;f last 0;"},
      {"an old file with a slash is a directory", raw({.name = "d/", .size = 512, .type = '\0'}) + hidden + last,
       "d d 0;f hidden 0;f last 0;"},
      {"a new one is not", raw({.name = "d/", .size = 512}) + hidden + last, "f d 512;f last 0;"},
      {"pax size wins", pax({{"size", "1024"}}) + raw({.name = "a", .size = 512}) + hidden + hidden + last,
       "f a 1024;f last 0;"},
      {"an empty pax path is none", pax({{"path", ""}}) + raw({.name = "a"}) + last, "f a 0;f last 0;"},
      {"a second pax header replaces the first",
       pax({{"path", "p"}}) + pax({{"mtime", "1.5"}}) + raw({.name = "a"}) + last, "f a 0;f last 0;"},
      {"a GNU name wins over pax", long_name("gnu") + pax({{"path", "pax"}}) + raw({.name = "a"}) + last,
       "f gnu 0;f last 0;"},
      {"in either order", pax({{"path", "pax"}}) + long_name("gnu") + raw({.name = "a"}) + last, "f gnu 0;f last 0;"},
      {"a GNU link name", special('K', "target") + raw({.name = "a", .type = '2', .link = "t"}) + last,
       "l a -> target 0;f last 0;"},
      {"global headers change nothing", pax({{"path", "other"}}, 'g') + raw({.name = "a"}) + last, "f a 0;f last 0;"},
      {"and forget what came before", pax({{"path", "other"}}) + pax({}, 'g') + raw({.name = "a"}) + last,
       "f a 0;f last 0;"},
      {"ustar joins the prefix", raw({.name = "f", .prefix = "pre/fix"}) + last, "f pre/fix/f 0;f last 0;"},
      {"v7 has none", raw({.name = "f", .magic = "\0"sv, .prefix = "pre"}) + last, "f f 0;f last 0;"},
      {"GNU keeps times there", raw({.name = "f", .magic = "ustar  \0"sv, .prefix = "00000000001"}) + last,
       "f f 0;f last 0;"},
      {"or a prefix, if it is none", raw({.name = "f", .magic = "ustar  \0"sv, .prefix = "pre"}) + last,
       "f pre/f 0;f last 0;"},
      {"sizes may be base-256", raw({.name = "a", .size_field = "\x80\0\0\0\0\0\0\0\0\0\2\0"sv}) + hidden + last,
       "f a 512;f last 0;"},
      {"sizes may be padded", raw({.name = "a", .size_field = "  1000      "}) + hidden + last, "f a 512;f last 0;"},
      {"what follows the end mark is not read", raw({.name = "a"}) + end_mark() + hidden, "f a 0;"},
      {"an end mark may be missing", raw({.name = "a"}), "f a 0;"},
      {"the padding of the last file too", raw({.name = "a", .size = 3}) + "abc", "f a 3;"},
      {"nothing at all is an empty archive", "", ""},
      {"so is an end mark", end_mark(), ""},
  });
}

TEST_CASE("broken archives are corrupt, whatever they claim") {
  check({
      {"no tar", std::string(512, 'x'), "!corrupt;"},
      {"half a header", hidden.substr(0, 300), "!corrupt;"},
      {"half an end mark and data", raw({.name = "a"}) + std::string(512, '\0') + hidden, "f a 0;!corrupt;"},
      {"content is cut", raw({.name = "a", .size = 513}) + std::string(512, 'x'), "f a 513;!corrupt;"},
      {"a negative size", raw({.name = "a", .size_field = std::string(12, '\xff')}) + last, "!corrupt;"},
      {"a negative pax size", pax({{"size", "-1"}}) + raw({.name = "a"}) + last, "!corrupt;"},
      {"a size beyond 63 bits", raw({.name = "a", .size_field = "\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"sv}) + last,
       "!corrupt;"},
      {"a size of junk", raw({.name = "a", .size_field = "1000junk"}) + last, "!corrupt;"},
      {"a size of 8 EiB with nothing behind it",
       raw({.name = "a", .size_field = "\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff"sv}),
       "f a 9223372036854775807;!corrupt;"},
      {"a pax header that claims 1 GiB", raw({.name = "x", .size = 1 << 30, .type = 'x'}), "!exhausted;"},
      {"a long name that claims 1 GiB", raw({.name = "x", .size = 1 << 30, .type = 'L'}), "!exhausted;"},
      {"a pax header that is cut", raw({.name = "x", .size = 1000, .type = 'x'}) + padded("10 path=a\n"), "!corrupt;"},
      {"a pax record longer than its header", special('x', "99 path=a\n") + last, "!corrupt;"},
      {"a pax record of length 0", special('x', "0 path=a\n") + last, "!corrupt;"},
      {"a pax record without end", special('x', "10 path=abc") + last, "!corrupt;"},
      {"a pax record without value", special('x', "7 path\n") + last, "!corrupt;"},
      {"a pax record without key", special('x', "5 =a\n") + last, "!corrupt;"},
      {"a pax length beyond 64 bits", special('x', "99999999999999999999 path=a\n") + last, "!corrupt;"},
      {"a zero byte in a pax path", pax({{"path", "a\0b"sv}}) + raw({.name = "a"}) + last, "!corrupt;"},
  });
  auto wrong = raw({.name = "a"});
  wrong[0] = 'b';
  CHECK(listing(wrong) == "!corrupt;");
}

TEST_CASE("entries are counted against the limit") {
  std::string many;
  for (int i = 0; i < 11; ++i) many += raw({.name = "a"});
  CHECK(listing(many, {.entries = 10}).ends_with("!exhausted;"));
  CHECK(listing(many, {.entries = 11}).ends_with("f a 0;"));
}

TEST_CASE("every truncation of an archive is an end between entries or an error") {
  archive::TarWriter writer;
  writer.file("a", std::string(700, 'a')).file(std::string(200, 'n'), "b").symlink("l", "a");
  auto bytes = writer.finish();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    auto out = listing(std::string_view(bytes).substr(0, length));
    bool whole_blocks = length % 512 == 0;
    CAPTURE(length);
    if (!whole_blocks && length < bytes.size() - 1024 && !out.ends_with("!corrupt;")) {
      // Only the padding behind content may be cut.
      CHECK((out == "f a 700;" || out == "f a 700;f " + std::string(200, 'n') + " 1;"));
    }
  }
}

TEST_CASE("every tar of the image fixtures is read") {
  const char* given = std::getenv("SEAWALL_SHARED");
  const std::string shared = given != nullptr ? given : "../shared";
  std::vector<std::string> folders = {path_join(shared, "fixtures/images")};
  if (!exists(folders.front())) {
    MESSAGE("no shared fixtures at " << shared);
    return;
  }
  int archives = 0, entries = 0;
  while (!folders.empty()) {
    auto folder = folders.back();
    folders.pop_back();
    auto names = list_directory(folder);
    REQUIRE(names);
    for (const auto& name : *names) {
      auto path = path_join(folder, name);
      if (status_of(path).value().kind == FileKind::directory) folders.push_back(path);
      if (!name.ends_with(".tar")) continue;
      auto source = open_source(path);
      REQUIRE(source);
      archive::TarReader reader(**source);
      CAPTURE(path);
      while (true) {
        auto entry = reader.next();
        REQUIRE(entry);
        if (*entry == nullptr) break;
        CHECK(reader.content(64 << 20).value().size() == (*entry)->size);
        ++entries;
      }
      ++archives;
    }
  }
  CHECK(archives > 20);
  CHECK(entries > 50);
}
