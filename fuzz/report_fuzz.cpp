// Room report: SBOMs of others in, every format out.
#include "base/result.h"
#include "codec/json.h"
#include "fuzz.h"
#include "report/format.h"
#include "report/json_reader.h"
#include "report/sbom_reader.h"

namespace {

using namespace seawall;

constexpr codec::Limits limits{.bytes = 1 << 20, .nodes = 1 << 16, .depth = 64};

void write_all(const report::Reports& reports) {
  report::Options options{.width = 60, .colour = report::Colour::off, .ignored = report::Ignored::show};
  for (const auto& format : report::formats()) {
    auto text = format.write(reports, options);
    // JSON escapes controls; every other format has to have replaced them.
    SW_CHECK(format.name == "json" || text.find('\x1b') == std::string::npos);
  }
}

}  // namespace

SW_FUZZ(sbom,
        "fixtures/packages/files/*/sbom/*/*.json fixtures/packages/files/*/sbom/*/*/*.json "
        "fixtures/packages/files/*/sbom/*/*/.*.json") {
  auto reports = report::read_sbom(data, limits);
  if (reports) write_all(*reports);
}

SW_FUZZ(
    our_json,
    R"(={"schema_version":1,"packages":[{"name":"a","version":"1","purl":"pkg:npm/a@1","type":"npm","licenses":["MIT"],"locations":[{"path":"p","layer":0}]}],"findings":[{"id":"CVE-1","package":{"name":"a","version":"1","purl":"pkg:npm/a@1"},"severity":"high","exploit":{"epss":0.5}}],"notices":[{"level":"partial","what":"x"}]})") {
  auto document = codec::parse_json(data, limits);
  if (!document || !report::is_our_json(document->root())) return;
  auto reports = report::reports_from(document->root());
  if (reports) write_all(*reports);
}
