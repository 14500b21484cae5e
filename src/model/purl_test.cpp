#include <doctest/doctest.h>

#include "model/package.h"

using namespace seawall::model;

namespace {

Package package(PackageType type, std::string name, std::string version) {
  Package p;
  p.type = type;
  p.name = std::move(name);
  p.version = std::move(version);
  return p;
}

Distro release(std::string id, std::string version) {
  Distro d;
  d.id = std::move(id);
  d.version = std::move(version);
  return d;
}

const Distro debian = release("debian", "12");

}  // namespace

TEST_CASE("purls are written as the specification says, and read back") {
  struct Case {
    std::string_view name;
    PackageType type;
    std::string package, version;
    std::string_view purl;
  };
  const Case cases[] = {
      {"npm scope", PackageType::npm, "@babel/core", "7.1.0", "pkg:npm/%40babel/core@7.1.0"},
      {"npm", PackageType::npm, "JSONStream", "1.0.0", "pkg:npm/JSONStream@1.0.0"},
      {"go path", PackageType::golang, "github.com/BurntSushi/toml", "v1.2.3+incompatible",
       "pkg:golang/github.com/BurntSushi/toml@v1.2.3%2Bincompatible"},
      {"go standard library", PackageType::golang, "stdlib", "v1.22.0", "pkg:golang/stdlib@v1.22.0"},
      {"maven group", PackageType::maven, "org.slf4j:slf4j-api", "2.0.1", "pkg:maven/org.slf4j/slf4j-api@2.0.1"},
      {"maven without group", PackageType::maven, "orphan", "1", "pkg:maven/orphan@1"},
      {"composer vendor", PackageType::composer, "symfony/http-kernel", "v5.4.1",
       "pkg:composer/symfony/http-kernel@v5.4.1"},
      {"pypi", PackageType::pypi, "ruamel-yaml", "0.17", "pkg:pypi/ruamel-yaml@0.17"},
      {"no version", PackageType::gem, "rails", "", "pkg:gem/rails"},
      {"strange characters", PackageType::generic, "a b%", "1/2@3", "pkg:generic/a%20b%25@1%2F2%403"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(purl_of(package(c.type, c.package, c.version)) == c.purl);
    auto back = package_from_purl(c.purl);
    REQUIRE(back);
    CHECK(back->type == c.type);
    CHECK(back->name == c.package);
    CHECK(back->version == c.version);
  }
}

TEST_CASE("pypi names are normalised") {
  CHECK(purl_of(package(PackageType::pypi, "Ruamel_Yaml", "1")) == "pkg:pypi/ruamel-yaml@1");
}

TEST_CASE("what is no rpm version keeps its colons, and epoch 0 is no epoch") {
  auto odd = package_from_purl("pkg:rpm/libc@36:33:eo");
  REQUIRE(odd);
  CHECK(odd->version == "36:33:eo");
  CHECK(purl_of(*odd) == "pkg:rpm/libc@36:33:eo");
  auto zero = package_from_purl("pkg:rpm/libc@0:1-2");
  REQUIRE(zero);
  CHECK(purl_of(*zero) == "pkg:rpm/libc@1-2");
}

TEST_CASE("operating system packages state distro, architecture, epoch and source") {
  auto deb = package(PackageType::deb, "libc6", "2.36-9+deb12u4");
  deb.arch = "amd64";
  deb.source_name = "glibc";
  CHECK(purl_of(deb, debian) == "pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64&distro=debian-12&upstream=glibc");
  deb.source_version = "2.36-9";
  std::string distro;
  auto back = package_from_purl(purl_of(deb, debian), &distro);
  REQUIRE(back);
  CHECK(distro == "debian-12");
  CHECK(back->source_name == "glibc");
  CHECK(back->source_version == "2.36-9");
  CHECK(back->arch == "amd64");

  auto rpm = package(PackageType::rpm, "NetworkManager", "1:1.44.0-3.el9");
  rpm.module = "nodejs:18";
  auto purl = purl_of(rpm, release("almalinux", "9.3"));
  CHECK(purl == "pkg:rpm/almalinux/NetworkManager@1.44.0-3.el9?distro=almalinux-9.3&epoch=1&rpmmod=nodejs:18");
  CHECK(package_from_purl(purl)->version == "1:1.44.0-3.el9");
  CHECK(package_from_purl(purl)->module == "nodejs:18");
}

TEST_CASE("the source package of rpm tools is understood") {
  auto p = package_from_purl("pkg:rpm/rocky/glibc-common@2.34-60.el9?arch=x86_64&upstream=glibc-2.34-60.el9.src.rpm");
  REQUIRE(p);
  CHECK(p->source_name == "glibc");
  CHECK(p->source_version == "2.34-60.el9");
}

TEST_CASE("purls of other tools are taken as they come") {
  struct Case {
    std::string_view purl, name, version, distro;
  };
  const Case cases[] = {
      {"pkg:npm/@babel/core@7", "@babel/core", "7", ""},
      {"pkg:npm/@babel/core", "@babel/core", "", ""},
      {"PKG:NPM/foo@1.0", "foo", "1.0", ""},
      {"pkg://npm/foo@1.0#sub/path", "foo", "1.0", ""},
      {"pkg:docker/dhi/python@3.14?os_name=debian&os_version=13", "dhi/python", "3.14", "debian-13"},
      {"pkg:deb/debian/curl@7?distro=bookworm", "curl", "7", "debian-bookworm"},
      {"pkg:deb/debian/curl@7?distro=12", "curl", "7", "debian-12"},
      {"pkg:apk/alpine/musl@1.2.4-r2", "musl", "1.2.4-r2", "alpine"},
      {"pkg:golang/google.golang.org/genproto#googleapis/api", "google.golang.org/genproto", "", ""},
      {"pkg:generic/a%zz@1%", "a%zz", "1%", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.purl);
    std::string distro;
    auto p = package_from_purl(c.purl, &distro);
    REQUIRE(p);
    CHECK(p->name == c.name);
    CHECK(p->version == c.version);
    CHECK(distro == c.distro);
  }
}

TEST_CASE("what is no purl is refused") {
  for (std::string_view bad : {"", "npm/foo", "pkg:", "pkg:npm", "pkg:npm/", "pkg:1npm/foo", "pkg:n m/x"}) {
    CAPTURE(bad);
    auto p = package_from_purl(bad);
    REQUIRE_FALSE(p);
    CHECK(p.error().code == seawall::Code::invalid);
  }
  CHECK(package_from_purl("pkg:npm/" + std::string(10000, 'a')).error().code == seawall::Code::exhausted);
}
