#include "cel/ast.h"

#include <algorithm>

#include "base/result.h"

namespace seawall::cel {

AstBuilder::AstBuilder(std::string_view source) { ast_.source_ = keep(source); }

void* AstBuilder::copy(const void* from, std::size_t bytes) {
  void* memory = ast_.arena_.allocate(bytes);
  SW_CHECK(memory != nullptr || bytes == 0);
  if (bytes != 0) std::memcpy(memory, from, bytes);
  return memory;
}

std::string_view AstBuilder::keep(std::string_view text) {
  return {static_cast<const char*>(copy(text.data(), text.size())), text.size()};
}

Node& AstBuilder::node(NodeKind kind, std::size_t place, std::span<Node* const> children) {
  Node* made = ast_.arena_.make(Node{});
  SW_CHECK(made != nullptr);
  made->kind = kind;
  made->id = ast_.count_++;
  made->place = static_cast<std::uint32_t>(place);
  made->children = keep(children);
  for (const Node* child : children) made->height = std::max(made->height, child->height + 1);
  return *made;
}

Node& AstBuilder::call(std::string_view function, std::size_t place, std::span<Node* const> arguments) {
  auto& made = node(NodeKind::call, place, arguments);
  made.text = function;
  return made;
}

Ast AstBuilder::finish(const Node& root) && {
  ast_.root_ = &root;
  return std::move(ast_);
}

}  // namespace seawall::cel
