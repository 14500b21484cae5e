#include "cel/detail/terms.h"

#include <bit>

namespace seawall::cel::detail {

std::string Names::joined(std::string_view scope, std::string_view variable) {
  std::string both(scope);
  both += '/';
  both += variable;
  return both;
}

const std::uint32_t* Names::definition(std::string_view scope, std::string_view variable) const {
  auto found = defined_.find(joined(scope, variable));
  return found == defined_.end() ? nullptr : &found->second;
}

std::uint32_t Names::input(std::string_view scope, std::string_view variable) {
  auto own = joined(scope, variable);
  auto name = own_.contains(own) ? own : std::string(variable);
  auto [at, fresh] = numbers_.try_emplace(name, static_cast<std::uint32_t>(inputs_.size()));
  if (fresh) inputs_.push_back(name);
  return at->second;
}

std::size_t Terms::Hash::operator()(const Key& key) const noexcept {
  std::uint64_t mixed = key.size();
  for (auto part : key) mixed = (std::rotl(mixed, 23) ^ part) * 0x9E3779B97F4A7C15;
  return mixed ^ mixed >> 32;
}

std::uint64_t Terms::text_number(std::string_view text) {
  auto found = texts_.find(text);
  if (found == texts_.end()) found = texts_.emplace(std::string(text), texts_.size() + 1).first;
  return found->second;
}

void Terms::add_constant(Key& key, const Value& value) {
  key.push_back(static_cast<std::uint64_t>(value.kind()));
  switch (value.kind()) {
    case Kind::string:
    case Kind::bytes:
      key.push_back(text_number(value.as_text()));
      break;
    case Kind::type:
      key.push_back(text_number(value.as_type().name()));
      break;
    case Kind::floating:
      key.push_back(std::bit_cast<std::uint64_t>(value.as_floating()));
      break;
    default:
      key.push_back(value.as_unsigned());
  }
}

// What tells this node from others with the same children.
void Terms::add_own(Key& key, const Node& node, const Unit& unit, Names& names, const std::vector<Local>& locals,
                    std::uint64_t& free) {
  const auto& resolution = unit.checked->resolution(node);
  key.push_back(static_cast<std::uint64_t>(resolution.kind));
  switch (resolution.kind) {
    case Resolution::Kind::variable: {
      auto name = unit.checked->environment().variables()[resolution.slot].name;
      const auto* definition = names.definition(unit.scope, name);
      key.push_back(definition ? 1 : 0);
      key.push_back(definition ? *definition : names.input(unit.scope, name));
      return;
    }
    case Resolution::Kind::local:
      for (const auto& local : locals) {
        if (local.binding != resolution.binding) continue;
        free |= std::uint64_t{1} << std::min(local.depth, 63U);
        key.push_back(local.depth * 2 + (resolution.second ? 1 : 0));
        key.push_back(resolution.slot);
      }
      return;
    case Resolution::Kind::constant:
      add_constant(key, resolution.constant);
      return;
    case Resolution::Kind::overloads:
      for (const auto* overload : resolution.overloads) {
        key.push_back(reinterpret_cast<std::uintptr_t>(overload->run));
        key.push_back(text_number(overload->id));
      }
      break;
    case Resolution::Kind::field:
      key.push_back(reinterpret_cast<std::uintptr_t>(resolution.field));
      break;
    default:
      break;
  }
  if (node.kind == NodeKind::literal) add_constant(key, node.constant);
  key.push_back(node.text.empty() ? 0 : text_number(node.text));
  for (auto text : node.texts) key.push_back(text_number(text));
  for (auto bits : node.optional_elements) key.push_back(bits);
}

// Names that stand for one value after all have no parts.
static bool is_leaf(const Resolution& resolution) noexcept {
  return resolution.kind == Resolution::Kind::variable || resolution.kind == Resolution::Kind::constant ||
         resolution.kind == Resolution::Kind::local;
}

TermId Terms::visit(const Node& node, Unit& unit, Names& names, std::vector<Local>& locals) {
  Key key{static_cast<std::uint64_t>(node.kind) << 8 | static_cast<std::uint64_t>(node.macro)};
  std::uint64_t free = 0;
  add_own(key, node, unit, names, locals, free);
  if (!is_leaf(unit.checked->resolution(node))) {
    key.push_back(node.children.size());
    auto depth = static_cast<unsigned>(locals.size());
    bool binds = node.kind == NodeKind::loop || node.kind == NodeKind::let || node.kind == NodeKind::block;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      // The first child of a loop or let is outside of its scope.
      if (binds && (i == 1 || node.kind == NodeKind::block) && locals.size() == depth)
        locals.push_back({node.id, depth});
      auto child = visit(*node.children[i], unit, names, locals);
      key.push_back(child);
      free |= facts_[child].free;
    }
    locals.resize(depth);
    if (binds && depth < 63) free &= ~(std::uint64_t{1} << depth);
  }
  auto [at, fresh] = known_.try_emplace(std::move(key), static_cast<TermId>(facts_.size()));
  if (fresh) facts_.push_back({.free = free});
  unit.terms[node.id] = at->second;
  return at->second;
}

void Terms::number(Unit& unit, Names& names) {
  unit.terms.assign(unit.checked->ast().node_count(), 0);
  std::vector<Local> locals;
  visit(unit.checked->root(), unit, names, locals);
}

TermId Terms::field_term(TermId operand, std::string_view field) {
  constexpr std::uint64_t mark = UINT64_MAX;  // no node begins a key so
  auto [at, fresh] = known_.try_emplace(Key{mark, operand, text_number(field)}, static_cast<TermId>(facts_.size()));
  if (fresh) facts_.push_back({.free = facts_[operand].free});
  return at->second;
}

void Terms::count(const Node& node, const Unit& unit, bool in_loop) {
  auto& facts = facts_[unit.term(node)];
  bool seen = facts.uses > 0;
  // What doesn't change from one turn of a loop to the next is worth as much as two uses.
  facts.uses += in_loop && facts.free == 0 ? 2 : 1;
  if (seen || is_leaf(unit.checked->resolution(node))) return;
  for (std::size_t i = 0; i < node.children.size(); ++i)
    count(*node.children[i], unit, (in_loop && facts.free != 0) || repeats(node, i));
}

void Terms::count(const Unit& unit) { count(unit.checked->root(), unit, false); }

}  // namespace seawall::cel::detail
