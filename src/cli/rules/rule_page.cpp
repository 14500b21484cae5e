// A rule as it is written, made into what people read.
#include "base/text.h"
#include "cli/check/results.h"
#include "cli/rules/rule_choice.h"
#include "codec/json.h"

namespace seawall::cli {
namespace {

using model::RulePage;

std::string json_of(codec::Value value) { return codec::JsonWriter().value(value).take(); }

std::vector<std::string> texts_of(codec::Value list) {
  std::vector<std::string> all;
  for (auto item : list.items()) all.emplace_back(item.scalar());
  return all;
}

// "deployments, statefulsets of apps (CREATE, UPDATE)"
std::string text_of_resource_rule(codec::Value rule) {
  auto out = join(texts_of(rule["resources"]), ", ");
  auto groups = texts_of(rule["apiGroups"]);
  std::erase(groups, "");
  if (!groups.empty()) out += " of " + join(groups, ", ");
  if (rule["operations"].size() > 0) out += " (" + join(texts_of(rule["operations"]), ", ") + ")";
  return out;
}

std::vector<std::string> judged_by(codec::Value spec) {
  std::vector<std::string> all;
  if (spec["podSpec"].boolean().value_or(false)) all.emplace_back("everything that makes pods");
  for (auto kind : spec["kinds"].items()) all.emplace_back(kind.text());
  for (auto rule : spec.path("matchConstraints", "resourceRules").items()) all.push_back(text_of_resource_rule(rule));
  if (auto kind = spec.text_or("constraintKind"); !kind.empty())
    all.push_back("what Gatekeeper constraints of kind " + std::string(kind) + " match");
  return all;
}

std::vector<RulePage::Named> named_expressions(codec::Value list) {
  std::vector<RulePage::Named> all;
  for (auto each : list.items())
    all.push_back({std::string(each.text_or("name")), std::string(each.text_or("expression"))});
  return all;
}

std::vector<RulePage::Check> checks_of(codec::Value spec) {
  std::vector<RulePage::Check> all;
  for (auto each : spec["validations"].items()) {
    auto message = each.text_or("message", each.text_or("messageExpression"));
    all.push_back(
        {std::string(each.text_or("expression")), std::string(message), std::string(each.text_or("versions"))});
  }
  return all;
}

std::string text_of_fix(codec::Value fix) {
  std::string path(fix.text_or("path"));
  if (fix.has(codec::Key("append"))) return "add " + json_of(fix["append"]) + " to " + path;
  if (fix.has(codec::Key("set"))) return "set " + path + " to " + json_of(fix["set"]);
  return "remove " + path;
}

}  // namespace

RulePage page_of(const rulebook::CatalogueRule& rule) {
  auto spec = rule.document["spec"];
  auto sets = rulebook::sets_of(rule.header);
  RulePage page{.rule = info_of(rule.header),
                .sets = {sets.begin(), sets.end()},
                .judges = judged_by(spec),
                .reads = texts_of(spec["data"]),
                .parameters = {},
                .conditions = named_expressions(spec["matchConditions"]),
                .variables = named_expressions(spec["variables"]),
                .checks = checks_of(spec),
                .fixes = {},
                .mutates = spec["mutation"].boolean().value_or(false),
                .cases = {},
                .file = rule.header.where.text()};
  for (auto member : spec["parameters"].members())
    page.parameters.push_back({std::string(member.key), json_of(member.value)});
  for (auto fix : spec["fix"].items()) page.fixes.push_back(text_of_fix(fix));
  for (const auto& each : rule.cases) page.cases.push_back({each.name, each.expect});
  return page;
}

}  // namespace seawall::cli
