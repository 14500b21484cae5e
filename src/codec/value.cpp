#include "codec/value.h"

#include "codec/detail/builder.h"

namespace seawall::codec {

using detail::MemberNode;
using detail::Node;

static std::string_view text_of_node(const Node& node) noexcept { return {node.text, node.size}; }

Kind Value::kind() const noexcept { return node_ == nullptr ? Kind::null : node_->kind; }

std::string_view Value::text() const noexcept { return is_text() ? text_of_node(*node_) : std::string_view(); }

std::string_view Value::scalar() const noexcept {
  bool scalar = kind() != Kind::null && !is_array() && !is_object();
  return scalar ? text_of_node(*node_) : std::string_view();
}

std::optional<bool> Value::boolean() const noexcept {
  if (kind() != Kind::boolean) return std::nullopt;
  return node_->integer != 0;
}

std::optional<std::int64_t> Value::integer() const noexcept {
  if (kind() != Kind::integer) return std::nullopt;
  return node_->integer;
}

std::optional<double> Value::number() const noexcept {
  if (kind() == Kind::integer) return static_cast<double>(node_->integer);
  if (kind() != Kind::number) return std::nullopt;
  return node_->number;
}

std::size_t Value::size() const noexcept { return is_array() || is_object() ? node_->size : 0; }

Items Value::items() const noexcept { return is_array() ? Items(node_->items, node_->size) : Items(nullptr, 0); }

Members Value::members() const noexcept {
  return is_object() ? Members(node_->members, node_->size) : Members(nullptr, 0);
}

Value Value::at(std::size_t index) const noexcept {
  return is_array() && index < node_->size ? Value(node_->items + index) : Value();
}

Result<std::string_view> Value::text_of(std::string_view key) const {
  auto member = (*this)[key];
  if (!member.is_text()) return fail(Code::invalid, std::string(key) + (member ? ": not a text" : ": missing"));
  return member.text();
}

std::string_view Value::text_or(std::string_view key, std::string_view fallback) const noexcept {
  auto member = (*this)[key];
  return member.is_text() ? member.text() : fallback;
}

Value Items::Iterator::operator*() const noexcept { return Value(at_); }
Items::Iterator& Items::Iterator::operator++() noexcept {
  ++at_;
  return *this;
}
Items::Iterator Items::end() const noexcept { return Iterator(first_ + count_); }

Member Members::Iterator::operator*() const noexcept { return {at_->name(), Value(&at_->value)}; }
Members::Iterator& Members::Iterator::operator++() noexcept {
  ++at_;
  return *this;
}
Members::Iterator Members::end() const noexcept { return Iterator(first_ + count_); }

Document::Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Value Document::root() const noexcept { return arena_ ? Value(&arena_->root) : Value(); }

}  // namespace seawall::codec
