// PolicyReports of a check: wgpolicyk8s.io/v1alpha2, as a List that `kubectl apply -f` takes.
#include <map>

#include "base/text.h"
#include "codec/json.h"
#include "report/check_report.h"
#include "report/detail/check_groups.h"
#include "report/detail/summary.h"
#include "report/detail/text.h"

namespace seawall::report {
namespace {

using codec::JsonWriter;
using detail::FailedObject;
using detail::printable;
using model::Severity;
using model::Verdict;

// One report is one object of a cluster's database, which takes 1.5 MiB.
constexpr std::size_t most_results = 1000;

// The words of the API; exceptions and rules that do not apply are skipped.
std::string_view outcome(const model::PolicyResult& result) {
  if (!result.exempted.empty() || result.verdict == Verdict::not_applicable) return "skip";
  if (result.verdict == Verdict::undetermined) return "error";
  return result.verdict == Verdict::fail ? "fail" : "pass";
}

std::string_view severity_word(Severity severity) {
  return severity < Severity::low ? std::string_view("info") : model::text(severity);
}

void write_summary(JsonWriter& json, std::span<const FailedObject> results) {
  std::map<std::string_view, std::int64_t> counts;
  for (const auto& each : results) ++counts[outcome(*each.result)];
  json.key("summary").begin_object();
  for (std::string_view word : {"pass", "fail", "warn", "error", "skip"}) json.field(word, counts[word]);
  json.end_object();
}

void write_properties(JsonWriter& json, const FailedObject& of) {
  const auto& result = *of.result;
  json.key("properties").begin_object().field("where", printable(detail::place_of(of).text()));
  std::vector<std::string> paths;
  for (const auto& finding : result.findings) paths.insert(paths.end(), finding.paths.begin(), finding.paths.end());
  if (!paths.empty()) json.field("paths", printable(join(paths, ", ")));
  if (!result.fix.empty()) json.field("fix", printable(result.fix));
  if (!result.binding.empty()) json.field("binding", printable(result.binding));
  if (!result.exempted.empty()) json.field("ignored", printable(result.exempted));
  if (!result.rule->known_as.empty()) json.field("frameworks", printable(join(result.rule->known_as, ", ")));
  json.end_object();
}

void write_result(JsonWriter& json, const FailedObject& of, Instant created) {
  const auto& object = of.object->object;
  const auto& rule = *of.result->rule;
  json.begin_object().field("source", detail::tool_name).field("policy", printable(rule.id));
  auto halves = cut(rule.id, "/");
  json.field("category", printable(halves ? halves->left : rule.id));
  json.field("result", outcome(*of.result)).field("severity", severity_word(rule.severity)).flag("scored", true);
  json.field("message", printable(of.result->findings.empty() ? rule.title : detail::message_of(*of.result)));
  json.key("resources").begin_array().begin_object();
  json.field("apiVersion", printable(object.api_version)).field("kind", printable(object.kind));
  if (!object.in_namespace.empty()) json.field("namespace", printable(object.in_namespace));
  json.field("name", printable(object.name)).end_object().end_array();
  if (created != 0)
    json.key("timestamp").begin_object().field("seconds", created).field("nanos", std::int64_t{0}).end_object();
  write_properties(json, of);
  json.end_object();
}

void write_report(JsonWriter& json, std::string_view in_namespace, std::size_t number,
                  std::span<const FailedObject> results, Instant created) {
  json.begin_object().field("apiVersion", "wgpolicyk8s.io/v1alpha2");
  json.field("kind", in_namespace.empty() ? "ClusterPolicyReport" : "PolicyReport");
  auto name = std::string(detail::tool_name) + "-check" + (number > 1 ? "-" + std::to_string(number) : "");
  json.key("metadata").begin_object().field("name", name);
  if (!in_namespace.empty()) json.field("namespace", printable(in_namespace));
  json.key("labels").begin_object().field("app.kubernetes.io/managed-by", detail::tool_name).end_object().end_object();
  write_summary(json, results);
  json.key("results").begin_array();
  for (const auto& each : results) write_result(json, each, created);
  json.end_array().end_object();
}

}  // namespace

std::string check_policy_report(const model::CheckReport& report, const CheckOptions&) {
  std::map<std::string_view, std::vector<FailedObject>> by_namespace;
  for (const auto& object : report.objects)
    for (const auto& result : object.results) by_namespace[object.object.in_namespace].push_back({&object, &result});
  JsonWriter json(JsonWriter::Style::pretty);
  json.begin_object().field("apiVersion", "v1").field("kind", "List").key("items").begin_array();
  for (const auto& [in_namespace, results] : by_namespace)
    for (std::size_t begin = 0; begin < results.size(); begin += most_results)
      write_report(json, in_namespace, begin / most_results + 1,
                   std::span(results).subspan(begin, std::min(most_results, results.size() - begin)), report.created);
  json.end_array().end_object();
  return json.take() + "\n";
}

}  // namespace seawall::report
