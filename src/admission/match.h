// Whether a policy concerns a request: resource rules, selectors, kinds that make pods (Kubernetes' MatchResources, as
// ValidatingAdmissionPolicy uses them).
// Threads: safe.
#pragma once

#include <string>
#include <string_view>

#include "codec/value.h"
#include "kube/pod_spec.h"
#include "rulebook/policy.h"

namespace seawall::admission {

struct ResourceRequest {
  std::string group, version, resource;                                // "apps", "v1", "deployments"
  std::string sub_resource, operation = "CREATE", name, in_namespace;  // no namespace: cluster scope
  codec::Value object, old_object;
  codec::Value namespace_labels;  // empty where unknown: then only kubernetes.io/metadata.name is
};

// The request that creating the object would be. Resources are told from kinds as the API machinery guesses them:
// "NetworkPolicy" is networkpolicies, "Ingress" ingresses, "Endpoints" endpoints.
ResourceRequest creation_of(codec::Value object, std::string_view api_version, std::string_view kind,
                            std::string_view in_namespace);

bool concerns(const rulebook::Policy& policy, const ResourceRequest& request, const kube::PodTemplates& templates);

bool selects(const rulebook::LabelSelector& selector, codec::Value labels);

}  // namespace seawall::admission
