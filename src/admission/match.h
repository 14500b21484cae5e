// Whether a policy concerns a request: resource rules, selectors, kinds that make pods (Kubernetes' MatchResources, as
// ValidatingAdmissionPolicy uses them).
// Threads: safe.
#pragma once

#include <string>
#include <string_view>

#include "codec/value.h"
#include "kube/manifest.h"
#include "kube/pod_spec.h"
#include "kube/schema.h"
#include "rulebook/policy.h"

namespace seawall::admission {

struct ResourceRequest {
  std::string group, version, resource, kind;                          // "apps", "v1", "deployments", "Deployment"
  std::string sub_resource, operation = "CREATE", name, in_namespace;  // no namespace: cluster scope
  codec::Value object, old_object;
  codec::Value namespace_labels;  // empty where unknown: then only kubernetes.io/metadata.name is
};

// Whether objects of that kind live outside of namespaces. Kinds that the schemas don't know are guessed by their
// names.
bool is_cluster_scoped(const kube::Schemas& schemas, std::string_view api_version, std::string_view kind);

// The request that creating the object would be. The resource of a kind that the schemas don't know is guessed as the
// API machinery does: "NetworkPolicy" is networkpolicies, "Ingress" ingresses.
ResourceRequest creation_of(codec::Value object, std::string_view api_version, std::string_view kind,
                            std::string_view in_namespace, const kube::Schemas& schemas = kube::builtin_schemas());

bool concerns(const rulebook::Policy& policy, const ResourceRequest& request, const kube::PodTemplates& templates);

// The request of an AdmissionReview, or else the creation of the object.
ResourceRequest request_of(const kube::Manifest& manifest, std::string_view in_namespace, const kube::Schemas& schemas);

// Kubernetes' MatchResources, as bindings state them, too; without rules it concerns every resource.
bool concerns(const rulebook::MatchConstraints& match, const ResourceRequest& request);

bool concerns(const rulebook::ConstraintMatch& match, const ResourceRequest& request);

bool selects(const rulebook::LabelSelector& selector, codec::Value labels);

}  // namespace seawall::admission
