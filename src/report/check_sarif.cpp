// SARIF 2.1.0 of a check: one run, one result for each object and rule that fails or can't be decided.
#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "codec/json.h"
#include "report/check_report.h"
#include "report/detail/check_groups.h"
#include "report/detail/sarif.h"
#include "report/detail/summary.h"
#include "report/detail/text.h"

namespace seawall::report {
namespace {

using codec::JsonWriter;
using detail::printable;
using model::ObjectResults;
using model::PolicyResult;
using model::RuleInfo;
using model::Verdict;

bool is_told(const PolicyResult& result) {
  return result.verdict == Verdict::fail || result.verdict == Verdict::undetermined;
}

// What is known by its whole path stays so.
std::string file_uri(std::string_view file) {
  return (file.starts_with('/') ? "file:///" : "") + detail::path_uri(file);
}

class CheckRun {
 public:
  CheckRun(JsonWriter& out, const model::CheckReport& report) : out_(out), report_(report) {
    for (const auto& object : report.objects)
      for (const auto& result : object.results)
        if (is_told(result) && numbers_.emplace(result.rule->id, rules_.size()).second) rules_.push_back(result.rule);
  }

  void write() {
    out_.begin_object();
    write_tool();
    write_invocation();
    out_.key("automationDetails").begin_object();
    out_.field("id", std::string(detail::tool_name) + "/check/").end_object();
    out_.field("columnKind", "unicodeCodePoints");
    out_.key("results").begin_array();
    for (const auto& object : report_.objects)
      for (const auto& result : object.results)
        if (is_told(result)) write_result(object, result);
    out_.end_array().end_object();
  }

 private:
  void text_object(std::string_view key, std::string_view text) {
    out_.key(key).begin_object().field("text", printable(text)).end_object();
  }

  void write_tool() {
    out_.key("tool").begin_object().key("driver").begin_object();
    out_.field("name", detail::tool_name).field("version", detail::tool_version);
    out_.field("informationUri", detail::tool_uri);
    out_.key("rules").begin_array();
    for (const auto* rule : rules_) write_rule(*rule);
    out_.end_array().end_object().end_object();
  }

  void write_rule(const RuleInfo& rule) {
    out_.begin_object().field("id", printable(rule.id));
    text_object("shortDescription", rule.title.empty() ? rule.id : rule.title);
    if (!rule.description.empty()) text_object("fullDescription", rule.description);
    if (auto link = help_uri(rule); !link.empty()) out_.field("helpUri", link);
    text_object("help", help_text(rule));
    out_.key("defaultConfiguration").begin_object().field("level", detail::level_of(rule.severity)).end_object();
    out_.key("properties").begin_object();
    out_.field("security-severity", detail::tenths(detail::middle_score(rule.severity)));
    out_.field("precision", "very-high").key("tags").begin_array().text("security").text("kubernetes");
    for (const auto& name : rule.known_as) out_.text(printable(name));
    out_.end_array().end_object().end_object();
  }

  static std::string help_uri(const RuleInfo& rule) {
    for (const auto& link : rule.references)
      if (link.starts_with("https://") && link.find_first_of(" <>\"{}|\\^`") == std::string::npos)
        return printable(link);
    return {};
  }

  static std::string help_text(const RuleInfo& rule) {
    std::string text = rule.remedy.empty() ? rule.title : rule.remedy;
    if (!rule.known_as.empty()) text += " Also known as " + join(rule.known_as, ", ") + ".";
    for (const auto& link : rule.references) text += " " + link;
    return text.empty() ? rule.id : text;
  }

  void write_invocation() {
    out_.key("invocations").begin_array().begin_object();
    out_.flag("executionSuccessful", report_.mistakes.empty());
    if (report_.created != 0) out_.field("endTimeUtc", to_rfc3339(report_.created));
    out_.key("toolExecutionNotifications").begin_array();
    for (const auto& mistake : report_.mistakes) {
      out_.begin_object().field("level", "error");
      text_object("message", mistake);
      out_.end_object();
    }
    out_.end_array().end_object().end_array();
  }

  void write_result(const ObjectResults& object, const PolicyResult& result) {
    bool fails = result.verdict == Verdict::fail;
    out_.begin_object().field("ruleId", printable(result.rule->id));
    out_.field("ruleIndex", static_cast<std::int64_t>(numbers_.at(result.rule->id)));
    // "Open" is SARIF's word for what could not be decided; only failures have a level.
    out_.field("kind", fails ? "fail" : "open");
    out_.field("level", fails ? detail::level_of(result.rule->severity) : std::string_view("none"));
    text_object("message", object.object.text() + ": " + detail::message_of(result));
    write_locations(object, result);
    write_fingerprints(object, result);
    write_suppressions(result);
    write_fix(result);
    out_.end_object();
  }

