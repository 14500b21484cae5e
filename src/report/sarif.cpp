// SARIF 2.1.0 for code scanning services: one run a target, one rule a vulnerability, one result a package that has it.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "codec/json.h"
#include "report/detail/sarif.h"
#include "report/detail/summary.h"
#include "report/detail/text.h"
#include "report/format.h"

namespace seawall::report {
namespace {

using codec::JsonWriter;
using detail::printable;
using model::Finding;
using model::Report;

// Services show this number's band as the severity, so it has to lie in the band of the severity that we give: the
// highest CVSS score where it does, else the band's middle.
double security_severity(const Finding& finding) {
  double score = 0;
  for (const auto& cvss : finding.cvss) score = std::max(score, cvss.score);
  constexpr int newest_scale = 4;
  if (score > 0 && model::severity_of_score(score, newest_scale) == finding.severity) return score;
  return detail::middle_score(finding.severity);
}

class Run {
 public:
  Run(JsonWriter& out, const Report& report, const Options& options) : out_(out), report_(report), options_(options) {}

  void write() {
    index_rules(report_.findings);
    if (options_.ignored == Ignored::show) index_rules(report_.ignored);
    out_.begin_object();
    write_tool();
    write_invocation();
    out_.key("automationDetails").begin_object();
    out_.field("id", fmt::format("{}/{}/", detail::tool_name, printable(report_.target.name))).end_object();
    out_.field("columnKind", "utf16CodeUnits");
    out_.key("results").begin_array();
    for (const auto& finding : report_.findings) write_result(finding);
    if (options_.ignored == Ignored::show)
      for (const auto& finding : report_.ignored) write_result(finding);
    out_.end_array();
    write_properties();
    out_.end_object();
  }

 private:
  void index_rules(const std::vector<Finding>& findings) {
    for (const auto& finding : findings)
      if (rule_of_.emplace(finding.id, rules_.size()).second) rules_.push_back(&finding);
  }

  void text_object(std::string_view key, std::string_view text) {
    out_.key(key).begin_object().field("text", text).end_object();
  }

  void write_tool() {
    out_.key("tool").begin_object().key("driver").begin_object();
    out_.field("name", detail::tool_name).field("version", detail::tool_version);
    out_.field("informationUri", detail::tool_uri);
    out_.key("rules").begin_array();
    for (const auto* finding : rules_) write_rule(*finding);
    out_.end_array().end_object().end_object();
  }

  void write_rule(const Finding& finding) {
    auto title = finding.title.empty() ? finding.id + " in " + finding.package.name : finding.title;
    out_.begin_object().field("id", printable(finding.id));
    text_object("shortDescription", printable(finding.id));
    text_object("fullDescription", printable(title));
    if (auto link = detail::help_uri(finding); link.find(' ') == std::string::npos)
      out_.field("helpUri", printable(link));
    text_object("help", help_text(finding));
    out_.key("defaultConfiguration").begin_object().field("level", detail::level_of(finding.severity)).end_object();
    out_.key("properties").begin_object();
    out_.field("security-severity", detail::tenths(security_severity(finding))).field("precision", "very-high");
    out_.key("tags").begin_array().text("security").text("vulnerability");
    for (const auto& cwe : finding.cwe) out_.text("external/cwe/" + lower(printable(cwe)));
    if (finding.exploit.known_exploited) out_.text("known-exploited");
    out_.end_array().end_object().end_object();
  }

  static std::string help_text(const Finding& finding) {
    auto text = fmt::format("{}: severity {}.", finding.id, model::text(finding.severity));
    if (finding.exploit.known_exploited) text += " Known to be exploited.";
    if (finding.exploit.epss >= 0) text += " EPSS " + detail::percent(finding.exploit.epss) + ".";
    if (!finding.aliases.empty()) text += " Also " + join(finding.aliases, ", ") + ".";
    if (!finding.remediation.empty()) text += " " + finding.remediation;
    return printable(text);
  }

