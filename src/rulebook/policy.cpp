#include "rulebook/policy.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "cel/authorizer.h"
#include "cel/parse.h"

namespace seawall::rulebook {

namespace {

using cel::Environment;
using cel::Type;
using cel::TypeKind;

constexpr std::string_view vap_set = "vap/", kyverno_set = "kyverno/";

bool only_pods(const MatchConstraints& match);

// Reads one policy; expressions are checked in the order in which they may name each other.
class PolicyReader {
 public:
  PolicyReader(RuleFile& file, const codec::PlacedDocument& document, std::vector<Mistake>& mistakes)
      : root_(file, document, document.root(), document.root_place().value.begin),
        mistakes_(mistakes),
        environment_(cel::kubernetes_environment()) {}

  std::optional<Policy> read();

 private:
  void read_header(std::string_view foreign_set);
  void read_kyverno(Fields& spec);
  void declare();
  void read_parameter_kind(Fields& spec);
  static std::string own_name(Fields& fields, std::string_view key, std::set<std::string>& names);
  void read_variables(Fields& spec);
  void read_conditions(Fields& spec);
  void read_own(Fields& spec);
  void read_fixes(Fields& spec);
  static VersionRange read_versions(Fields& validation);
  void read_validations(Fields& spec);
  void read_annotations(Fields& spec);
  CheckedExpression checked(Fields& fields, std::string_view key, std::initializer_list<TypeKind> wanted);
  std::shared_ptr<const cel::Checked> check(const Expression& source, std::initializer_list<TypeKind> wanted);

