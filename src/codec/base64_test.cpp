#include "codec/base64.h"

#include <doctest/doctest.h>

namespace seawall::codec {
namespace {

TEST_CASE("base64 goes both ways") {
  struct Case {
    std::string_view bytes, text;
  };
  constexpr Case cases[] = {{"", ""},
                            {"f", "Zg=="},
                            {"fo", "Zm8="},
                            {"foo", "Zm9v"},
                            {"foob", "Zm9vYg=="},
                            {"fooba", "Zm9vYmE="},
                            {"foobar", "Zm9vYmFy"},
                            {"\xfb\xff\xbf", "+/+/"}};
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(to_base64(c.bytes) == c.text);
    CHECK(from_base64(c.text) == c.bytes);
    CHECK(from_base64(c.text.substr(0, c.text.find('='))) == c.bytes);
  }
  CHECK(from_base64("-_-_") == "\xfb\xff\xbf");
}

TEST_CASE("what is no base64 is nothing") {
  for (std::string_view bad :
       {"A", "AB=", "A===", "=", "====", "AB==C", "Zm9 v", "Zm9v\n", "Zh==", "Zm9=", "Z$==", "Zm9v="}) {
    CAPTURE(bad);
    CHECK_FALSE(from_base64(bad));
  }
}

}  // namespace
}  // namespace seawall::codec
