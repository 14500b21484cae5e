// The change that mends what a policy found: its `fix`, at the places that the findings name.
// Threads: safe. Fails: invalid (a path of the policy that is none), as kube::ObjectPatch.
#pragma once

#include <string>
#include <vector>

#include "kube/manifest.h"
#include "kube/patch.h"
#include "kube/pod_spec.h"
#include "rulebook/policy.h"

namespace seawall::admission {

// Empty where the policy offers none. `failed` are paths from the object; a fix of a field that none of them touches is
// left out, unless none touches any.
Result<kube::Patch> fix_of(const rulebook::Policy& policy, codec::Value object,
                           const std::optional<kube::PodTemplate>& pod, const std::vector<std::string>& failed);

}  // namespace seawall::admission
