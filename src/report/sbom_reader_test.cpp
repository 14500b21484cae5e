#include "report/sbom_reader.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "base/files.h"
#include "base/text.h"
#include "codec/json.h"
#include "report/format.h"

using namespace seawall;
using namespace seawall::report;

namespace {

model::Report read_one(std::string_view text) {
  auto reports = read_sbom(text);
  REQUIRE(reports);
  REQUIRE(reports->size() == 1);
  return std::move(reports->front());
}

std::string names_of(const model::Report& report) {
  std::string out;
  for (const auto& p : report.packages) out += (out.empty() ? "" : " ") + p.name + "@" + p.version;
  return out;
}

std::string shared_folder() {
  const char* stated = std::getenv("SEAWALL_SHARED");
  return stated ? stated : "../shared";
}

std::string last_part(std::string_view name) {
  auto at = name.find_last_of("/:");
  return lower(at == std::string_view::npos ? name : name.substr(at + 1));
}

}  // namespace

TEST_CASE("CycloneDX: nested components, operating system, licences, places and trivy's source packages") {
  auto report = read_one(R"({"bomFormat":"CycloneDX","specVersion":"1.6",
    "metadata":{"component":{"name":"app:1","type":"container"},"timestamp":"2024-01-01T00:00:00Z"},
    "components":[
      {"type":"operating-system","name":"debian","version":"12.5"},
      {"type":"application","name":"package-lock.json","components":[
        {"type":"library","name":"core","group":"@babel","version":"7","purl":"pkg:npm/%40babel/core@7",
         "licenses":[{"license":{"id":"MIT"}},{"license":{"name":"odd"}}],
         "evidence":{"occurrences":[{"location":"/app/package-lock.json"}]}}]},
      {"type":"library","name":"libc6","version":"2.36","purl":"pkg:deb/debian/libc6@2.36?distro=debian-11",
       "properties":[{"name":"aquasecurity:trivy:SrcName","value":"glibc"},
                     {"name":"aquasecurity:trivy:SrcVersion","value":"2.36"},
                     {"name":"aquasecurity:trivy:SrcRelease","value":"9"},
                     {"name":"aquasecurity:trivy:SrcEpoch","value":"1"}]},
      {"type":"application","name":"Nginx","version":"1.21.1","cpe":"cpe:2.3:a:nginx:nginx:1.21.1"},
      {"type":"library","name":"versionless","purl":"pkg:gem/versionless"},
      {"type":"library","name":"broken","purl":"not a purl","cpe":"x"}]})");
  CHECK(names_of(report) == "@babel/core@7 libc6@2.36 Nginx@1.21.1 versionless@");
  CHECK(report.target.name == "app:1");
  CHECK(report.target.kind == "sbom");
  CHECK(report.distro.id == "debian");
  CHECK(report.distro.version == "12.5");
  CHECK(report.packages[0].licenses == std::vector<std::string>{"MIT", "odd"});
  CHECK(report.packages[0].locations == std::vector<model::Location>{{.path = "app/package-lock.json"}});
  CHECK(report.packages[1].source_name == "glibc");
  CHECK(report.packages[1].source_version == "1:2.36-9");
  CHECK(report.notices.size() == 1);
}

TEST_CASE("SPDX: purls, CPEs, licences behind references, distribution from purls") {
  auto report = read_one(R"({"spdxVersion":"SPDX-2.3","name":"doc",
    "hasExtractedLicensingInfos":[{"licenseId":"LicenseRef-1","name":"Our Licence"}],
    "packages":[
      {"name":"root"},
      {"name":"x","licenseDeclared":"LicenseRef-1","externalRefs":[
         {"referenceType":"purl","referenceLocator":"pkg:apk/alpine/musl@1.2.4-r2?distro=alpine-3.18.4"}]},
      {"name":"openssl","externalRefs":[{"referenceType":"cpe23Type","referenceLocator":"cpe:2.3:a:o:openssl:3.0:*:*"}]},
      {"name":"libc6","versionInfo":"2.36","sourceInfo":"built package from: glibc 2.36-9","licenseDeclared":"NONE"}]})");
  CHECK(names_of(report) == "musl@1.2.4-r2 openssl@3.0 libc6@2.36");
  CHECK(report.packages[0].licenses == std::vector<std::string>{"Our Licence"});
  CHECK(report.distro.id == "alpine");
  CHECK(report.distro.version == "3.18.4");
  CHECK(report.packages[2].source_name == "glibc");
}

TEST_CASE("distributions in purl qualifiers") {
  struct Case {
    std::string_view purl, id, version, codename;
  };
  constexpr Case cases[] = {
      {"pkg:rpm/opensuse/zypper@1?distro=opensuse-leap-15.5", "opensuse-leap", "15.5", ""},
      {"pkg:deb/debian/curl@7?distro=debian-sid", "debian", "", "sid"},
      {"pkg:deb/debian/curl@7?distro=bookworm", "debian", "", "bookworm"},
      {"pkg:rpm/opensuse/zypper@1?distro=opensuse-tumbleweed", "opensuse-tumbleweed", "", ""},
      {"pkg:apk/wolfi/curl@8", "wolfi", "", ""},
      {"pkg:npm/curl@8?distro=debian-12", "", "", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.purl);
    auto text = R"({"bomFormat":"CycloneDX","specVersion":"1.4","components":[{"type":"library","purl":")" +
                std::string(c.purl) + R"("}]})";
    auto report = read_one(text);
    CHECK(report.distro.id == c.id);
    CHECK(report.distro.version == c.version);
    CHECK(report.distro.codename == c.codename);
  }
}

