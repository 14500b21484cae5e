// What a plain YAML scalar is by the core schema of YAML 1.2 (section 10.3.2),
// and what it is to Kubernetes' reader.
#pragma once

#include "codec/detail/builder.h"

namespace seawall::codec::detail {

Node yaml_scalar(Builder& builder, std::string_view written);
// What it is to Kubernetes: words of YAML 1.1 for booleans, numbers as Go writes them.
Node kubernetes_scalar(Builder& builder, std::string_view written);

}  // namespace seawall::codec::detail
