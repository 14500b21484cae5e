#include "codec/xml.h"

#include <algorithm>
#include <pugixml.hpp>

#include "base/text.h"
#include "codec/detail/builder.h"

namespace seawall::codec {

struct XmlDocument::Impl {
  pugi::xml_document tree;
};

namespace {

pugi::xml_node node_of(void* node) { return pugi::xml_node(static_cast<pugi::xml_node_struct*>(node)); }

std::string_view local(std::string_view name) {
  auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool is_element(pugi::xml_node node) { return node.type() == pugi::node_element; }

pugi::xml_node element_from(pugi::xml_node node) {
  while (node && !is_element(node)) node = node.next_sibling();
  return node;
}

pugi::xml_node element_named(pugi::xml_node node, std::string_view name) {
  while (node && !(is_element(node) && local(node.name()) == name)) node = node.next_sibling();
  return node;
}

// pugixml's tree takes up to 16 times the text: refuse before it is built what cannot pass afterwards. '<' may stand in
// CDATA and '=' in any text, hence the floor.
bool looks_too_big(std::string_view text, const Limits& limits) {
  auto marks = std::count_if(text.begin(), text.end(), [](char c) { return c == '<' || c == '='; });
  return static_cast<std::size_t>(marks) > std::max(limits.nodes, std::size_t{1} << 20) * 2;
}

// pugixml ends its text at a zero byte; only the wide encodings may hold one.
bool has_stray_zero(std::string_view text) {
  bool wide = text.starts_with("\xFE\xFF") || text.starts_with("\xFF\xFE") || text.substr(0, 4).contains('\0');
  return !wide && text.contains('\0');
}

Result<> check_budget(pugi::xml_node root, const Limits& limits) {
  std::size_t count = 0;
  unsigned depth = 1;
  for (auto node = root; node;) {
    auto attributes = node.attributes();
    count += 1 + static_cast<std::size_t>(std::distance(attributes.begin(), attributes.end()));
    if (count > limits.nodes) return fail(Code::exhausted, "too many elements and attributes");
    if (depth > std::min(limits.depth, detail::deepest)) return fail(Code::exhausted, "nested too deeply");
    if (node.first_child()) {
      node = node.first_child();
      depth += is_element(node.parent()) ? 1 : 0;
      continue;
    }
    while (node && node != root && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    node = node == root ? pugi::xml_node() : node.next_sibling();
  }
  return {};
}

}  // namespace

std::string_view XmlNode::name() const noexcept { return local(node_of(node_).name()); }

std::string_view XmlNode::text() const noexcept {
  for (auto child : node_of(node_).children())
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) return trim(child.value());
  return {};
}

std::string_view XmlNode::attribute(std::string_view local_name) const noexcept {
  for (auto attribute : node_of(node_).attributes())
    if (local(attribute.name()) == local_name) return attribute.value();
  return {};
}

XmlNode XmlNode::first() const noexcept {
  return XmlNode(element_from(node_of(node_).first_child()).internal_object());
}

XmlNode XmlNode::next() const noexcept {
  return XmlNode(element_from(node_of(node_).next_sibling()).internal_object());
}

XmlNode XmlNode::child(std::string_view local_name) const noexcept {
  return XmlNode(element_named(node_of(node_).first_child(), local_name).internal_object());
}

XmlNode XmlNode::next_same() const noexcept {
  return XmlNode(element_named(node_of(node_).next_sibling(), name()).internal_object());
}

XmlDocument::XmlDocument() : impl_(std::make_unique<Impl>()) {}
XmlDocument::XmlDocument(XmlDocument&&) noexcept = default;
XmlDocument& XmlDocument::operator=(XmlDocument&&) noexcept = default;
XmlDocument::~XmlDocument() = default;

XmlNode XmlDocument::root() const noexcept {
  return impl_ ? XmlNode(impl_->tree.document_element().internal_object()) : XmlNode();
}

Result<XmlDocument> parse_xml(std::string_view text, const Limits& limits) {
  auto input = SW_TRY(detail::checked_input(text, limits));
  if (looks_too_big(input, limits)) return fail(Code::exhausted, "too many elements and attributes");
  if (has_stray_zero(input)) return fail(Code::invalid, "zero byte in XML");
  XmlDocument document;
  // Neither declaration, doctype nor processing instructions are kept; the parser itself does not recurse.
  constexpr unsigned options = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_wconv_attribute | pugi::parse_eol;
  auto done = document.impl_->tree.load_buffer(input.data(), input.size(), options, pugi::encoding_auto);
  if (done.status == pugi::status_out_of_memory) return fail(Code::exhausted, "no memory for an XML tree");
  if (!done) {
    auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(done.offset, 0));
    return fail(Code::invalid, detail::place_of(input, offset) + ": " + done.description());
  }
  auto root = document.impl_->tree.document_element();
  if (element_from(root.next_sibling())) return fail(Code::invalid, "more than one root element");
  SW_TRY(check_budget(root, limits));
  return document;
}

}  // namespace seawall::codec
