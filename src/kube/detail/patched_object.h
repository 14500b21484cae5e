// An object that is being patched. Every part of it remembers which value of its document it was, so that an editor of
// the text knows what to touch; containers that no operation reaches into are not copied.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/json.h"
#include "codec/value.h"
#include "kube/patch.h"

namespace seawall::kube::detail {

// A value as it was, a value that an operation put in, or a container whose children may differ from what they were.
struct PatchedValue {
  std::string name = {};                     // of a member
  std::optional<std::size_t> position = {};  // among the children that its container had; nothing for new ones
  codec::Value value = {};                   // as it was, or as it was put in
  bool is_new = false;                       // put in by an operation
  bool opened = false;                       // `children` count, not those of `value`
  std::vector<PatchedValue> children = {};

  bool is_changed() const noexcept { return is_new || opened; }
  std::size_t size() const noexcept { return opened ? children.size() : value.size(); }
};

void write(codec::JsonWriter&, const PatchedValue&);

// Equal as JSON: the order of members doesn't matter.
bool equal(codec::Value, codec::Value);
bool equal(const PatchedValue&, codec::Value);
bool has_item(const PatchedValue& list, codec::Value);

class PatchedObject {
 public:
  explicit PatchedObject(codec::Value object) { root_.value = object; }
  const PatchedValue& root() const noexcept { return root_; }
  // Without opening anything; an empty optional where there is nothing.
  std::optional<PatchedValue> find(const FieldPath&) const;
  Result<> apply(const PatchOperation&);
  std::string json() const;

 private:
  // Opens the containers on the way to the last step.
  Result<PatchedValue*> container_of(const FieldPath&, std::size_t steps);
  Result<PatchedValue> new_value(const std::string& json);
  Result<> add(const FieldPath&, PatchedValue);
  Result<> append(const FieldPath&, PatchedValue);
  Result<> replace(const FieldPath&, PatchedValue);
  Result<> remove(const FieldPath&);

  PatchedValue root_;
  std::deque<codec::Document> documents_;  // of the values put in
};

// JSON of one value, checked and without blanks.
Result<std::string> compact_json(std::string_view json);

}  // namespace seawall::kube::detail
