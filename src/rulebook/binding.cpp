#include "rulebook/binding.h"

namespace seawall::rulebook {

namespace {

Fields root_of(RuleFile& file, const codec::PlacedDocument& document) {
  return {file, document, document.root(), document.root_place().value.begin};
}

std::string name_of(Fields& root, PolicyBinding& made) {
  auto metadata = root.below("metadata");
  made.where = metadata.where("name");
  return metadata.required_text("name");
}

ParamRef read_param_ref(Fields reference) {
  ParamRef made{.name = reference.text("name"),
                .in_namespace = reference.text("namespace"),
                .selector = read_selector(reference.below("selector"))};
  made.deny_without = reference.word("parameterNotFoundAction", {"Allow", "Deny"}, "Deny") == "Deny";
  if (made.name.empty() && !reference.has("selector")) reference.report("name", "neither name nor selector");
  reference.finish();
  return made;
}

}  // namespace

PolicyBinding read_binding(RuleFile& file, const codec::PlacedDocument& document) {
  auto root = root_of(file, document);
  PolicyBinding made;
  made.name = name_of(root, made);
  auto spec = root.below("spec");
  made.policy_id = "vap/" + spec.required_text("policyName");
  (void)spec.texts("validationActions");
  if (spec.has("paramRef")) made.parameters_of = read_param_ref(spec.below("paramRef"));
  if (spec.has("matchResources")) made.resources = read_match(spec.below("matchResources"));
  spec.finish();
  return made;
}

PolicyBinding read_constraint(RuleFile& file, const codec::PlacedDocument& document) {
  auto root = root_of(file, document);
  PolicyBinding made;
  made.name = name_of(root, made);
  made.constraint_kind = root.text("kind");
  auto spec = root.below("spec");
  for (const char* known : {"enforcementAction", "scopedEnforcementActions"}) (void)spec.any(known);
  made.constraint = read_constraint_match(spec.below("match"));
  made.parameters = spec.json("parameters");
  spec.finish();
  return made;
}

}  // namespace seawall::rulebook
