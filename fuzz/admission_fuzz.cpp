// Types of expressions: any expression that a policy can hold is checked against the kinds of objects, in both
// readings.
#include <cstdlib>
#include <memory>

#include "admission/type_check.h"
#include "codec/json.h"
#include "fuzz.h"

namespace {

using namespace seawall;

std::string policy_with(std::string_view expression) {
  codec::JsonWriter json;
  json.begin_object().field("apiVersion", "admissionregistration.k8s.io/v1");
  json.field("kind", "ValidatingAdmissionPolicy").key("metadata").begin_object().field("name", "a").end_object();
  json.key("spec").begin_object().key("matchConstraints").begin_object().key("resourceRules").begin_array();
  json.begin_object();
  auto texts = [&](std::string_view key, std::initializer_list<std::string_view> values) {
    json.key(key).begin_array();
    for (auto each : values) json.text(each);
    json.end_array();
  };
  texts("apiGroups", {"", "apps", "apiextensions.k8s.io"});
  texts("apiVersions", {"v1"});
  texts("resources", {"pods", "deployments", "customresourcedefinitions"});
  json.end_object().end_array().end_object();
  json.key("variables").begin_array().begin_object().field("name", "x").field("expression", expression);
  json.end_object().end_array().key("validations").begin_array().begin_object();
  json.field("expression", "variables.x == object.spec || variables.x == object.metadata.name");
  return json.end_object().end_array().end_object().end_object().take();
}

}  // namespace

SW_FUZZ(
    admission_type_check,
    "=object.spec.replicas>1||has(object.spec.template) =object.spec.containers.map(c,c.image)+['a'] "
    "=object.?spec.?x[?0].orValue({'a':object})=={} =object.spec.versions.all(v,v.schema.openAPIV3Schema.type=='a') "
    "=[object.metadata.labels,object.spec.nodeSelector][0]['a']==oldObject.metadata.name") {
  if (data.size() > 2'000) return;
  std::vector<rulebook::Mistake> mistakes;
  rulebook::RuleFile file("a.yaml", policy_with(data), mistakes);
  for (const auto& document : file.documents()) {
    auto policy = rulebook::read_policy(file, document, mistakes);
    if (!policy) continue;
    for (auto reading : {admission::TypeReading::as_judged, admission::TypeReading::as_api_server}) {
      // One check a policy: what it has learnt of others must not matter.
      admission::TypeCheck fresh(kube::builtin_schemas(), reading);
      static admission::TypeCheck used_judged(kube::builtin_schemas(), admission::TypeReading::as_judged),
          used_server(kube::builtin_schemas(), admission::TypeReading::as_api_server);
      auto& used = reading == admission::TypeReading::as_judged ? used_judged : used_server;
      auto first = fresh.check(*policy), second = used.check(*policy);
      if (first.size() != second.size()) std::abort();
      for (std::size_t i = 0; i < first.size(); ++i)
        if (first[i].mistake().text() != second[i].mistake().text()) std::abort();
    }
  }
}
