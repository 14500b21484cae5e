#include "cel/estimate.h"

#include <map>
#include <vector>

#include "cel/detail/cost_rules.h"
#include "cel/detail/estimate.h"

namespace seawall::cel {
namespace {

using namespace detail;

// Sizes of what a list or map holds.
struct EntrySizes {
  CostRange key, value;
};

// What is known of a node.
struct Facts {
  std::optional<CostRange> size;
  std::optional<EntrySizes> entries;
  std::string path;
};

bool is_scalar(Type type) {
  switch (type.kind()) {
    case TypeKind::boolean:
    case TypeKind::integer:
    case TypeKind::unsigned_integer:
    case TypeKind::floating:
    case TypeKind::timestamp:
    case TypeKind::duration:
      return true;
    case TypeKind::wrapper:
    case TypeKind::optional:
      return is_scalar(type.parameter(0));
    default:
      return false;
  }
}

class Estimator {
 public:
  Estimator(const Checked& checked, const SizeHint& hint)
      : checked_(checked), hint_(hint), facts_(checked.ast().node_count()) {}

  CostRange cost(const Node& node) {
    switch (node.kind) {
      case NodeKind::literal:
        return {};
      case NodeKind::identifier:
        return name(node);
      case NodeKind::select:
        return select(node);
      case NodeKind::has:
        return cost(*node.children[0]);
      case NodeKind::call:
      case NodeKind::method:
        return call(node);
      case NodeKind::list:
        return list(node);
      case NodeKind::map:
        return map(node);
      case NodeKind::record:
        return costs(node.children) + exactly(cost_of_record);
      case NodeKind::loop:
        return loop(node);
      case NodeKind::let:
        return let(node);
      case NodeKind::block:
        return block(node);
    }
    return {};
  }

 private:
  Facts& facts(const Node& node) { return facts_[node.id]; }

  CostRange costs(std::span<Node* const> nodes) {
    CostRange sum;
    for (const auto* node : nodes) sum = sum + cost(*node);
    return sum;
  }

  // --- Sizes
  // ----------------------------------------------------------------------------------------------------------

  std::optional<CostRange> written_size(const Node& node) const {
    if (node.kind == NodeKind::list) return exactly(node.children.size());
    if (node.kind == NodeKind::map) return exactly(node.children.size() / 2);
    if (node.kind == NodeKind::literal) return exactly(size_for_cost(node.constant));
    return std::nullopt;
  }

  std::optional<CostRange> size(const Node& node) {
    auto& known = facts(node);
    if (known.size) return known.size;
    if (auto written = written_size(node)) return written;
    auto type = checked_.type(node);
    if (hint_) known.size = hint_(path(node), type);
    if (known.size) return known.size;
    if (is_scalar(type)) return exactly(1);
    const auto* local = local_of(node);
    return local ? local->size : std::nullopt;
  }

  CostRange size_or_unknown(const Node& node) { return size(node).value_or(unknown_size); }

  std::optional<EntrySizes> entries(const Node& node) {
    if (facts(node).entries) return facts(node).entries;
    const auto* local = local_of(node);
    return local ? local->entries : std::nullopt;
  }

  const std::string& path(const Node& node) {
    const auto* local = local_of(node);
    return local ? local->path : facts(node).path;
  }

  // --- Names
  // ----------------------------------------------------------------------------------------------------------

  // A loop's or let's variable, or a slot of a block.
  using LocalName = std::pair<std::uint32_t, std::uint32_t>;
  const Facts* local_of(const Node& node) const {
    const auto& resolved = checked_.resolution(node);
    if (resolved.kind != Resolution::Kind::local) return nullptr;
    auto found = locals_.find({resolved.binding, resolved.second ? 1 : resolved.slot});
    return found == locals_.end() ? nullptr : &found->second;
  }

  CostRange name(const Node& node) {
    const auto& resolved = checked_.resolution(node);
    if (resolved.kind == Resolution::Kind::variable) facts(node).path = node.text;
    return exactly(1);
  }

  CostRange select(const Node& node) {
    const auto& resolved = checked_.resolution(node);
    bool whole_name = resolved.kind == Resolution::Kind::variable || resolved.kind == Resolution::Kind::constant;
    if (whole_name) return name(node);
    auto sum = cost(*node.children[0]);
    auto kind = checked_.type(*node.children[0]).kind();
    if (kind == TypeKind::map || kind == TypeKind::record || kind == TypeKind::parameter) sum = sum + exactly(1);
    extend_path(node, *node.children[0], node.text);
    return sum;
  }

