// How Documents are made; shared by the parsers of this room and private to it.
#pragma once

#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "codec/placed.h"
#include "codec/value.h"

namespace seawall::codec {

// Memory in chunks that grow with the document; nothing is freed before the whole.
struct Document::Arena {
  void* allocate(std::size_t bytes) {
    constexpr std::size_t alignment = alignof(detail::MemberNode);
    bytes = (bytes + alignment - 1) / alignment * alignment;
    if (bytes > left) grow(bytes);
    left -= bytes;
    return std::exchange(next, next + bytes);
  }
  void grow(std::size_t bytes);

  detail::Node root;
  char* next = nullptr;
  std::size_t left = 0;
  std::size_t chunk_size = 1024;
  std::vector<std::unique_ptr<char[]>> chunks;
};

namespace detail {

// Collects nodes in the order of the source: containers are opened, filled and closed. Every call that can run out of
// budget says so; the caller passes it on.
//
// With Places::kept each child's place is stored behind the children of its container, where a copy of the container's
// node finds it, too.
class Builder {
 public:
  enum class Places : bool { dropped, kept };
  explicit Builder(const Limits& limits, Places = Places::dropped);

  Result<> open(Kind container);
  // Makes the open container a node and adds it to the one around it.
  Result<> close() { return add(take()); }
  // The same without adding it.
  Node take();
  // The name of the member that comes next.
  void key(std::string_view name) { kept_key(keep(name)); }
  // The same for text that is in the arena already.
  void kept_key(std::string_view name) { key_ = name; }
  // Where that name stands, and where the value that is added next does.
  void mark_key(TextRange range) { place_.key = range; }
  void mark_value(TextRange range) { place_.value = range; }
  Result<> add(const Node& node);
  // A node together with all that is below it, `weight` nodes in all: for aliases, which repeat them.
  Result<> add(const Node& node, std::size_t weight);
  // Counts nodes that are not added as such.
  Result<> count(std::size_t weight);

  Node null() const { return {}; }
  Node boolean(bool value, std::string_view written);
  Node text(std::string_view content);
  // A decimal number; an integer where it is written as one and fits.
  Node number(std::string_view written);
  Node integer(std::int64_t value, std::string_view written);
  Node real(double value, std::string_view written);

  // Members of the open object so far; `prepend` puts others in front of them.
  std::span<const MemberNode> members() const noexcept { return std::span(pending_).subspan(open_.back().first); }
  void prepend(std::span<const MemberNode> members, std::span<const Place> places);
  // Two members of the open object that have the same name.
  struct Twice {
    std::string_view name;
    Place first, second;
  };
  std::optional<Twice> key_twice() const;
  // Nodes counted so far, in all documents.
  std::size_t used() const noexcept { return used_; }

  // The node added last outside of every container is the root.
  Document finish();
  // The same, and ready for the next one, within what is left of the budget.
  PlacedDocument finish_placed();

 private:
  struct Open {
    Kind kind;
    std::size_t first;  // of its children in pending_
    std::string_view key;
    TextRange key_range;
  };
  void start();
  std::string_view keep(std::string_view text);

  Limits limits_;
  Document document_;
  std::size_t used_ = 0;
  std::size_t used_before_ = 0;  // by the documents that are finished
  std::vector<Open> open_;
  std::vector<MemberNode> pending_;
  std::string_view key_;
  Places places_;
  Place place_;                        // of what is added next
  std::vector<Place> pending_places_;  // as pending_, where places are kept
  Place root_place_;
};

// Of the children of a container, as many as it has. Only where places were kept.
inline const Place* places_of_children(const Node& container) noexcept {
  if (container.kind == Kind::object) return reinterpret_cast<const Place*>(container.members + container.size);
  return reinterpret_cast<const Place*>(container.items + container.size);
}

// Positions of two members of the same name.
struct SameName {
  std::size_t first, second;
};
std::optional<SameName> name_twice(std::span<const MemberNode> members);

// Size check and removal of a byte order mark, for all text formats.
Result<std::string_view> checked_input(std::string_view text, const Limits& limits);

// "line 3, column 7" of a byte offset (columns count bytes).
std::string place_of(std::string_view text, std::size_t offset);

// Whether the text is a number as RFC 8259 writes it.
bool is_json_number(std::string_view text) noexcept;

// Deeper than this no limit goes: parsers below us recurse.
constexpr unsigned deepest = 1000;

}  // namespace detail
}  // namespace seawall::codec
