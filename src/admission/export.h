// Our policies as native ones of Kubernetes: a ValidatingAdmissionPolicy and its binding, so that the API server judges
// by itself and no webhook stands in the path.
//
// Parameters become constants, kinds resource rules; what `podSpec` gives is defined by expressions. Where types of the
// API server's schemas would make it warn, `object` is read without types.
// Threads: safe. Fails: unsupported, with what cannot be said there: other objects (`data`), kinds that nobody knows.
#pragma once

#include <string>

#include "kube/schema.h"
#include "rulebook/policy_program.h"

namespace seawall::admission {

struct ExportOptions {
  std::string action = "Audit";            // of the binding: Audit, Warn, Deny
  const kube::Schemas* schemas = nullptr;  // none: builtin_schemas()
};

// Two YAML documents.
Result<std::string> native_policy(const rulebook::PolicyUse& use, const ExportOptions& options = {});

// "pod-security/privileged" is "pod-security.privileged" there.
std::string native_name(std::string_view id);

}  // namespace seawall::admission