  Fields root_;
  std::vector<Mistake>& mistakes_;
  // Grows by a variable at a time while the policy is read.
  std::shared_ptr<Environment> environment_;
  Policy policy_;
  bool as_kubernetes_ = false;  // a ValidatingAdmissionPolicy: what its expressions know is what the API server knows
  bool whole_ = true;
};

bool is_identifier(std::string_view name) {
  auto tree = cel::parse(name);
  return tree && tree->root().kind == cel::NodeKind::identifier && tree->root().text == name && !name.starts_with('.');
}

std::string misfit(Type given, TypeKind wanted) {
  std::string name(Type(wanted).name());
  auto what = "gives " + cel::text(given) + ", not " + name;
  return given.kind() == TypeKind::dyn ? what + "; " + name + "(...) around it says that it is one" : what;
}

std::shared_ptr<const cel::Checked> PolicyReader::check(const Expression& source,
                                                        std::initializer_list<TypeKind> wanted) {
  auto refuse = [&](std::string what) {
    mistakes_.push_back({source.where, std::move(what)});
    whole_ = false;
    return nullptr;
  };
  auto tree = cel::parse(source.text, {.local_macros = !as_kubernetes_});
  if (!tree) return refuse(tree.error().what);
  // As strict as the API server: what loads here can be created there.
  auto result = cel::check(std::move(*tree), environment_, cel::Checking::homogeneous);
  if (!result) return refuse(result.error().what);
  auto kind = result->type().kind();
  bool fits = wanted.size() == 0;
  for (auto each : wanted) fits = fits || each == kind;
  if (!fits) return refuse(misfit(result->type(), *wanted.begin()));
  return std::make_shared<const cel::Checked>(std::move(*result));
}

CheckedExpression PolicyReader::checked(Fields& fields, std::string_view key, std::initializer_list<TypeKind> wanted) {
  CheckedExpression made{fields.expression(key), nullptr};
  if (!made.source.empty()) made.checked = check(made.source, wanted);
  return made;
}

void PolicyReader::read_header(std::string_view foreign_set) {
  auto metadata = root_.below("metadata");
  auto spec = root_.below("spec");
  if (policy_.native) {
    policy_.header = read_foreign_header(foreign_set, metadata);
    return;
  }
  policy_.header = rulebook::read_header(metadata, spec);
  metadata.finish();
}

void PolicyReader::declare() {
  for (const char* name : {"object", "oldObject", "request", "namespaceObject"})
    environment_->add_variable(name, TypeKind::dyn);
  if (!as_kubernetes_ || !policy_.param_kind.empty()) environment_->add_variable("params", TypeKind::dyn);
  auto& types = environment_->types();
  environment_->add_variable("authorizer", cel::authorizer_type(types));
  environment_->add_variable("authorizer.requestResource", cel::resource_check_type(types));
  if (policy_.pod_spec) {
    environment_->add_variable("variables.pod", TypeKind::dyn);
    environment_->add_variable("variables.containers", types.list(TypeKind::dyn));
  }
  for (const auto& kind : policy_.data) {
    environment_->add_variable("cluster." + kind, types.list(TypeKind::dyn));
    environment_->add_variable("local." + kind, types.list(TypeKind::dyn));
  }
}

void PolicyReader::read_parameter_kind(Fields& spec) {
  auto parameters = spec.below("paramKind");
  if (!parameters.value()) return;
  policy_.param_api_version = parameters.required_text("apiVersion");
  policy_.param_kind = parameters.required_text("kind");
  parameters.finish();
}

// A name that the list has not had yet.
std::string PolicyReader::own_name(Fields& fields, std::string_view key, std::set<std::string>& names) {
  auto name = fields.required_text(key);
  if (!name.empty() && !names.insert(name).second) fields.report(key, "'" + name + "' is there already");
  return name;
}

void PolicyReader::read_variables(Fields& spec) {
  for (auto& each : spec.each("variables")) {
    NamedExpression made{each.required_text("name"), checked(each, "expression", {})};
    if (!made.name.empty() && !is_identifier(made.name))
      each.report("name", "expressions can't say '" + made.name + "'");
    if (made.expression.source.empty()) each.report("expression", "is missing");
    each.finish();
    // Later expressions see it; a mistake in it is told once, not by all who use it.
    auto type = made.expression.checked ? made.expression.checked->type() : Type();
    environment_->add_variable("variables." + made.name, type_of_variable(environment_->types(), type));
    policy_.variables.push_back(std::move(made));
  }
}

void PolicyReader::read_conditions(Fields& spec) {
  std::set<std::string> names;
  for (auto& each : spec.each("matchConditions")) {
    policy_.match_conditions.push_back(
        {own_name(each, "name", names), checked(each, "expression", {TypeKind::boolean})});
    each.finish();
  }
}

VersionRange PolicyReader::read_versions(Fields& validation) {
  auto text = validation.text("versions");
  auto range = version_range(text);
  if (!range) validation.report("versions", "'" + text + "' is no range of versions; '>=1.8 <1.22' is one");
  return range.value_or(VersionRange());
}

void PolicyReader::read_validations(Fields& spec) {
  for (auto& each : spec.each("validations")) {
    Validation made;
    if (!policy_.native) made.versions = read_versions(each);
    made.expression = checked(each, "expression", {TypeKind::boolean});
    if (made.expression.source.empty()) each.report("expression", "is missing");
    made.message = each.text("message");
    if (trim(made.message).contains('\n')) each.report("message", "is more than one line");
    made.message_expression = checked(each, "messageExpression", {TypeKind::string});
    made.reason = each.word("reason", {"Invalid", "Unauthorized", "Forbidden", "RequestEntityTooLarge"}, "Invalid");
    each.finish();
    policy_.validations.push_back(std::move(made));
  }
}

void PolicyReader::read_annotations(Fields& spec) {
  std::set<std::string> keys;
  for (auto& each : spec.each("auditAnnotations")) {
    policy_.audit_annotations.push_back(
        {own_name(each, "key", keys), checked(each, "valueExpression", {TypeKind::string, TypeKind::null})});
    each.finish();
  }
}

void PolicyReader::read_fixes(Fields& spec) {
  for (auto& each : spec.each("fix")) {
    Fix made{.path = each.required_text("path"), .value = {}};
    bool removes = each.boolean("remove", false);
    if (each.has("append"))
      made.action = Fix::Action::append, made.value = each.json("append");
    else if (each.has("set"))
      made.value = each.json("set");
    else if (removes)
      made.action = Fix::Action::remove;
    else
      each.report("path", "one of set, append and remove is missing");
    each.finish();
    policy_.fixes.push_back(std::move(made));
  }
}

// Kyverno judges the templates of workloads by policies on pods, unless the policy names other controllers.
void PolicyReader::read_kyverno(Fields& spec) {
  for (const char* known : {"validationActions", "evaluation", "webhookConfiguration"}) (void)spec.any(known);
  auto autogen = spec.below("autogen");
  (void)autogen.any("validatingAdmissionPolicy");
  auto controllers = autogen.below("podControllers");
  bool named = controllers.has("controllers");
  auto resources = controllers.texts("controllers");
  controllers.finish();
  autogen.finish();
  if (!named || !resources.empty()) policy_.template_resources = std::move(resources);
}

// The keys that a ValidatingAdmissionPolicy has not.
void PolicyReader::read_own(Fields& spec) {
  policy_.pod_spec = spec.boolean("podSpec", false);
  policy_.kinds = spec.texts("kinds");
  policy_.data = spec.texts("data");
  policy_.mutation = spec.boolean("mutation", false);
  if (spec.below("parameters").value()) policy_.parameters = spec.json("parameters");
  read_fixes(spec);
}

std::optional<Policy> PolicyReader::read() {
  auto before = mistakes_.size();
  (void)root_.text("apiVersion");
  (void)root_.text("kind");
  auto foreign = set_of_foreign(root_.value());
  policy_.native = !foreign.empty();
  as_kubernetes_ = foreign == vap_set;
  read_header(foreign);
  (void)root_.any("status");
  auto spec = root_.below("spec");
  if (!policy_.native) {
    for (const char* known :
         {"title", "description", "remedy", "severity", "knownAs", "sets", "references", "constraintKind"})
      (void)spec.any(known);
    read_own(spec);
  }
  if (foreign == kyverno_set) read_kyverno(spec);
  read_parameter_kind(spec);
  declare();
  policy_.match = read_match(spec.below("matchConstraints"));
  if (!only_pods(policy_.match)) policy_.template_resources.reset();
  auto failure = spec.word("failurePolicy", {"Fail", "Ignore"}, "Fail");
  policy_.failure_policy = failure == "Ignore" ? FailurePolicy::ignore : FailurePolicy::fail;
  read_conditions(spec);
  read_variables(spec);
  read_validations(spec);
  read_annotations(spec);
  if (policy_.validations.empty() && policy_.audit_annotations.empty())
    spec.report("validations", "a policy needs a validation or an audit annotation");
  if (!policy_.pod_spec && policy_.kinds.empty() && policy_.match.rules.empty())
    spec.report("matchConstraints",
                policy_.native ? "resourceRules are missing" : "neither podSpec nor kinds nor resourceRules");
  spec.finish();
  root_.finish();
  if (!whole_ || mistakes_.size() != before) return std::nullopt;
  return std::move(policy_);
}

bool only_pods(const MatchConstraints& match) {
  return std::ranges::all_of(match.rules, [](const ResourceRule& rule) {
    return rule.resources == std::vector<std::string>{"pods"} && rule.resource_names.empty();
  });
}

}  // namespace

std::string_view set_of_foreign(codec::Value document) {
  auto kind = document.text_or("kind");
  if (kind == "ValidatingAdmissionPolicy") return vap_set;
  bool kyverno = kind == "ValidatingPolicy" || kind == "NamespacedValidatingPolicy";
  return kyverno && document.text_or("apiVersion").starts_with("policies.kyverno.io/") ? kyverno_set : "";
}

RuleHeader read_foreign_header(std::string_view set, Fields& metadata) {
  RuleHeader header;
  header.title = metadata.required_text("name");
  header.id = std::string(set) + header.title;
  header.where = metadata.where("name");
  return header;
}

std::optional<unsigned> kubernetes_minor(std::string_view text) {
  if (text == "latest") return newest_minor;
  if (text.starts_with('v')) text.remove_prefix(1);
  if (!text.starts_with("1.")) return std::nullopt;
  text.remove_prefix(2);
  auto minor = to_u64(text.substr(0, text.find('.')));
  return minor && *minor < 1000 ? std::optional(static_cast<unsigned>(*minor)) : std::nullopt;
}

std::optional<VersionRange> version_range(std::string_view text) {
  VersionRange range;
  for (auto word : split(text, ' ')) {
    if (word.empty()) continue;
    bool from = word.starts_with(">="), below = word.starts_with('<') && !word.starts_with("<=");
    if (!from && !below) return std::nullopt;
    auto minor = kubernetes_minor(word.substr(from ? 2 : 1));
    if (!minor) return std::nullopt;
    (from ? range.from : range.below) = *minor;
  }
  return range;
}

// As convertCelTypeToDeclType of apiserver pkg/admission/plugin/cel/composition.go.
cel::Type type_of_variable(cel::Types& types, cel::Type of) {
  using enum TypeKind;
  switch (of.kind()) {
    case list:
      return types.list(type_of_variable(types, of.parameter(0)));
    case map:
      return types.map(type_of_variable(types, of.parameter(0)), type_of_variable(types, of.parameter(1)));
    case record:
    case type:
    case wrapper:
    case optional:
    case opaque:
      return dyn;
    default:
      return of;
  }
}

std::optional<Policy> read_policy(RuleFile& file, const codec::PlacedDocument& document,
                                  std::vector<Mistake>& mistakes) {
  return PolicyReader(file, document, mistakes).read();
}

}  // namespace seawall::rulebook
