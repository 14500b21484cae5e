// Room model: what users and feeds write.
#include "base/result.h"
#include "codec/yaml.h"
#include "fuzz.h"
#include "model/exceptions.h"
#include "model/gate.h"
#include "model/package.h"
#include "model/severity.h"

namespace {
using namespace seawall;
}  // namespace

SW_FUZZ(purl,
        "=pkg:npm/%40babel/core@7.0.0?arch=x =pkg:rpm/rocky/glibc@2.34?epoch=1&upstream=glibc-2.34-60.el9.src.rpm") {
  std::string distro;
  auto package = model::package_from_purl(data, &distro);
  if (!package) return;
  // What we write, we read to the same text.
  auto purl = model::purl_of(*package);
  auto again = model::package_from_purl(purl);
  SW_CHECK(!again || model::purl_of(*again) == purl);
}

SW_FUZZ(cvss,
        "=CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H "
        "=CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H =AV:N/AC:L/Au:N/C:N/I:N/A:C") {
  auto score = model::cvss_base_score(data);
  SW_CHECK(!score || (*score >= 0 && *score <= 10));
  SW_CHECK(score.has_value() == (model::cvss_major(data) != 0));
  (void)model::is_network_vector(data);
  (void)model::severity_from(data);
}

SW_FUZZ(gate, "=high+fixable,kev =epss>=0.1,age>30d,cvss>9.0") {
  auto gate = model::Gate::parse(data);
  if (gate) (void)gate->stopped_by(model::Finding{}, 1'700'000'000);
}

SW_FUZZ(exceptions, R"(=[{"id":"CVE-1","reason":"r","until":"2024-01-01","path":"a/**"}])") {
  auto document = codec::parse_yaml(data, {.bytes = 1 << 16, .nodes = 1 << 12, .depth = 32});
  if (!document) return;
  auto rules = model::Exceptions::parse(document->root());
  if (!rules) return;
  model::Report report;
  report.findings.resize(1);
  report.findings[0].id = "CVE-1";
  rules->apply(report, 1'700'000'000);
  (void)rules->audit(1'700'000'000);
}
