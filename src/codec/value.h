// Parsed data of unknown shape: a Document owns one arena, a Value is a cheap view into it.
//
// JSON, YAML and TOML all end here, so nothing above this room sees a parser. Values are read-only; asking for
// something that isn't there gives an empty Value (kind null), never an insertion and never an exception.
// Threads: a finished Document may be read from any thread.
// Owns: the Document owns all text and nodes; Values and the views they give live as long as it (moving the
// Document keeps them valid).
// Limits: see Limits; text up to 4 GiB.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace seawall::codec {

// Budget of one parse.
struct Limits {
  std::size_t bytes = std::size_t{256} << 20;  // input
  std::size_t nodes = std::size_t{16} << 20;   // values, counting each use of a YAML alias
  unsigned depth = 128;                        // nesting of arrays and objects
};

enum class Kind : unsigned char { null, boolean, integer, number, text, array, object };

namespace detail {
struct MemberNode;
class Builder;

// Plain data in the Document's arena; here so that judging rules compiles to plain loads. `text` is what was written,
// for all scalars; containers point to their children instead. Copying a node shares its children.
struct Node {
  Kind kind = Kind::null;
  std::uint32_t size = 0;  // bytes of text, or children
  union {
    const char* text = nullptr;
    const Node* items;
    const MemberNode* members;
  };
  union {
    std::int64_t integer = 0;  // booleans too: 0 or 1
    double number;
  };
};

// Size and hash of a name, compared as one word.
struct NameTag {
  std::uint32_t size = 0;
  std::uint32_t hash = 0;
  bool operator==(const NameTag& other) const noexcept {
    return std::bit_cast<std::uint64_t>(*this) == std::bit_cast<std::uint64_t>(other);
  }
};

struct MemberNode {
  const char* key = nullptr;
  NameTag tag;
  Node value;

  std::string_view name() const noexcept { return {key, tag.size}; }
};

// Whether two texts of the same size are equal: short ones without a call.
inline bool same_text(const char* a, const char* b, std::size_t size) noexcept {
  auto same = [&]<class Word>(Word, std::size_t at) {
    Word left, right;
    std::memcpy(&left, a + at, sizeof left);
    std::memcpy(&right, b + at, sizeof right);
    return left == right;
  };
  if (size >= 8) {
    if (!same(std::uint64_t{}, 0) || !same(std::uint64_t{}, size - 8)) return false;
    return size <= 16 || std::memcmp(a + 8, b + 8, size - 16) == 0;
  }
  if (size >= 4) return same(std::uint32_t{}, 0) && same(std::uint32_t{}, size - 4);
  return size == 0 || (a[0] == b[0] && a[size / 2] == b[size / 2] && a[size - 1] == b[size - 1]);
}

// Tells most names apart without reading them; equal hashes are followed by a comparison.
inline std::uint32_t hash_of(std::string_view name) noexcept {
  std::uint64_t head = 0, tail = 0;
  auto size = name.size();
  if (size >= 8) {
    std::memcpy(&head, name.data(), 8);
    std::memcpy(&tail, name.data() + size - 8, 8);
  } else if (size >= 4) {
    std::uint32_t first, last;
    std::memcpy(&first, name.data(), 4);
    std::memcpy(&last, name.data() + size - 4, 4);
    head = first, tail = last;
  } else {
    for (char c : name) head = head << 8 | static_cast<unsigned char>(c);
  }
  auto mixed = (head ^ (tail << 29 | tail >> 35) ^ size) * 0x9E3779B97F4A7C15;
  return static_cast<std::uint32_t>(mixed >> 32);
}
}  // namespace detail

class Items;
class Members;

// The name of a member, made ready for looking it up often. Borrows the text.
struct Key {
  explicit Key(std::string_view name)
      : text(name), tag{static_cast<std::uint32_t>(name.size()), detail::hash_of(name)} {}
  bool names(const detail::MemberNode& member) const noexcept {
    return member.tag == tag && detail::same_text(member.key, text.data(), text.size());
  }

  std::string_view text;
  detail::NameTag tag;
};

