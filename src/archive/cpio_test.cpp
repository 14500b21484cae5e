#include "archive/cpio.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <string>
#include <vector>

using namespace seawall;

namespace {

struct Item {
  std::string name, content = {};
  unsigned mode = 0100644, inode = 1, links = 1;
  std::string_view magic = "070701";
  unsigned claim = 0;  // added to the size
};

void pad(std::string& bytes) { bytes.append((4 - bytes.size() % 4) % 4, '\0'); }

std::string item(const Item& i) {
  char numbers[128];
  std::snprintf(numbers, sizeof numbers, "%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X", i.inode, i.mode, 0U,
                0U, i.links, 1234U, static_cast<unsigned>(i.content.size()) + i.claim, 0U, 0U, 0U, 0U,
                static_cast<unsigned>(i.name.size() + 1), 0U);
  std::string bytes = std::string(i.magic) + numbers + i.name;
  bytes += '\0';
  pad(bytes);
  bytes += i.content;
  pad(bytes);
  return bytes;
}

const std::string end = item({.name = "TRAILER!!!"});

// "kind path -> link=content;" for each entry, then "rejected N;" and the code of the error, where there are any.
std::string listing(std::string_view bytes) {
  MemorySource source(bytes);
  archive::CpioReader reader(source, {.entries = 10});
  std::string out;
  while (true) {
    auto entry = reader.next();
    if (!entry) return out + "!" + std::string(text(entry.error().code));
    if (*entry == nullptr) break;
    out += "fdlho"[static_cast<std::size_t>((*entry)->kind)];
    out += " " + (*entry)->path + ((*entry)->link.empty() ? "" : " -> " + (*entry)->link);
    auto content = read_all(reader.content(), 1000);
    if (!content) return out + "!" + std::string(text(content.error().code));
    out += "=" + *content + ";";
  }
  return out + (reader.rejected() > 0 ? "rejected " + std::to_string(reader.rejected()) : "");
}

}  // namespace

TEST_CASE("new ASCII archives are read, bad ones refused") {
  struct Case {
    std::string_view name;
    std::string bytes, listing;
  };
  std::string many;
  for (int i = 0; i < 11; ++i) many += item({.name = "a"});
  auto bad_number = item({.name = "a"}) + end;
  bad_number[60] = 'x';
  auto no_name = item({.name = "a"}) + end;
  no_name.replace(94, 8, "00000000");
  auto huge_name = item({.name = "a"}) + end;
  huge_name.replace(94, 8, "ffffffff");
  const std::vector<Case> cases = {
      {"empty", end, ""},
      {"files, folders, links, devices",
       item({.name = "./usr", .mode = 040755}) + item({.name = "./usr/a", .content = "text"}) +
           item({.name = "l", .content = "usr/a", .mode = 0120777}) + item({.name = "dev", .mode = 020600}) + end,
       "d usr=;f usr/a=text;l l -> usr/a=;o dev=;"},
      {"with checksums", item({.name = "a", .content = "x", .magic = "070702"}) + end, "f a=x;"},
      {"what follows the end is not read", end + "anything", ""},
      {"the root is left out", item({.name = ".", .mode = 040755}) + end, ""},
      {"paths that climb are rejected", item({.name = "../a", .content = "x"}) + item({.name = "b"}) + end,
       "f b=;rejected 1"},
      {"too many", many + end, "f a=;f a=;f a=;f a=;f a=;f a=;f a=;f a=;f a=;f a=;!exhausted"},
      {"no end mark", item({.name = "a"}), "f a=;!corrupt"},
      {"nothing", "", "!corrupt"},
      {"old format", item({.name = "a", .magic = "070707"}), "!unsupported"},
      {"rpm's stripped format", item({.name = "a", .magic = "07070X"}), "!unsupported"},
      {"no cpio", std::string(200, 'z'), "!corrupt"},
      {"a size beyond the end", item({.name = "a", .content = "x", .claim = 0x7fffffff}), "f a!corrupt"},
      {"a link that claims 2 GiB",
       item({.name = "a", .content = std::string(5000, 'x'), .mode = 0120777, .claim = 0x70000000}), "!exhausted"},
      {"a bad number", bad_number, "!corrupt"},
      {"no name", no_name, "!corrupt"},
      {"a name of 4 GiB", huge_name, "!exhausted"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(listing(c.bytes) == c.listing);
  }
}

TEST_CASE("files of several names tell their inode") {
  auto bytes =
      item({.name = "a", .inode = 7, .links = 2}) + item({.name = "b", .content = "x", .inode = 7, .links = 2}) + end;
  MemorySource source(bytes);
  archive::CpioReader reader(source);
  CHECK(reader.next().value()->size == 0);
  const auto* entry = reader.next().value();
  CHECK(entry->inode == 7);
  CHECK(entry->links == 2);
  CHECK(entry->size == 1);
  CHECK(entry->modified == 1234);
}
