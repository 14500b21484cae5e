#include "oci/reference.h"

#include <doctest/doctest.h>

#include "oci/image.h"

using namespace seawall;
using namespace seawall::oci;

namespace {
constexpr std::string_view hex64 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
std::string sha256(std::string before) { return before + "@sha256:" + std::string(hex64); }
}  // namespace

TEST_CASE("references become whole by docker's defaults") {
  struct Case {
    std::string given, whole, host;
  };
  const Case cases[] = {
      {"alpine", "docker.io/library/alpine:latest", "registry-1.docker.io"},
      {"alpine:3.11", "docker.io/library/alpine:3.11", "registry-1.docker.io"},
      {"grafana/loki", "docker.io/grafana/loki:latest", "registry-1.docker.io"},
      {"docker.io/alpine", "docker.io/library/alpine:latest", "registry-1.docker.io"},
      {"index.docker.io/library/alpine", "docker.io/library/alpine:latest", "registry-1.docker.io"},
      {"localhost/app", "localhost/app:latest", "localhost"},
      {"localhost:5000/app:1", "localhost:5000/app:1", "localhost:5000"},
      {"LOCALHOST/app", "localhost/app:latest", "localhost"},
      {"host.example/a/b/c:v1.2-3", "host.example/a/b/c:v1.2-3", "host.example"},
      {"host:5000/a", "host:5000/a:latest", "host:5000"},
      {"Host/a", "Host/a:latest", "Host"},
      {"[::1]:5000/a", "[::1]:5000/a:latest", "[::1]:5000"},
      {"a/b__c/d.e-f--g", "docker.io/a/b__c/d.e-f--g:latest", "registry-1.docker.io"},
      {sha256("ghcr.io/o/app"), sha256("ghcr.io/o/app"), "ghcr.io"},
      {sha256("ghcr.io/o/app:1"), sha256("ghcr.io/o/app:1"), "ghcr.io"},
      // One part is a repository even where it looks like a host: there is nothing else it could be.
      {"example.com:5000", "docker.io/library/example.com:5000", "registry-1.docker.io"},
  };
  for (auto& c : cases) {
    CAPTURE(c.given);
    auto reference = Reference::parse(c.given);
    REQUIRE(reference);
    CHECK(reference->text() == c.whole);
    CHECK(reference->host() == c.host);
    CHECK(Reference::parse(c.whole).value() == *reference);
  }
}

TEST_CASE("what is no reference is refused") {
  const std::string cases[] = {"",
                               ":",
                               "/",
                               "@",
                               "a/",
                               "/a",
                               "a//b",
                               "Alpine",
                               "a_",
                               "-a",
                               "a..b",
                               "a___b",
                               "a.-b",
                               "alpine:",
                               "alpine:.1",
                               "alpine:a b",
                               "alpine:" + std::string(129, 'x'),
                               "alpine@sha256:abc",
                               "alpine@md5:d41d8cd98f00b204e9800998ecf8427e",
                               sha256("alpine") + "@x",
                               "http://host/a",
                               "host:99999/a",
                               "host:x/a",
                               "ho st.example/a",
                               "-host.example/a",
                               "[::1/a",
                               "host.example/" + std::string(256, 'a'),
                               std::string(250, 'a'),  // too long once it is in library/
                               "host.example/../etc",
                               "a\xff",
                               std::string("a\0b", 3)};
  for (auto& given : cases) {
    CAPTURE(given);
    auto reference = Reference::parse(given);
    REQUIRE_FALSE(reference);
    CHECK(reference.error().code == Code::invalid);
  }
}

TEST_CASE("platforms are read with the names people use") {
  CHECK(Platform::parse("linux/amd64")->text() == "linux/amd64");
  CHECK(Platform::parse("linux/x86_64")->text() == "linux/amd64");
  CHECK(Platform::parse("Linux/ARM64/V8")->text() == "linux/arm64/v8");
  CHECK(Platform::parse("linux/armhf")->text() == "linux/arm/v7");
  for (std::string_view bad : {"", "linux", "linux/", "/amd64", "a/b/c/d", "linux/a b", "linux/\xff"}) {
    CAPTURE(bad);
    CHECK_FALSE(Platform::parse(bad));
  }
}