  void extend_path(const Node& node, const Node& parent, std::string_view step) {
    if (const auto& from = path(parent); !from.empty()) facts(node).path = from + "." + std::string(step);
  }

  // --- What is made
  // ---------------------------------------------------------------------------------------------------

  // The sizes of all these together.
  CostRange united_sizes(std::span<Node* const> nodes, std::size_t first, std::size_t step) {
    if (nodes.empty()) return {};
    CostRange all{no_bound, 0};
    for (auto i = first; i < nodes.size(); i += step) all = united(all, size_or_unknown(*nodes[i]));
    return all;
  }

  CostRange list(const Node& node) {
    auto sum = costs(node.children) + exactly(cost_of_list);
    facts(node).entries = {exactly(1), united_sizes(node.children, 0, 1)};
    return sum;
  }

  CostRange map(const Node& node) {
    auto sum = costs(node.children) + exactly(cost_of_map);
    facts(node).entries = {united_sizes(node.children, 0, 2), united_sizes(node.children, 1, 2)};
    return sum;
  }

  CostRange let(const Node& node) {
    // cel-go folds over an empty list.
    auto sum = exactly(cost_of_list) + cost(*node.children[0]);
    const auto& value = *node.children[0];
    locals_[{node.id, 0}] = {size(value), entries(value), path(value)};
    sum = sum + cost(*node.children[1]);
    copy_sizes(node, *node.children[1]);
    return sum;
  }

  CostRange block(const Node& node) {
    auto slots = node.children.size() - 1;
    auto sum = exactly(cost_of_list + 1);
    for (std::uint32_t i = 0; i < slots; ++i) {
      const auto& slot = *node.children[i];
      sum = sum + cost(slot);
      locals_[{node.id, i}] = {size(slot), entries(slot), path(slot)};
    }
    sum = sum + cost(*node.children[slots]);
    copy_sizes(node, *node.children[slots]);
    return sum;
  }

  void copy_sizes(const Node& to, const Node& from) {
    facts(to).size = size(from);
    facts(to).entries = entries(from);
  }

  // --- Loops: what cel-go's folds cost
  // --------------------------------------------------------------------------------

  struct Turn {
    CostRange before, each, result;  // making the accumulator, one element, the result
  };

  CostRange loop(const Node& node) {
    auto sum = cost(*node.children[0]);
    bind_elements(node);
    auto turn = turn_of(node);
    const auto count = size_or_unknown(*node.children[0]);
    if (is_aggregate(node.macro)) facts(node).size = count;
    return sum + turn.before + turn.result + count * turn.each;
  }

  static bool is_aggregate(Macro macro) {
    return macro != Macro::all && macro != Macro::exists && macro != Macro::exists_one;
  }

  void bind_elements(const Node& node) {
    const auto& range = *node.children[0];
    bool over_list = checked_.type(range).is(TypeKind::list);
    const auto sizes = entries(range);
    auto element = [&](bool key) {
      Facts made;
      if (sizes) made.size = key ? sizes->key : sizes->value;
      std::string_view step = over_list ? (key ? "@indices" : "@items") : (key ? "@keys" : "@values");
      if (!path(range).empty()) made.path = path(range) + "." + std::string(step);
      return made;
    };
    bool two = !node.second_variable.empty();
    locals_[{node.id, 0}] = element(two || !over_list);
    if (two) locals_[{node.id, 1}] = element(false);
  }

  // `accumulator` names cost 1 each time.
  Turn turn_of(const Node& node) {
    constexpr auto accumulator = exactly(1);
    switch (node.macro) {
      case Macro::all:
      case Macro::exists: {
        // The condition is @not_strictly_false(accumulator), of exists with a negation.
        auto condition = exactly(node.macro == Macro::all ? 2 : 3);
        auto predicate = cost(*node.children[1]);
        return {{}, condition + CostRange{1, add_bounded(1, predicate.most)}, accumulator};
      }
      case Macro::exists_one:
        // predicate ? accumulator + 1 : accumulator; then accumulator == 1.
        return {{}, cost(*node.children[1]) + CostRange{1, 2}, exactly(2)};
      case Macro::filter:
        return {exactly(cost_of_list), cost(*node.children[1]) + CostRange{1, 3 + cost_of_list}, accumulator};
      case Macro::map:
      case Macro::transform_list:
        // accumulator + [transform].
        return {exactly(cost_of_list), filtered(node, exactly(2 + cost_of_list)), accumulator};
      case Macro::transform_map:
        // @mapInsert(accumulator, key, transform).
        return {exactly(cost_of_map), filtered(node, exactly(3)), accumulator};
      case Macro::transform_map_entry:
        return {exactly(cost_of_map), filtered(node, exactly(2)), accumulator};
      case Macro::none:
        break;
    }
    return {};
  }

