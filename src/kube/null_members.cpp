#include "kube/null_members.h"

#include "codec/json.h"

namespace seawall::kube {

// As deep as documents nest.
bool has_null_members(codec::Value object) {
  for (auto member : object.members())
    if (!member.value || has_null_members(member.value)) return true;
  for (auto item : object.items())
    if (has_null_members(item)) return true;
  return false;
}

static void write_without(codec::JsonWriter& json, codec::Value value) {
  if (value.is_object()) {
    json.begin_object();
    for (auto member : value.members())
      if (member.value) write_without(json.key(member.key), member.value);
    json.end_object();
  } else if (value.is_array()) {
    json.begin_array();
    for (auto item : value.items()) write_without(json, item);
    json.end_array();
  } else {
    json.value(value);
  }
}

codec::Document without_null_members(codec::Value object) {
  codec::JsonWriter json;
  write_without(json, object);
  auto document = codec::parse_json(json.take());
  return document ? std::move(*document) : codec::Document();
}

}  // namespace seawall::kube
