// Changes of an object as a JSON Patch (RFC 6902): made from what a rule wants, applied, written for tools and people.
// Threads: free functions are safe; an ObjectPatch belongs to one thread.
// Owns: an ObjectPatch refers to the document of the object that it is made for.
// Limits: those of the documents; a value that is put in is at most 1 MiB.
// Fails: invalid (a value that is no JSON, a parent that can't have such a child), not_found (an item that isn't
// there).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/json.h"
#include "codec/value.h"
#include "kube/field_path.h"

namespace seawall::kube {

enum class PatchAction : unsigned char {
  add,      // a member, or an item in front of the one at that index
  append,   // an item behind the last one of the list at `path`; RFC 6902 writes "add" with "/-"
  replace,  // what is there
  remove,
};

struct PatchOperation {
  PatchAction action;
  FieldPath path;
  std::string value = {};  // JSON; empty for remove

  std::string pointer() const;  // RFC 6901: "/spec/containers/0/securityContext"
  std::string text() const;     // "set spec.containers[0].securityContext.privileged to false"
  bool operator==(const PatchOperation&) const = default;
};

using Patch = std::vector<PatchOperation>;

// As RFC 6902 has it, an array.
void write(codec::JsonWriter&, const Patch&);
std::string json_patch(const Patch&);
// A sentence for each operation that says more than the next one: parents made on the way to a field are left out.
std::vector<std::string> sentences(const Patch&);
// The object afterwards, as JSON. Operations see what those before them did; the first that fails ends it.
Result<std::string> patched(codec::Value object, const Patch&);

// What a rule wants of an object as it stands in the file: indices are those of the items that are there now.
enum class WishAction : unsigned char { set, append, remove };
struct Wish {
  WishAction action;
  FieldPath path;
  std::string value = {};  // JSON; empty for remove
};
// Wishes in their order, but for removals: they come last, from the back, so that indices mean what they meant.
Result<Patch> patch_for(codec::Value object, std::vector<Wish>);
// One patch for what several want that were made for the same object, each by `patch_for`. What they have in common is
// done once: the second parent that is made is the first, two new lists are one with the items of both. Where they
// contradict each other the last one counts.
Result<Patch> together(codec::Value object, std::span<const Patch>);

namespace detail {
class PatchedObject;
}

// Collects the fewest operations that bring about what is wanted; none for what the object has already. A wish that
// fails changes nothing.
class ObjectPatch {
 public:
  explicit ObjectPatch(codec::Value object);
  ObjectPatch(ObjectPatch&&) noexcept;
  ObjectPatch& operator=(ObjectPatch&&) noexcept;
  ~ObjectPatch();

  // Objects that are missing on the way to the field are made; null counts as missing.
  Result<> set(const FieldPath&, std::string_view json);
  // Appends to a list unless it has an equal item; makes the list, too.
  Result<> append(const FieldPath& list, std::string_view json);
  // Fine where there is nothing to remove.
  Result<> remove(const FieldPath&);
  // What an operation of another patch was for, unless it is so already.
  Result<> take(const PatchOperation&);
  // Of several items those behind others first: indices are those of the list as it is now.
  Result<> remove_from_back(std::vector<FieldPath>);

  const Patch& operations() const noexcept { return operations_; }
  std::string object() const;  // as it is now, JSON

 private:
  Result<> make_parents(const FieldPath&);
  Result<> apply(PatchAction, const FieldPath&, std::string value = {});

  std::unique_ptr<detail::PatchedObject> object_;
  Patch operations_;
};

}  // namespace seawall::kube
