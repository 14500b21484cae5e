#include "codec/binary.h"

#include <doctest/doctest.h>

namespace seawall::codec {
namespace {

TEST_CASE("what is written is read") {
  BinaryWriter out;
  for (std::uint64_t value : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, UINT64_MAX}) out.u64(value);
  for (std::int64_t value : {std::int64_t{0}, std::int64_t{-1}, INT64_MIN, INT64_MAX}) out.i64(value);
  out.text("hello");
  out.text("");
  out.boolean(true);
  out.fixed32(0x89abcdefU);
  out.fixed64(0x0123456789abcdefU);
  out.u64(1);
  out.boolean(false);
  auto bytes = out.take();
  BinaryReader in(bytes);
  CHECK(in.u64() == 0);
  CHECK(in.u64() == 127);
  CHECK(in.u64() == 128);
  CHECK(in.u64() == UINT64_MAX);
  CHECK(in.i64() == 0);
  CHECK(in.i64() == -1);
  CHECK(in.i64() == INT64_MIN);
  CHECK(in.i64() == INT64_MAX);
  CHECK(in.text() == "hello");
  CHECK(in.text() == "");
  CHECK(in.boolean());
  CHECK(in.fixed32() == 0x89abcdefU);
  CHECK(in.fixed64() == 0x0123456789abcdefU);
  CHECK(in.count() == 1);
  CHECK_FALSE(in.boolean());
  CHECK(in.ok());
  CHECK(in.at_end());
}

TEST_CASE("a cut or lying input is told at the end") {
  using Read = void (*)(BinaryReader&);
  struct Case {
    std::string_view name, bytes;
    Read read;
  };
  const Case cases[] = {
      {"a number without end", "\xff\xff", [](BinaryReader& in) { CHECK(in.u64() == 0); }},
      {"a number of more than 64 bits", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
       [](BinaryReader& in) { CHECK(in.u64() == 0); }},
      {"a text longer than the rest",
       "\x05"
       "abc",
       [](BinaryReader& in) { CHECK(in.text() == ""); }},
      {"more elements than bytes",
       "\x05"
       "abc",
       [](BinaryReader& in) { CHECK(in.count() == 0); }},
      {"no boolean", "", [](BinaryReader& in) { CHECK_FALSE(in.boolean()); }},
      {"half a fixed number", "abc", [](BinaryReader& in) { CHECK(in.fixed64() == 0); }},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    BinaryReader in(c.bytes);
    c.read(in);
    CHECK_FALSE(in.ok());
    CHECK(in.u64() == 0);
    CHECK(in.text().empty());
  }
}

}  // namespace
}  // namespace seawall::codec
