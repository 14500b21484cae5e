// The objects that others are judged beside, by kind and namespace: what policies read as cluster.<Kind>,
// local.<Kind> and namespaceObject.
// Threads: read-only once filled. Owns: the index; objects are borrowed.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "codec/value.h"
#include "rulebook/policy_program.h"

namespace seawall::admission {

class ClusterData : public rulebook::RelatedObjects {
 public:
  void add(std::string_view kind, std::string_view in_namespace, codec::Value object);
  cel::Value all(std::string_view kind) const override;
  cel::Value in_namespace(std::string_view kind, std::string_view name) const override;
  // Empty where it is not known.
  codec::Value namespace_object(std::string_view name) const;

 private:
  using Objects = std::vector<cel::Value>;
  struct OfKind {
    Objects all;
    std::map<std::string, Objects, std::less<>> by_namespace;
  };
  std::map<std::string, OfKind, std::less<>> kinds_;
  std::map<std::string, codec::Value, std::less<>> namespaces_;
};

}  // namespace seawall::admission
