#include <set>

#include "codec/json.h"
#include "report/check_report.h"
#include "report/detail/check_result.h"

namespace seawall::report {
namespace {

void write_texts(codec::JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.key(key).begin_array();
  for (const auto& each : texts) json.text(each);
  json.end_array();
}

void write_object(codec::JsonWriter& json, const model::ObjectRef& object) {
  json.key("object").begin_object().field("apiVersion", object.api_version).field("kind", object.kind);
  json.field("namespace", object.in_namespace).field("name", object.name).end_object();
}

// Each once, in the order in which they were found.
std::vector<std::string> paths_of(const model::PolicyResult& result) {
  std::vector<std::string> paths;
  std::set<std::string_view> seen;
  for (const auto& finding : result.findings)
    for (const auto& path : finding.paths)
      if (seen.insert(path).second) paths.push_back(path);
  return paths;
}

// The first message for people, all of them below.
void write_findings(codec::JsonWriter& json, const model::PolicyResult& result) {
  json.field("message", result.findings.empty() ? "" : result.findings.front().message);
  write_texts(json, "paths", paths_of(result));
  if (result.findings.size() < 2) return;
  json.key("messages").begin_array();
  for (const auto& finding : result.findings) json.text(finding.message);
  json.end_array();
}

void write_fix(codec::JsonWriter& json, const model::PolicyResult& result) {
  json.key("fix").begin_object().field("remedy", result.rule->remedy);
  if (!result.fix.empty()) json.field("change", result.fix);
  if (auto patch = codec::parse_json(result.patch); patch && !result.patch.empty())
    json.key("patch").value(patch->root());
  json.end_object();
}

}  // namespace

void detail::write_result(codec::JsonWriter& json, const model::ObjectResults& of, const model::PolicyResult& result) {
  json.begin_object();
  write_object(json, of.object);
  json.field("rule", result.rule->id).field("verdict", model::text(result.verdict));
  if (!result.binding.empty()) json.field("binding", result.binding);
  json.field("severity", model::text(result.rule->severity)).field("title", result.rule->title);
  write_findings(json, result);
  json.field("where", (result.findings.empty() ? of.where : result.findings.front().where).text());
  write_texts(json, "frameworks", result.rule->known_as);
  if (!result.exempted.empty()) json.field("exempted", result.exempted);
  write_fix(json, result);
  json.end_object();
}

std::string check_json(const model::CheckReport& report, const CheckOptions&) {
  codec::JsonWriter json(codec::JsonWriter::Style::pretty);
  json.begin_array();
  for (const auto& object : report.objects)
    for (const auto& result : object.results) detail::write_result(json, object, result);
  json.end_array();
  return json.take() + "\n";
}

}  // namespace seawall::report