  // One element of a loop that transforms, perhaps only those that pass its filter.
  CostRange filtered(const Node& node, CostRange insertion) {
    bool has_filter = node.children.size() == 3;
    auto filter = has_filter ? cost(*node.children[1]) : CostRange();
    auto step = insertion + cost(*node.children.back());
    return has_filter ? filter + united(step, exactly(1)) : step;
  }

  // --- Calls
  // ----------------------------------------------------------------------------------------------------------

  Operand operand(const Node& node) { return {&node, checked_.type(node), path(node), size(node)}; }

  CostRange call(const Node& node) {
    const auto& resolved = checked_.resolution(node);
    if (node.text == op::optional_select) return cost(*node.children[0]) + exactly(1);
    if (resolved.kind != Resolution::Kind::overloads)
      return resolved.kind == Resolution::Kind::constant ? name(node) : CostRange();
    auto children = node.children.subspan(resolved.qualified ? 1 : 0);
    if (node.text == op::logical_and || node.text == op::logical_or) return logical(children);
    if (node.text == op::conditional) return conditional(node, children);
    std::vector<Operand> operands;
    CostRange sum;
    for (const auto* child : children) {
      sum = sum + cost(*child);
      operands.push_back(operand(*child));
    }
    if (node.text == "dyn" && !children.empty()) {
      copy_sizes(node, *children[0]);
      return sum + exactly(1);
    }
    return sum + overloads(node, operands);
  }

  CostRange logical(std::span<Node* const> children) {
    auto left = cost(*children[0]);
    auto right = cost(*children[1]);
    return {left.least, add_bounded(left.most, right.most)};
  }

  CostRange conditional(const Node& node, std::span<Node* const> children) {
    auto condition = cost(*children[0]);
    auto arms = united(cost(*children[1]), cost(*children[2]));
    facts(node).size = united(size_or_unknown(*children[1]), size_or_unknown(*children[2]));
    facts(node).entries = united_entries(*children[1], *children[2]);
    return condition + arms;
  }

  std::optional<EntrySizes> united_entries(const Node& left, const Node& right) {
    auto one = entries(left), other = entries(right);
    if (!one || !other) return std::nullopt;
    return EntrySizes{united(one->key, other->key), united(one->value, other->value)};
  }

  // All overloads that are possible, in one range.
  CostRange overloads(const Node& node, std::span<const Operand> operands) {
    const auto& resolved = checked_.resolution(node);
    bool method = node.kind == NodeKind::method && !resolved.qualified && !operands.empty();
    auto function = resolved.name.empty() ? node.text : resolved.name;
    CostRange all{no_bound, 0};
    std::optional<CostRange> result;
    for (const auto* overload : resolved.overloads) {
      CallFacts facts_of_call{function, overload->id, method ? operands.data() : nullptr,
                              operands.subspan(method ? 1 : 0), hint_};
      auto estimate = estimate_call(facts_of_call);
      all = united(all, estimate.cost);
      if (estimate.result) result = result ? united(*result, *estimate.result) : *estimate.result;
      note_element(node, overload->id, result);
    }
    if (result) facts(node).size = result;
    return all.least == no_bound ? CostRange() : all;
  }

  // Indexing and adding pass on what is known of the elements.
  void note_element(const Node& node, std::string_view overload, std::optional<CostRange>& result) {
    bool of_list = overload == "index_list", of_map = overload == "index_map";
    if (of_list || of_map) {
      const auto& container = *node.children[0];
      if (auto sizes = entries(container)) result = sizes->value;
      extend_path(node, container, of_list ? "@items" : "@values");
    }
    if (overload == "add_list") facts(node).entries = united_entries(*node.children[0], *node.children[1]);
  }

  const Checked& checked_;
  const SizeHint& hint_;
  std::vector<Facts> facts_;
  std::map<LocalName, Facts> locals_;
};

}  // namespace

CostRange estimate_cost(const Checked& checked, const SizeHint& hint) {
  return Estimator(checked, hint).cost(checked.root());
}

}  // namespace seawall::cel