  void write_physical(const model::FilePlace& place) {
    out_.key("physicalLocation").begin_object().key("artifactLocation").begin_object();
    out_.field("uri", file_uri(place.file)).end_object();
    out_.key("region").begin_object();
    out_.field("startLine", static_cast<std::int64_t>(std::max<std::size_t>(place.line, 1)));
    if (place.column > 0) out_.field("startColumn", static_cast<std::int64_t>(place.column));
    out_.end_object().end_object();
  }

  static std::string qualified(const model::ObjectRef& object) {
    auto out = object.api_version + "/" + object.kind + "/";
    if (!object.in_namespace.empty()) out += object.in_namespace + "/";
    return out + object.name;
  }

  // The object, and the field within it.
  void write_logical(const model::ObjectRef& object, const std::vector<std::string>& paths) {
    out_.key("logicalLocations").begin_array().begin_object();
    out_.field("name", printable(object.name)).field("fullyQualifiedName", printable(qualified(object)));
    out_.field("kind", "resource").end_object();
    for (const auto& path : paths) {
      out_.begin_object().field("name", printable(path));
      out_.field("fullyQualifiedName", printable(qualified(object) + "/" + path));
      out_.field("kind", "member").end_object();
    }
    out_.end_array();
  }

  void write_locations(const ObjectResults& object, const PolicyResult& result) {
    const auto& findings = result.findings;
    out_.key("locations").begin_array().begin_object();
    write_physical(findings.empty() ? object.where : findings.front().where);
    write_logical(object.object, findings.empty() ? std::vector<std::string>() : findings.front().paths);
    out_.end_object().end_array();
    if (findings.size() < 2) return;
    out_.key("relatedLocations").begin_array();
    for (std::size_t i = 1; i < findings.size(); ++i) {
      out_.begin_object().field("id", static_cast<std::int64_t>(i));
      write_physical(findings[i].where);
      write_logical(object.object, findings[i].paths);
      text_object("message", findings[i].message);
      out_.end_object();
    }
    out_.end_array();
  }

  // Lines come and go; the object and the rule stay. The same object may stand in several files.
  void write_fingerprints(const ObjectResults& object, const PolicyResult& result) {
    auto key = result.rule->id + "\n" + result.binding + "\n" + qualified(object.object) + "\n" + object.where.file;
    auto number = ++occurrences_[key];
    auto print = fmt::format("{:016x}", hash64(key + "\n" + std::to_string(number)));
    out_.key("fingerprints").begin_object().field("seawall/v1", print).end_object();
    out_.key("partialFingerprints").begin_object().field("primaryLocationLineHash", print + ":1").end_object();
  }

  void write_suppressions(const PolicyResult& result) {
    if (result.exempted.empty()) return;
    out_.key("suppressions").begin_array().begin_object().field("kind", "external").field("status", "accepted");
    out_.field("justification", printable(result.exempted)).end_object().end_array();
  }

  // SARIF's own fixes are changes of text; the patch of the object stands beside.
  void write_fix(const PolicyResult& result) {
    if (result.edit) write_edit(result);
    out_.key("properties").begin_object().field("severity", model::text(result.rule->severity));
    if (!result.binding.empty()) out_.field("binding", printable(result.binding));
    if (!result.fix.empty()) out_.field("fix", printable(result.fix));
    if (auto patch = codec::parse_json(result.patch); patch && !result.patch.empty())
      out_.key("patch").value(patch->root());
    out_.end_object();
  }

  void write_edit(const PolicyResult& result) {
    const auto& edit = *result.edit;
    out_.key("fixes").begin_array().begin_object();
    text_object("description", result.fix);
    out_.key("artifactChanges").begin_array().begin_object();
    out_.key("artifactLocation").begin_object().field("uri", file_uri(edit.file)).end_object();
    out_.key("replacements").begin_array().begin_object().key("deletedRegion").begin_object();
    out_.field("startLine", static_cast<std::int64_t>(edit.first_line)).field("startColumn", std::int64_t{1});
    out_.field("endLine", static_cast<std::int64_t>(edit.end_line)).field("endColumn", std::int64_t{1}).end_object();
    text_content(edit.text);
    out_.end_object().end_array().end_object().end_array().end_object().end_array();
  }

  // As it is: it is to stand in the file.
  void text_content(std::string_view text) {
    out_.key("insertedContent").begin_object().field("text", text).end_object();
  }

  JsonWriter& out_;
  const model::CheckReport& report_;
  std::vector<const RuleInfo*> rules_;
  std::map<std::string, std::size_t, std::less<>> numbers_;
  std::map<std::string, std::size_t> occurrences_;
};

}  // namespace

std::string check_sarif(const model::CheckReport& report, const CheckOptions&) {
  JsonWriter out(JsonWriter::Style::pretty);
  out.begin_object().field("$schema", detail::sarif_schema).field("version", "2.1.0");
  out.key("runs").begin_array();
  CheckRun(out, report).write();
  out.end_array().end_object();
  return out.take() + "\n";
}

}  // namespace seawall::report