class Value {
 public:
  Value() = default;
  Kind kind() const noexcept;
  explicit operator bool() const noexcept { return kind() != Kind::null; }
  bool is_object() const noexcept { return kind() == Kind::object; }
  bool is_array() const noexcept { return kind() == Kind::array; }
  bool is_text() const noexcept { return kind() == Kind::text; }

  // The text of a text value; empty for anything else.
  std::string_view text() const noexcept;
  // The text as written for text, numbers and booleans (`version: 1.10` gives "1.10"); empty for null and containers.
  std::string_view scalar() const noexcept;
  std::optional<bool> boolean() const noexcept;
  std::optional<std::int64_t> integer() const noexcept;
  std::optional<double> number() const noexcept;  // integers too

  // Children of an array or members of an object; 0 for scalars.
  std::size_t size() const noexcept;
  Items items() const noexcept;      // of an array; empty for others
  Members members() const noexcept;  // of an object, in order of the source; empty for others
  Value at(std::size_t index) const noexcept;
  // A member by name (linear; the last of duplicates wins); empty Value where there is none.
  Value operator[](std::string_view key) const noexcept { return (*this)[Key(key)]; }
  Value operator[](const Key& key) const noexcept;
  // Whether there is a member of that name, be it null.
  bool has(const Key& key) const noexcept { return (*this)[key].node_ != nullptr; }
  // The node itself, null for an empty Value: for code that judges documents at speed.
  const detail::Node* node() const noexcept { return node_; }
  explicit Value(const detail::Node* node) : node_(node) {}
  // Nested: value.path("metadata", "labels").
  template <class... More>
  Value path(std::string_view key, More... more) const noexcept {
    if constexpr (sizeof...(more) == 0)
      return (*this)[key];
    else
      return (*this)[key].path(more...);
  }
  // A member's text, for `invalid` where it is absent or no text.
  Result<std::string_view> text_of(std::string_view key) const;
  std::string_view text_or(std::string_view key, std::string_view fallback = {}) const noexcept;

 private:
  friend class Items;
  friend class Members;
  friend class Document;
  friend class detail::Builder;
  const detail::Node* node_ = nullptr;
};

[[gnu::always_inline]] inline Value Value::operator[](const Key& key) const noexcept {
  if (node_ == nullptr || node_->kind != Kind::object) return {};
  for (auto left = node_->size; left != 0; --left)
    if (const auto& member = node_->members[left - 1]; key.names(member)) return Value(&member.value);
  return {};
}

struct Member {
  std::string_view key;
  Value value;
};

class Items {
 public:
  class Iterator {
   public:
    explicit Iterator(const detail::Node* at) : at_(at) {}
    Value operator*() const noexcept;
    Iterator& operator++() noexcept;
    bool operator==(const Iterator&) const = default;

   private:
    const detail::Node* at_;
  };
  Items(const detail::Node* first, std::size_t count) : first_(first), count_(count) {}
  Iterator begin() const noexcept { return Iterator(first_); }
  Iterator end() const noexcept;
  std::size_t size() const noexcept { return count_; }

 private:
  const detail::Node* first_;
  std::size_t count_;
};

class Members {
 public:
  class Iterator {
   public:
    explicit Iterator(const detail::MemberNode* at) : at_(at) {}
    Member operator*() const noexcept;
    Iterator& operator++() noexcept;
    bool operator==(const Iterator&) const = default;

   private:
    const detail::MemberNode* at_;
  };
  Members(const detail::MemberNode* first, std::size_t count) : first_(first), count_(count) {}
  Iterator begin() const noexcept { return Iterator(first_); }
  Iterator end() const noexcept;
  std::size_t size() const noexcept { return count_; }

 private:
  const detail::MemberNode* first_;
  std::size_t count_;
};

class Document {
 public:
  Document();  // holds null
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  Document(const Document&) = delete;
  ~Document();
  Value root() const noexcept;

 private:
  friend class detail::Builder;
  struct Arena;
  std::unique_ptr<Arena> arena_;
};

}  // namespace seawall::codec
