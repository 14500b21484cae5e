#include "admission/type_check.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "cel/authorizer.h"
#include "cel/check.h"
#include "cel/parse.h"
#include "codec/json.h"
#include "kube/pod_spec.h"

namespace seawall::admission {

namespace {

using rulebook::Policy;
using rulebook::ResourceRule;

constexpr std::size_t most_kinds = 10;

std::string api_version_of(const kube::ApiKind& kind) {
  return kind.group.empty() ? std::string(kind.version) : std::string(kind.group) + "/" + std::string(kind.version);
}

bool names_all(const std::vector<std::string>& names) {
  return std::ranges::any_of(names, [](const std::string& name) { return name.find('*') != std::string::npos; });
}

// The API server looks up resources of the group "" in every group (RESTMapper.KindsFor).
bool is_of(const kube::ApiKind& kind, std::string_view group, std::string_view version, TypeReading reading) {
  std::string_view any_group = reading == TypeReading::as_judged ? "*" : "";
  return (group == kind.group || group == any_group) && (version == kind.version || version == "*");
}

// "Ingress" of any group, "networking.k8s.io/Ingress" of one.
bool is_named(std::string_view name, const kube::ApiKind& kind) {
  auto halves = cut(name, "/");
  return halves ? halves->left == kind.group && halves->right == kind.kind : name == kind.kind;
}

void sort(std::vector<const kube::ApiKind*>& kinds) {
  std::ranges::sort(kinds, [](const kube::ApiKind* a, const kube::ApiKind* b) {
    return std::tie(a->group, a->version, a->kind) < std::tie(b->group, b->version, b->kind);
  });
  auto doubled = std::ranges::unique(kinds);
  kinds.erase(doubled.begin(), doubled.end());
}

std::vector<std::string> sorted(std::vector<std::string> names) {
  std::ranges::sort(names);
  return names;
}

// In the API server's order, as only the first ten are checked.
std::vector<const kube::ApiKind*> kinds_of(const ResourceRule& rule, const kube::Schemas& schemas,
                                           TypeReading reading) {
  std::vector<const kube::ApiKind*> found;
  bool skipped = names_all(rule.api_groups) || names_all(rule.api_versions);
  if (skipped && reading == TypeReading::as_api_server) return found;
  auto resources = sorted(rule.resources);
  for (const auto& group : sorted(rule.api_groups))
    for (const auto& version : sorted(rule.api_versions))
      for (const auto& resource : resources)
        for (const auto* kind : schemas.find_resource(resource))
          if (found.size() < most_kinds && is_of(*kind, group, version, reading)) found.push_back(kind);
  return found;
}

template <class Predicate>
bool any_node(const cel::Node& node, Predicate holds) {
  return holds(node) || std::ranges::any_of(node.children, [&](const auto* child) { return any_node(*child, holds); });
}

bool reads_object(const cel::Node& node) {
  return node.kind == cel::NodeKind::identifier && (node.text == "object" || node.text == "oldObject");
}

// Looks whether a field is there, or which kind of object it has: what follows may be for some kinds only.
bool tells_kinds_apart(const cel::Node& node) {
  if (node.kind == cel::NodeKind::has) return true;
  if (node.kind == cel::NodeKind::call && node.text == cel::op::optional_select) return true;
  return node.kind == cel::NodeKind::select && (node.text == "kind" || node.text == "resource");
}

// A type of another pool made in this one.
cel::Type adopted(cel::Types& types, cel::Type type) {
  std::vector<cel::Type> parts;
  for (auto part : type.parameters()) parts.push_back(adopted(types, part));
  return parts.empty() && !type.is(cel::TypeKind::record) ? type : types.with(type, parts);
}

}  // namespace

rulebook::Mistake TypeWarning::mistake() const {
  std::string what;
  for (const auto& kind : kinds) what += (what.empty() ? "" : "; ") + kind;
  return {where, what.empty() ? reason : what + ": " + reason};
}

std::vector<const kube::ApiKind*> kinds_of(const Policy& policy, const kube::Schemas& schemas, TypeReading reading) {
  std::vector<const kube::ApiKind*> found;
  bool judged = reading == TypeReading::as_judged;
  for (const auto& rule : policy.match.rules) {
    auto named = kinds_of(rule, schemas, reading);
    found.insert(found.end(), named.begin(), named.end());
    // The API server counts the kinds of each rule, and looks no further once it has ten of one.
    if (!judged && named.size() == most_kinds) break;
  }
  for (const auto& kind : schemas.kinds())
    if (std::ranges::any_of(policy.kinds, [&](const auto& name) { return is_named(name, kind); }))
      found.push_back(&kind);
  if (policy.pod_spec) {
    kube::PodTemplates templates;
    for (const auto& kind : schemas.kinds())
      if (templates.of({}, api_version_of(kind), kind.kind)) found.push_back(&kind);
  }
  sort(found);
  if (judged && found.size() > most_kinds) found.resize(most_kinds);
  return found;
}

// One policy, for one kind after the other.
class TypeCheck::Run {
 public:
  Run(TypeCheck& check, const Policy& policy)
      : reading_(check.reading_),
        schemas_(check.schemas_),
        source_(check.source_),
        environment_(check.environment_),
        policy_(policy) {}

