#include "admission/export.h"

#include <algorithm>
#include <functional>
#include <map>

#include "admission/type_check.h"
#include "base/text.h"
#include "codec/json.h"

namespace seawall::admission {

namespace {

using rulebook::CheckedExpression;
using rulebook::Policy;
using rulebook::ResourceRule;

constexpr std::string_view untyped_object = "untypedObject", variables_prefix = "variables.";

// What JSON says, as an expression. Every part is dyn: lists of Kubernetes' CEL hold one type else.
void write_literal(std::string& out, codec::Value value) {
  switch (value.kind()) {
    case codec::Kind::array: {
      out += "dyn([";
      std::string_view before;
      for (auto item : value.items()) {
        out += std::exchange(before, ", ");
        write_literal(out, item);
      }
      out += "])";
      return;
    }
    case codec::Kind::object: {
      out += "dyn({";
      std::string_view before;
      for (auto member : value.members()) {
        codec::JsonWriter key;
        key.text(member.key);
        ((out += std::exchange(before, ", ")) += key.take()) += ": ";
        write_literal(out, member.value);
      }
      out += "})";
      return;
    }
    default: {
      codec::JsonWriter scalar;
      scalar.value(value);
      ((out += "dyn(") += scalar.take()) += ")";
    }
  }
}

// A document of block mappings; texts are written as JSON has them, which YAML reads alike.
class YamlText {
 public:
  void line(int depth, std::string_view text) {
    (text_.append(static_cast<std::size_t>(depth) * 2, ' ') += text) += "\n";
  }
  void field(int depth, std::string_view key, std::string_view value) {
    codec::JsonWriter json;
    json.text(value);
    line(depth, std::string(key) + ": " + json.take());
  }
  void list(int depth, std::string_view key, const std::vector<std::string>& values) {
    codec::JsonWriter json;
    json.begin_array();
    for (const auto& each : values) json.text(each);
    json.end_array();
    line(depth, std::string(key) + ": " + json.take());
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

class Exporter {
 public:
  Exporter(const rulebook::PolicyUse& use, const ExportOptions& options)
      : policy_(*use.policy),
        use_(use),
        options_(options),
        schemas_(options.schemas != nullptr ? *options.schemas : kube::builtin_schemas()) {}

  Result<std::string> write();

 private:
  struct Variable {
    std::string name, text;
  };

  Result<> check_exportable() const;
  Result<> find_rules();
  Result<> add_kind(std::string_view kind);
  void add_resource(std::string_view group, std::string_view version, std::string_view resource);
  Result<std::string> parameters() const;
  bool guards() const;
  bool uses(std::string_view variable) const;
  bool is_optional(std::string_view variable) const;
  std::string renamed(const CheckedExpression& expression) const;
  std::vector<Variable> variables() const;
  std::string document() const;
  void write_match(YamlText& yaml) const;
  void write_conditions(YamlText& yaml) const;
  void write_validations(YamlText& yaml) const;
  std::string binding() const;
  bool warns(const std::string& text) const;

  const Policy& policy_;
  const rulebook::PolicyUse& use_;
  const ExportOptions& options_;
  const kube::Schemas& schemas_;
  std::vector<ResourceRule> rules_;
  std::string parameters_;
  bool untyped_ = false;
};

// Calls for each name of a variable that stands free in the expression.
void each_variable(const cel::Checked& checked, const cel::Node& node,
                   const std::function<void(std::string_view name, std::uint32_t place)>& use) {
  const auto& resolution = checked.resolution(node);
  if (resolution.kind == cel::Resolution::Kind::variable) {
    use(checked.environment().variables()[resolution.slot].name, node.place);
    return;
  }
  for (const auto* child : node.children) each_variable(checked, *child, use);
}

// Lists of the API that are written as null where they are empty, as of roles and limit ranges: `.?rules`.
void each_list_that_may_be_null(const cel::Node& node,
                                const std::function<void(std::string_view name, std::uint32_t place)>& use) {
  constexpr std::string_view lists[] = {"rules", "limits"};
  if (node.kind == cel::NodeKind::call && node.text == cel::op::optional_select) {
    auto name = node.children[1]->constant.as_text();
    if (std::ranges::find(lists, name) != std::end(lists)) use(name, node.place);
  }
  for (const auto* child : node.children) each_list_that_may_be_null(*child, use);
}

bool names(const CheckedExpression& expression, std::string_view prefix) {
  bool found = false;
  if (expression.checked)
    each_variable(*expression.checked, expression.checked->root(),
                  [&](std::string_view name, std::uint32_t) { found = found || name.starts_with(prefix); });
  return found;
}

Result<> Exporter::check_exportable() const {
  if (!policy_.data.empty()) return fail(Code::unsupported, "it reads other objects: " + join(policy_.data, ", "));
  if (policy_.template_resources) return fail(Code::unsupported, "it is a policy of Kyverno's on pods and workloads");
  return {};
}

void Exporter::add_resource(std::string_view group, std::string_view version, std::string_view resource) {
  for (auto& rule : rules_) {
    if (rule.api_groups.front() != group || rule.api_versions.front() != version) continue;
    if (std::ranges::find(rule.resources, resource) == rule.resources.end()) rule.resources.emplace_back(resource);
    return;
  }
  rules_.push_back({.api_groups = {std::string(group)},
                    .api_versions = {std::string(version)},
                    .operations = {"CREATE", "UPDATE"},
                    .resources = {std::string(resource)},
                    .resource_names = {}});
}

// The newest version that is served stands for all: the API server converts.
Result<> Exporter::add_kind(std::string_view kind) {
  if (kind == "*") {
    add_resource("*", "*", "*");
    return {};
  }
  auto halves = cut(kind, "/");
  auto name = halves ? halves->right : kind;
  bool found = false;
  for (const auto& each : schemas_.kinds()) {
    if (each.kind != name || (halves && halves->left != each.group)) continue;
    const auto* newest = schemas_.find_any_version(each.group, each.kind);
    add_resource(each.group, newest->version, newest->resource);
    found = true;
  }
  if (!found) return fail(Code::unsupported, "the resource of kind " + std::string(kind) + " is not known");
  return {};
}

Result<> Exporter::find_rules() {
  rules_ = policy_.match.rules;
  if (policy_.pod_spec) {
    for (const char* resource : {"pods", "pods/ephemeralcontainers", "replicationcontrollers", "podtemplates"})
      add_resource("", "v1", resource);
    for (const char* resource : {"deployments", "statefulsets", "daemonsets", "replicasets"})
      add_resource("apps", "v1", resource);
    for (const char* resource : {"jobs", "cronjobs"}) add_resource("batch", "v1", resource);
  }
  for (const auto& kind : policy_.kinds) SW_TRY(add_kind(kind));
  return {};
}

// The values of this use as one expression.
Result<std::string> Exporter::parameters() const {
  auto defaults = SW_TRY(codec::parse_json(policy_.parameters));
  auto set = SW_TRY(codec::parse_json(use_.parameters.empty() ? "{}" : use_.parameters));
  std::string out = "dyn({";
  std::string_view before;
  auto write = [&](codec::Member member) {
    codec::JsonWriter key;
    key.text(member.key);
    ((out += std::exchange(before, ", ")) += key.take()) += ": ";
    write_literal(out, member.value);
  };
  for (auto member : defaults.root().members())
    if (!set.root().has(codec::Key(member.key))) write(member);
  for (auto member : set.root().members()) write(member);
  return out + "})";
}

// Match conditions there know no variables: then they guard each validation instead.
bool Exporter::guards() const {
  return std::ranges::any_of(policy_.match_conditions, [](const auto& each) {
    return names(each.expression, "variables.") || names(each.expression, "params");
  });
}

bool Exporter::uses(std::string_view variable) const {
  auto named = [&](const auto& each) { return names(each.expression, variable); };
  return std::ranges::any_of(policy_.variables, named) || std::ranges::any_of(policy_.audit_annotations, named) ||
         std::ranges::any_of(policy_.match_conditions, named) ||
         std::ranges::any_of(policy_.validations, [&](const rulebook::Validation& each) {
           return names(each.expression, variable) || names(each.message_expression, variable);
         });
}

bool Exporter::is_optional(std::string_view variable) const {
  return std::ranges::any_of(policy_.variables, [&](const rulebook::NamedExpression& each) {
    return variable == std::string(variables_prefix) + each.name &&
           each.expression.checked->type().is(cel::TypeKind::optional);
  });
}

// Parameters are a variable there; what has types that warn is read without. Fields of an optional that a variable
// holds are always missing there, unless it is taken out of the chain; and an empty list may be null.
std::string Exporter::renamed(const CheckedExpression& expression) const {
  std::map<std::size_t, std::pair<std::size_t, std::string>> changes;
  const auto& root = expression.checked->root();
  each_variable(*expression.checked, root, [&](std::string_view name, std::uint32_t place) {
    if (name == "params" && !policy_.native) changes[place] = {name.size(), "variables.params"};
    if (name == "object" && untyped_) changes[place] = {name.size(), "variables." + std::string(untyped_object)};
    if (is_optional(name) && place >= variables_prefix.size())
      changes[place - variables_prefix.size()] = {name.size(), "dyn(" + std::string(name) + ")"};
  });
  each_list_that_may_be_null(root, [&](std::string_view name, std::uint32_t place) {
    changes[place] = {name.size(), std::string(name) + ".optFlatMap(list, optional.ofNonZeroValue(list))"};
  });
  auto text = expression.source.text;
  for (auto change = changes.rbegin(); change != changes.rend(); ++change)
    text.replace(change->first, change->second.first, change->second.second);
  return text;
}

std::vector<Exporter::Variable> Exporter::variables() const {
  std::vector<Variable> made;
  if (untyped_) made.push_back({std::string(untyped_object), "dyn(object)"});
  if (!policy_.native && uses("params")) made.push_back({"params", parameters_});
  if (uses("variables.pod") || uses("variables.containers"))
    made.push_back({"pod",
                    "object.kind == 'Pod' ? dyn(object) : object.kind == 'PodTemplate' ? dyn(object).template : "
                    "object.kind == 'CronJob' ? dyn(object).spec.jobTemplate.spec.template : "
                    "dyn(object).spec.template"});
  if (uses("variables.containers"))
    made.push_back({"containers",
                    "variables.pod.spec.?initContainers.orValue([]) + variables.pod.spec.?containers.orValue([]) + "
                    "variables.pod.spec.?ephemeralContainers.orValue([])"});
  for (const auto& each : policy_.variables) made.push_back({each.name, renamed(each.expression)});
  return made;
}

void write_selector(YamlText& yaml, std::string_view key, const rulebook::LabelSelector& selector) {
  if (selector.requirements.empty()) return;
  yaml.line(2, std::string(key) + ":");
  yaml.line(3, "matchExpressions:");
  for (const auto& each : selector.requirements) {
    yaml.field(3, "- key", each.key);
    yaml.field(4, "operator", each.op);
    if (!each.values.empty()) yaml.list(4, "values", each.values);
  }
}

void write_rules(YamlText& yaml, std::string_view key, const std::vector<ResourceRule>& rules) {
  if (rules.empty()) return;
  yaml.line(2, std::string(key) + ":");
  for (const auto& rule : rules) {
    yaml.list(2, "- apiGroups", rule.api_groups);
    yaml.list(3, "apiVersions", rule.api_versions);
    yaml.list(3, "operations", rule.operations);
    yaml.list(3, "resources", rule.resources);
    if (!rule.resource_names.empty()) yaml.list(3, "resourceNames", rule.resource_names);
    if (rule.scope != "*") yaml.field(3, "scope", rule.scope);
  }
}

void Exporter::write_match(YamlText& yaml) const {
  yaml.line(1, "matchConstraints:");
  write_rules(yaml, "resourceRules", rules_);
  write_rules(yaml, "excludeResourceRules", policy_.match.exclude_rules);
  write_selector(yaml, "namespaceSelector", policy_.match.namespaces);
  write_selector(yaml, "objectSelector", policy_.match.objects);
  if (policy_.match.exact) yaml.field(2, "matchPolicy", "Exact");
}

void Exporter::write_conditions(YamlText& yaml) const {
  if (policy_.match_conditions.empty() || guards()) return;
  yaml.line(1, "matchConditions:");
  for (const auto& each : policy_.match_conditions) {
    yaml.field(1, "- name", each.name);
    yaml.field(2, "expression", each.expression.source.text);
  }
}

void Exporter::write_validations(YamlText& yaml) const {
  std::string guard;
  if (guards())
    for (const auto& each : policy_.match_conditions)
      guard += (guard.empty() ? "!(" : " && ") + std::string("(") + renamed(each.expression) + ")";
  if (!guard.empty()) guard += ") || ";
  yaml.line(1, "validations:");
  for (const auto& each : policy_.validations) {
    if (!each.versions.contains(use_.minor)) continue;
    auto expression = renamed(each.expression);
    yaml.field(1, "- expression", guard.empty() ? expression : guard + "(" + expression + ")");
    if (!each.message.empty()) yaml.field(2, "message", each.message);
    if (each.message_expression.checked) yaml.field(2, "messageExpression", renamed(each.message_expression));
    if (each.reason != "Invalid") yaml.field(2, "reason", each.reason);
  }
}

std::string Exporter::document() const {
  YamlText yaml;
  const auto& header = policy_.header;
  yaml.line(0, "apiVersion: admissionregistration.k8s.io/v1");
  yaml.line(0, "kind: ValidatingAdmissionPolicy");
  yaml.line(0, "metadata:");
  yaml.field(1, "name", native_name(header.id));
  yaml.line(1, "annotations:");
  yaml.field(2, "seawall.dev/rule", header.id);
  yaml.field(2, "seawall.dev/title", header.title);
  yaml.field(2, "seawall.dev/severity", model::text(header.severity));
  if (!header.remedy.empty()) yaml.field(2, "seawall.dev/remedy", header.remedy);
  yaml.line(0, "spec:");
  yaml.field(1, "failurePolicy", policy_.failure_policy == rulebook::FailurePolicy::fail ? "Fail" : "Ignore");
  if (!policy_.param_kind.empty()) {
    yaml.line(1, "paramKind:");
    yaml.field(2, "apiVersion", policy_.param_api_version);
    yaml.field(2, "kind", policy_.param_kind);
  }
  write_match(yaml);
  write_conditions(yaml);
  if (auto all = variables(); !all.empty()) {
    yaml.line(1, "variables:");
    for (const auto& each : all) {
      yaml.field(1, "- name", each.name);
      yaml.field(2, "expression", each.text);
    }
  }
  write_validations(yaml);
  if (!policy_.audit_annotations.empty()) yaml.line(1, "auditAnnotations:");
  for (const auto& each : policy_.audit_annotations) {
    yaml.field(1, "- key", each.name);
    yaml.field(2, "valueExpression", renamed(each.expression));
  }
  return yaml.take();
}

std::string Exporter::binding() const {
  YamlText yaml;
  yaml.line(0, "apiVersion: admissionregistration.k8s.io/v1");
  yaml.line(0, "kind: ValidatingAdmissionPolicyBinding");
  yaml.line(0, "metadata:");
  yaml.field(1, "name", native_name(policy_.header.id));
  yaml.line(0, "spec:");
  yaml.field(1, "policyName", native_name(policy_.header.id));
  yaml.list(1, "validationActions", {options_.action});
  return yaml.take();
}

bool Exporter::warns(const std::string& text) const {
  std::vector<rulebook::Mistake> mistakes;
  rulebook::RuleFile file(policy_.header.id, text, mistakes);
  for (const auto& document : file.documents())
    if (auto policy = rulebook::read_policy(file, document, mistakes))
      return !TypeCheck(schemas_, TypeReading::as_api_server).check(*policy).empty();
  return true;
}

Result<std::string> Exporter::write() {
  SW_TRY(check_exportable());
  SW_TRY(find_rules());
  if (!policy_.native) parameters_ = SW_TRY(parameters());
  auto text = document();
  if (warns(text)) {
    untyped_ = true;
    text = document();
  }
  return text + "---\n" + binding();
}

}  // namespace

std::string native_name(std::string_view id) {
  std::string name(id);
  std::ranges::replace(name, '/', '.');
  return name;
}

Result<std::string> native_policy(const rulebook::PolicyUse& use, const ExportOptions& options) {
  return in(use.policy->header.id, Exporter(use, options).write());
}

}  // namespace seawall::admission