  void write_invocation() {
    out_.key("invocations").begin_array().begin_object();
    out_.flag("executionSuccessful", !report_.partial());
    if (report_.created != 0) out_.field("endTimeUtc", to_rfc3339(report_.created));
    out_.key("toolExecutionNotifications").begin_array();
    for (const auto* notice : detail::notices_by_weight(report_)) {
      constexpr std::string_view levels[] = {"note", "warning", "error"};
      out_.begin_object().field("level", levels[static_cast<std::size_t>(notice->level)]);
      text_object("message", printable(notice->what));
      out_.end_object();
    }
    out_.end_array().end_object().end_array();
  }

  void write_result(const Finding& finding) {
    out_.begin_object().field("ruleId", printable(finding.id));
    out_.field("ruleIndex", static_cast<std::int64_t>(rule_of_.at(finding.id)));
    out_.field("level", detail::level_of(finding.severity));
    text_object("message", message_of(finding));
    write_locations(finding);
    auto print = fmt::format("{:016x}", hash64(fingerprint_of(finding)));
    out_.key("fingerprints").begin_object().field("seawall/v1", print).end_object();
    out_.key("partialFingerprints").begin_object().field("primaryLocationLineHash", print + ":1").end_object();
    if (!finding.ignored_by.empty()) {
      out_.key("suppressions").begin_array().begin_object().field("kind", "external").field("status", "accepted");
      out_.field("justification", printable(finding.ignored_by)).end_object().end_array();
    }
    out_.key("properties").begin_object();
    out_.field("purl", detail::purl_of(finding, report_.distro)).field("status", text(finding.status));
    out_.end_object().end_object();
  }

  static std::string message_of(const Finding& finding) {
    auto text = fmt::format("{} {}: {} ({})", finding.package.name, finding.package.version, finding.id,
                            model::text(finding.severity));
    text += finding.fixable() ? ", fixed in " + join(finding.fixed_versions, ", ") : ", " + detail::fix_text(finding);
    if (!finding.remediation.empty()) text += ". " + finding.remediation;
    return printable(text);
  }

  // The same finding in the next version of the image keeps it: neither versions nor layers count.
  static std::string fingerprint_of(const Finding& finding) {
    auto key = fmt::format("{}\n{}\n{}", finding.id, text(finding.package.type), finding.package.name);
    if (!is_os_package(finding.package.type) && !finding.package.locations.empty())
      key += "\n" + finding.package.locations.front().path;
    return key;
  }

  void write_locations(const Finding& finding) {
    const auto& places = finding.package.locations;
    out_.key("locations").begin_array().begin_object();
    out_.key("physicalLocation").begin_object().key("artifactLocation").begin_object();
    out_.field("uri", detail::path_uri(places.empty() ? report_.target.name : places.front().path)).end_object();
    out_.key("region").begin_object().field("startLine", std::int64_t{1}).end_object().end_object();
    out_.key("logicalLocations").begin_array().begin_object();
    out_.field("name", printable(finding.package.name));
    out_.field("fullyQualifiedName", detail::purl_of(finding, report_.distro)).field("kind", "package");
    out_.end_object().end_array();
    if (!places.empty() && places.front().layer >= 0)
      text_object("message", fmt::format("layer {}", places.front().layer + 1));
    out_.end_object().end_array();
  }

  void write_properties() {
    out_.key("properties").begin_object().field("target", printable(report_.target.name));
    if (!report_.target.digest.empty()) out_.field("digest", printable(report_.target.digest));
    out_.field("database", detail::database_sentence(report_)).end_object();
  }

  JsonWriter& out_;
  const Report& report_;
  const Options& options_;
  std::vector<const Finding*> rules_;
  std::map<std::string, std::size_t, std::less<>> rule_of_;
};

}  // namespace

std::string write_sarif(const Reports& reports, const Options& options) {
  JsonWriter out(JsonWriter::Style::pretty);
  out.begin_object();
  out.field("$schema", detail::sarif_schema).field("version", "2.1.0").key("runs").begin_array();
  for (const auto& report : reports) Run(out, report, options).write();
  out.end_array().end_object();
  return out.take() + "\n";
}

}  // namespace seawall::report
