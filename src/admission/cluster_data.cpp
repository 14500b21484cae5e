#include "admission/cluster_data.h"

namespace seawall::admission {

void ClusterData::add(std::string_view kind, std::string_view in_namespace, codec::Value object) {
  auto value = cel::Value::document(object);
  auto& of_kind = kinds_[std::string(kind)];
  of_kind.all.push_back(value);
  if (!in_namespace.empty()) of_kind.by_namespace[std::string(in_namespace)].push_back(value);
  if (kind == "Namespace") namespaces_[std::string(object.path("metadata", "name").text())] = object;
}

cel::Value ClusterData::all(std::string_view kind) const {
  auto found = kinds_.find(kind);
  if (found == kinds_.end()) return cel::Value::list(nullptr, 0);
  return cel::Value::list(found->second.all.data(), found->second.all.size());
}

cel::Value ClusterData::in_namespace(std::string_view kind, std::string_view name) const {
  auto found = kinds_.find(kind);
  if (found == kinds_.end()) return cel::Value::list(nullptr, 0);
  auto objects = found->second.by_namespace.find(name);
  if (objects == found->second.by_namespace.end()) return cel::Value::list(nullptr, 0);
  return cel::Value::list(objects->second.data(), objects->second.size());
}

codec::Value ClusterData::namespace_object(std::string_view name) const {
  auto found = namespaces_.find(name);
  return found == namespaces_.end() ? codec::Value() : found->second;
}

}  // namespace seawall::admission
