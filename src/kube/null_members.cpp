#include "kube/null_members.h"

#include "codec/json.h"

namespace seawall::kube {

// As deep as documents nest. By nodes: every object that is judged is looked through.
static bool any_null_member(const codec::detail::Node& node) {
  if (node.kind == codec::Kind::object) {
    for (const auto *at = node.members, *end = at + node.size; at != end; ++at)
      if (at->value.kind == codec::Kind::null || (at->value.kind >= codec::Kind::array && any_null_member(at->value)))
        return true;
  } else if (node.kind == codec::Kind::array) {
    for (const auto *at = node.items, *end = at + node.size; at != end; ++at)
      if (at->kind >= codec::Kind::array && any_null_member(*at)) return true;
  }
  return false;
}

bool has_null_members(codec::Value object) { return object && any_null_member(*object.node()); }

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
