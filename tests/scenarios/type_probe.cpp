// Our side of the comparison with the API server's type checks of ValidatingAdmissionPolicies.
//   type_probe FILE...    policies and CustomResourceDefinitions; prints a JSON list of {policy, field, kinds, reason}
#include <cstdio>
#include <set>

#include "admission/type_check.h"
#include "codec/json.h"
#include "kube/manifest_files.h"
#include "rulebook/rulebook.h"

using namespace seawall;

static void write(codec::JsonWriter& json, const rulebook::Policy& policy, const admission::TypeWarning& warning) {
  json.begin_object().field("policy", policy.header.id).field("field", warning.field);
  json.key("kinds").begin_array();
  for (const auto& kind : warning.kinds) json.text(kind);
  json.end_array().field("reason", warning.reason).end_object();
}

int main(int count, char** arguments) {
  std::vector<std::string> files(arguments + 1, arguments + count);
  auto schemas = kube::builtin_schemas();
  MemorySource nothing("");
  auto objects = kube::read_manifest_files(files, nothing);
  std::set<std::string> policies;
  for (const auto& each : objects.manifests) {
    if (each.kind != "CustomResourceDefinition")
      policies.insert(each.file());
    else if (!schemas.add_custom_resource(each.object))
      return 1;
  }
  auto book = rulebook::Rulebook::load({policies.begin(), policies.end()});
  for (const auto& mistake : book.mistakes()) std::fprintf(stderr, "%s\n", mistake.text().c_str());
  if (!book.mistakes().empty()) return 1;
  admission::TypeCheck check(schemas, admission::TypeReading::as_api_server);
  codec::JsonWriter json;
  json.begin_array();
  for (const auto& policy : book.policies())
    for (const auto& warning : check.check(*policy)) write(json, *policy, warning);
  std::puts(json.end_array().take().c_str());
}
