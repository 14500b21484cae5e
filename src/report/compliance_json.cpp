#include "codec/json.h"
#include "report/compliance_report.h"
#include "report/detail/check_result.h"

namespace seawall::report {
namespace {

using model::ControlState;

struct StateWord {
  ControlState state;
  std::string_view word;
};
constexpr StateWord state_words[] = {{ControlState::pass, "pass"},
                                     {ControlState::fail, "fail"},
                                     {ControlState::undetermined, "undetermined"},
                                     {ControlState::nothing_to_judge, "nothing_to_judge"},
                                     {ControlState::not_assessable, "not_assessable"}};

std::string_view word_of(ControlState state) {
  for (const auto& each : state_words)
    if (each.state == state) return each.word;
  return "undetermined";
}

void write_benchmark(codec::JsonWriter& json, const model::Benchmark& benchmark) {
  json.key("benchmark").begin_object().field("id", benchmark.id).field("title", benchmark.title);
  json.field("version", benchmark.version).field("source", benchmark.source).field("note", benchmark.note);
  json.end_object();
}

void write_summary(codec::JsonWriter& json, const model::Compliance& compliance) {
  json.key("summary").begin_object();
  for (const auto& each : state_words) json.key(each.word).unsigned_integer(compliance.count(each.state));
  json.key("assessed").unsigned_integer(compliance.assessed());
  // Of nothing there is no score.
  json.key("score");
  if (compliance.assessed() > 0)
    json.number(compliance.score());
  else
    json.null();
  json.end_object();
}

void write_control(codec::JsonWriter& json, const model::ControlResult& result) {
  const auto& control = *result.control;
  json.begin_object().field("id", control.id).field("title", control.title).field("state", word_of(result.state));
  if (!result.reason.empty()) json.field("reason", result.reason);
  json.field("assess", model::text(control.assess));
  json.key("rules").begin_array();
  for (const auto& rule : control.rules) json.text(rule);
  json.end_array();
  json.key("passed").unsigned_integer(result.passed);
  json.key("exempted").unsigned_integer(result.exempted);
  json.key("failures").begin_array();
  for (const auto& failure : result.failures) detail::write_result(json, *failure.object, *failure.result);
  json.end_array().end_object();
}

}  // namespace

std::string compliance_json(const ComplianceReport& report) {
  codec::JsonWriter json(codec::JsonWriter::Style::pretty);
  json.begin_object();
  write_benchmark(json, report.benchmark);
  write_summary(json, report.compliance);
  json.key("groups").begin_array();
  for (const auto& group : report.compliance.groups) {
    json.begin_object().field("id", group.group->id).field("title", group.group->title);
    json.key("controls").begin_array();
    for (const auto& control : group.controls) write_control(json, control);
    json.end_array().end_object();
  }
  json.end_array();
  json.key("mistakes").begin_array();
  for (const auto& mistake : report.check.mistakes) json.text(mistake);
  json.end_array().end_object();
  return json.take() + "\n";
}

}  // namespace seawall::report
