// XML 1.0 as a read-only tree. No document type definition is ever evaluated, no entity beyond the five predefined
// ones and character references, nothing external: there is nothing to expand or to fetch.
// Threads: a finished document may be read from any thread.
// Owns: XmlDocument owns the tree; nodes and views live as long as it.
// Fails: invalid with byte offset, exhausted (size, depth).
#pragma once

#include <memory>

#include "codec/value.h"

namespace seawall::codec {

// An element, or nothing (false). Names are given as written and by local name ("oval:definition" is "definition").
class XmlNode {
 public:
  XmlNode() = default;
  explicit operator bool() const noexcept { return node_ != nullptr; }
  std::string_view name() const noexcept;  // local name
  std::string_view text() const noexcept;  // first text or CDATA child, trimmed
  std::string_view attribute(std::string_view local_name) const noexcept;
  // Elements only.
  XmlNode first() const noexcept;
  XmlNode next() const noexcept;
  // First child element of that local name.
  XmlNode child(std::string_view local_name) const noexcept;
  // Next sibling element of the same local name.
  XmlNode next_same() const noexcept;

 private:
  friend class XmlDocument;
  explicit XmlNode(void* node) : node_(node) {}
  void* node_ = nullptr;
};

class XmlDocument {
 public:
  XmlDocument(XmlDocument&&) noexcept;
  XmlDocument& operator=(XmlDocument&&) noexcept;
  ~XmlDocument();
  XmlNode root() const noexcept;

 private:
  friend Result<XmlDocument> parse_xml(std::string_view, const Limits&);
  XmlDocument();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

Result<XmlDocument> parse_xml(std::string_view, const Limits& = {});

}  // namespace seawall::codec