TEST_CASE("a statement's predicate is read as the document itself") {
  auto report = read_one(R"({"_type":"https://in-toto.io/Statement/v1","predicateType":"https://cyclonedx.org/bom",
    "predicate":{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"name":"a","version":"1"}]}})");
  CHECK(names_of(report) == "a@1");
}

TEST_CASE("what is no readable SBOM is refused with the right code") {
  struct Case {
    std::string_view text;
    Code code;
  };
  constexpr Case cases[] = {
      {"", Code::invalid},
      {"[]", Code::invalid},
      {R"({"a":1})", Code::invalid},
      {"<bom/>", Code::unsupported},
      {"SPDXVersion: SPDX-2.3\n", Code::unsupported},
      {R"({"@context":"x","@graph":[]})", Code::unsupported},
      {R"({"bomFormat":"CycloneDX","specVersion":"2.0"})", Code::unsupported},
      {R"({"spdxVersion":"SPDX-3.0"})", Code::unsupported},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    auto reports = read_sbom(c.text);
    REQUIRE_FALSE(reports);
    CHECK(reports.error().code == c.code);
  }
}

TEST_CASE("our own JSON comes back with its packages and without its findings") {
  model::Report report;
  report.distro.id = "debian";
  report.distro.version = "12";
  model::Package package;
  package.type = model::PackageType::deb;
  package.name = "libc6";
  package.version = "2.36";
  package.source_name = "glibc";
  package.licenses = {"GPL-2"};
  package.locations = {{.path = "var/lib/dpkg/status", .layer = 3}};
  report.packages = {package};
  report.findings.emplace_back();
  auto back = read_one(write_json({report}, {}));
  CHECK(back.packages == report.packages);
  CHECK(back.distro == report.distro);
  CHECK(back.findings.empty());
}

TEST_CASE("what we write as CycloneDX and SPDX we read back") {
  model::Report report;
  report.target.name = "app:1";
  report.target.kind = "image";
  report.distro.id = "almalinux";
  report.distro.version = "9.3";
  model::Package rpm;
  rpm.type = model::PackageType::rpm;
  rpm.name = "nodejs-libs";
  rpm.version = "1:18.1-2.el9";
  rpm.arch = "x86_64";
  rpm.source_name = "nodejs";
  rpm.source_version = "1:18.1-2.el9";
  rpm.module = "nodejs:18";
  rpm.licenses = {"MIT OR Apache-2.0"};
  model::Package jar;
  jar.type = model::PackageType::maven;
  jar.name = "org.slf4j:slf4j-api";
  jar.version = "2.0.1";
  jar.licenses = {"Some Licence"};
  jar.locations = {{.path = "opt/app.jar"}};
  report.packages = {rpm, jar};
  for (auto format : {"cyclonedx@1.4", "cyclonedx@1.5", "cyclonedx@1.6", "cyclonedx@1.7", "spdx"}) {
    CAPTURE(format);
    auto back = read_one(format_named(format)->write({report}, {}));
    CHECK(back.target.name == "app:1");
    CHECK(back.distro.id == "almalinux");
    CHECK(back.distro.version == "9.3");
    for (auto& package : back.packages) package.found_by.clear();
    CHECK(back.packages == report.packages);
    CHECK(back.notices.empty());
  }
}

TEST_CASE("every SBOM fixture gives the packages that upstream expects") {
  auto root = shared_folder() + "/fixtures/packages/";
  auto expected = read_file(root + "expected.jsonl", 256 << 20);
  if (!expected) {
    MESSAGE("skipped: no fixtures in ", root);
    return;
  }
  int cases = 0;
  for (auto line : lines(*expected)) {
    auto document = codec::parse_json(line);
    REQUIRE(document);
    auto fixture = document->root();
    auto kind = fixture["kind"].text();
    auto file = fixture["file"].text();
    if ((kind != "sbom/cdx" && kind != "sbom/spdx") || !file.ends_with(".json")) continue;
    CAPTURE(file);
    ++cases;
    auto report = read_one(*read_file(root + std::string(file), 64 << 20));
    CHECK(report.packages.size() == fixture["packages"].size());
    for (auto package : fixture["packages"].items()) {
      auto name = package["name"].text();
      CAPTURE(name);
      // Upstream names a package without purl by its CPE; we keep its name and take the CPE's version.
      bool found = std::ranges::any_of(report.packages, [&](const model::Package& p) {
        if (name.starts_with("cpe:")) return name.find(":" + lower(p.name) + ":" + p.version) != std::string_view::npos;
        return last_part(p.name) == last_part(name) && p.version == package["version"].text();
      });
      CHECK(found);
    }
  }
  CHECK(cases >= 9);
}