  std::vector<TypeWarning> check();

 private:
  void declare_inputs();
  cel::Type type_of_data(std::string_view kind) const;
  cel::Type type_of_parameters() const;
  void check_for(cel::Type object);
  std::optional<cel::Type> check(const std::string& field, const rulebook::CheckedExpression& expression);
  void warn(const std::string& field, const rulebook::CheckedExpression& expression, std::string reason);
  bool any_node(bool (*holds)(const cel::Node&)) const;

  TypeReading reading_;
  const kube::Schemas& schemas_;
  TypeSource& source_;
  const std::shared_ptr<cel::Environment>& environment_;
  const Policy& policy_;
  std::string kind_;  // the one that is checked
  std::vector<TypeWarning> warnings_;
};

// The objects of `data`: of the one group that has a kind of that name.
cel::Type TypeCheck::Run::type_of_data(std::string_view kind) const {
  const kube::ApiKind* found = nullptr;
  for (const auto& each : schemas_.kinds()) {
    if (each.kind != kind) continue;
    if (found && found->group != each.group) return cel::TypeKind::dyn;
    if (!found || each.version == "v1") found = &each;
  }
  return found ? source_.object(*found) : cel::TypeKind::dyn;
}

cel::Type TypeCheck::Run::type_of_parameters() const {
  if (policy_.native) {
    const auto* kind = schemas_.find_kind(policy_.param_api_version, policy_.param_kind);
    return kind ? source_.object(*kind) : cel::Type();
  }
  auto defaults = codec::parse_json(policy_.parameters);
  return defaults ? source_.parameters(policy_.header.id, defaults->root()) : cel::Type();
}

void TypeCheck::Run::declare_inputs() {
  auto& types = environment_->types();
  environment_->add_variable("params", type_of_parameters());
  if (policy_.pod_spec) {
    environment_->add_variable("variables.pod", source_.pod());
    environment_->add_variable("variables.containers", types.list(source_.container()));
  }
  for (const auto& kind : policy_.data) {
    auto objects = types.list(type_of_data(kind));
    environment_->add_variable("cluster." + kind, objects);
    environment_->add_variable("local." + kind, objects);
  }
}

void TypeCheck::Run::warn(const std::string& field, const rulebook::CheckedExpression& expression, std::string reason) {
  auto same = std::ranges::find_if(
      warnings_, [&](const TypeWarning& known) { return known.field == field && known.reason == reason; });
  if (same == warnings_.end()) same = warnings_.insert(same, {field, {}, expression.source.where, std::move(reason)});
  if (!kind_.empty()) same->kinds.push_back(kind_);
}

std::optional<cel::Type> TypeCheck::Run::check(const std::string& field,
                                               const rulebook::CheckedExpression& expression) {
  if (expression.source.empty()) return std::nullopt;
  auto tree = cel::parse(expression.source.text);
  if (!tree) return std::nullopt;  // told when it was read
  bool judged = reading_ == TypeReading::as_judged;
  auto checked = cel::check(std::move(*tree), environment_, judged ? cel::Checking::full : cel::Checking::homogeneous);
  if (!checked) {
    warn(field, expression, checked.error().what);
    return std::nullopt;
  }
  auto& types = environment_->types();
  return judged ? adopted(types, checked->type()) : rulebook::type_of_variable(types, checked->type());
}

void TypeCheck::Run::check_for(cel::Type object) {
  environment_->add_variable("object", object);
  environment_->add_variable("oldObject", object);
  auto at = [](std::string_view list, std::size_t index, std::string_view key) {
    return "spec." + std::string(list) + "[" + std::to_string(index) + "]." + std::string(key);
  };
  for (std::size_t i = 0; i < policy_.variables.size(); ++i) {
    const auto& each = policy_.variables[i];
    auto type = check(at("variables", i, "expression"), each.expression);
    environment_->add_variable("variables." + each.name, type.value_or(cel::Type()));
  }
  for (std::size_t i = 0; i < policy_.match_conditions.size(); ++i)
    check(at("matchConditions", i, "expression"), policy_.match_conditions[i].expression);
  for (std::size_t i = 0; i < policy_.validations.size(); ++i) {
    // What is for older versions only may name fields that are gone.
    if (!policy_.validations[i].versions.contains(rulebook::newest_minor)) continue;
    check(at("validations", i, "expression"), policy_.validations[i].expression);
    check(at("validations", i, "messageExpression"), policy_.validations[i].message_expression);
  }
  for (std::size_t i = 0; i < policy_.audit_annotations.size(); ++i)
    check(at("auditAnnotations", i, "valueExpression"), policy_.audit_annotations[i].expression);
}

bool TypeCheck::Run::any_node(bool (*holds)(const cel::Node&)) const {
  auto in = [&](const rulebook::CheckedExpression& each) {
    return each.checked && admission::any_node(each.checked->ast().root(), holds);
  };
  auto named = [&](const rulebook::NamedExpression& each) { return in(each.expression); };
  return std::ranges::any_of(policy_.variables, named) || std::ranges::any_of(policy_.match_conditions, named) ||
         std::ranges::any_of(policy_.audit_annotations, named) ||
         std::ranges::any_of(policy_.validations, [&](const rulebook::Validation& each) {
           return in(each.expression) || in(each.message_expression);
         });
}

std::vector<TypeWarning> TypeCheck::Run::check() {
  declare_inputs();
  auto kinds = kinds_of(policy_, schemas_, reading_);
  if (reading_ == TypeReading::as_judged) {
    bool same_for_all = kinds.empty() || !any_node(reads_object);
    if (same_for_all || any_node(tells_kinds_apart)) {
      check_for(same_for_all ? cel::Type() : source_.object_of_any(kinds));
      return std::move(warnings_);
    }
  }
  for (const auto* kind : kinds) {
    kind_ = api_version_of(*kind) + ", Kind=" + std::string(kind->kind);
    check_for(source_.object(*kind));
  }
  return std::move(warnings_);
}

TypeCheck::TypeCheck(const kube::Schemas& schemas, TypeReading reading)
    : schemas_(schemas), reading_(reading), source_(schemas, reading), environment_(cel::kubernetes_environment()) {
  environment_->schemas().set_source(&source_);
  if (reading == TypeReading::as_judged) environment_->set_record_use(cel::RecordUse::as_maps);
  environment_->add_variable("request", source_.input("AdmissionRequest"));
  environment_->add_variable("namespaceObject", source_.input("Namespace"));
  auto& types = environment_->types();
  environment_->add_variable("authorizer", cel::authorizer_type(types));
  // The API server has it when it judges, but not when it checks types.
  if (reading == TypeReading::as_judged)
    environment_->add_variable("authorizer.requestResource", cel::resource_check_type(types));
}

std::vector<TypeWarning> TypeCheck::check(const Policy& policy) { return Run(*this, policy).check(); }

}  // namespace seawall::admission
