#include <doctest/doctest.h>

#include <algorithm>

#include "base/text.h"
#include "report/detail/text.h"
#include "report/format.h"

using namespace seawall;
using namespace seawall::report;

namespace {

model::Finding finding(std::string id, std::string package) {
  model::Finding f;
  f.id = std::move(id);
  f.package.name = std::move(package);
  f.package.version = "1.0";
  f.severity = model::Severity::high;
  return f;
}

model::Report report_of(std::vector<model::Finding> findings) {
  model::Report r;
  r.target = {};
  r.target.name = "target";
  r.target.kind = "directory";
  for (const auto& f : findings) r.packages.push_back(f.package);
  r.findings = std::move(findings);
  r.created = 1'700'000'000;
  r.database.built = r.created - 3 * 86400;
  return r;
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::size_t lines_with(std::string_view text, std::string_view part) {
  return static_cast<std::size_t>(std::ranges::count_if(lines(text), [&](auto line) { return has(line, part); }));
}

}  // namespace

TEST_CASE("binary packages of one source fold into one line") {
  auto a = finding("CVE-1", "libc6"), b = finding("CVE-1", "libc-bin"), c = finding("CVE-1", "other");
  a.package.source_name = b.package.source_name = "glibc";
  auto text = write_table({report_of({a, b, c})}, {});
  CHECK(lines_with(text, "CVE-1") == 2);
  CHECK(has(text, "libc6 +1"));
  CHECK(has(text, "3 findings: 3 high"));
}

TEST_CASE("a report that could not judge everything is never called clean") {
  auto clean = report_of({});
  clean.packages.emplace_back();
  auto doubtful = clean;
  doubtful.notices.push_back({model::Notice::Level::warning, "no advisories for debian 12"});
  CHECK(has(write_table({clean}, {}), "No known vulnerabilities"));
  auto text = write_table({doubtful}, {});
  CHECK_FALSE(has(text, "No known vulnerabilities"));
  // said before anything else about the target's findings
  CHECK(text.find("no advisories for debian 12") < text.find("Nothing found"));
}

TEST_CASE("hostile names neither reach the terminal nor break lines, and every line fits") {
  auto evil = finding("CVE-2", "ev\x1b[2Jil\n\u202e" + std::string(300, 'x'));
  evil.package.locations = {{.path = "a/\x1b]0;t\x07/" + std::string(200, 'p'), .layer = 2}};
  evil.package.type = model::PackageType::npm;
  evil.fixed_versions = {"1.0.1", std::string(90, '9')};
  for (unsigned width : {60u, 80u, 120u, 200u}) {
    CAPTURE(width);
    auto text = write_table({report_of({evil, finding("CVE-3", std::string(100, '\xe5'))})}, {.width = width});
    CHECK_FALSE(has(text, "\x1b"));
    CHECK_FALSE(has(text, "\u202e"));
    CHECK(lines_with(text, "CVE-2") == 1);
    for (auto line : lines(text)) CHECK(report::detail::display_width(line) <= width);
  }
}

TEST_CASE("colours are written only where wanted") {
  auto report = report_of({finding("CVE-4", "a")});
  CHECK_FALSE(has(write_table({report}, {}), "\x1b"));
  CHECK(has(write_table({report}, {.colour = Colour::on}), "\x1b[31mHIGH\x1b[0m"));
}

TEST_CASE("the last lines name the upgrade that removes most and its command") {
  auto report = report_of({finding("CVE-5", "a")});
  report.upgrades = {{"a", "1.0", "1.2", "apt-get install a=1.2", {"CVE-5"}}};
  auto text = write_table({report}, {.width = 120});
  CHECK(has(text, "database of 2023-11-11, 3 days old"));
  CHECK(text.ends_with("    apt-get install a=1.2\n"));
}

TEST_CASE("formats are found by name, and an unknown one is told the known ones") {
  CHECK(format_named("table")->name == "table");
  auto unknown = format_named("tabel");
  REQUIRE_FALSE(unknown);
  CHECK(has(unknown.error().what, "json"));
}
