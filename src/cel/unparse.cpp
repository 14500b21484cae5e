// The tree as text: text(Node).
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "cel/ast.h"
#include "cel/detail/lexer.h"
#include "cel/detail/macros.h"
#include "cel/detail/operators.h"

namespace seawall::cel {
namespace {

using detail::Infix;
using detail::Level;

const Infix* infix_of(const Node& node) {
  return node.kind == NodeKind::call && node.children.size() == 2 ? detail::find_infix(node.text) : nullptr;
}

bool is_call(const Node& node, std::string_view function, std::size_t arguments) {
  return node.kind == NodeKind::call && node.text == function && node.children.size() == arguments;
}

bool is_negative(const Value& value) {
  if (value.is(Kind::integer)) return value.as_integer() < 0;
  return value.is(Kind::floating) && std::signbit(value.as_floating());
}

bool is_number(const Node& node) { return node.kind == NodeKind::literal && node.constant.is_number(); }

// Is the tree the one that the parser makes of a chain of that many terms?
bool is_balanced(const Node& node, std::string_view function, std::size_t terms) {
  if (!is_call(node, function, 2)) return terms == 1;
  if (terms == 1) return false;
  auto left = (terms - 1) / 2 + 1;
  return is_balanced(*node.children[0], function, left) && is_balanced(*node.children[1], function, terms - left);
}

std::size_t count_terms(const Node& node, std::string_view function) {
  if (!is_call(node, function, 2)) return 1;
  return count_terms(*node.children[0], function) + count_terms(*node.children[1], function);
}

// target.optMap(variable, body), found again in its expansion.
struct OptionalMapping {
  const Node* target;
  std::string_view name, variable;
  const Node* body;
};

std::optional<OptionalMapping> optional_mapping(const Node& node) {
  bool bound = node.kind == NodeKind::let && node.variable == detail::optional_target;
  const auto& decided = bound ? *node.children[1] : node;
  if (!is_call(decided, op::conditional, 3) || !is_call(*decided.children[2], detail::optional_none, 0)) return {};
  const auto* mapped = decided.children[1];
  bool flat = !is_call(*mapped, detail::optional_of, 1);
  if (!flat) mapped = mapped->children[0];
  if (mapped->kind != NodeKind::let || decided.children[0]->kind != NodeKind::method) return {};
  const auto* target = bound ? node.children[0] : decided.children[0]->children[0];
  return OptionalMapping{target, flat ? "optFlatMap" : "optMap", mapped->variable, mapped->children[1]};
}

bool is_sort(const Node& node) {
  return node.kind == NodeKind::let && node.variable == detail::sort_input &&
         node.children[1]->kind == NodeKind::method && node.children[1]->text == detail::sort_function;
}

std::string_view name_of(Macro macro) {
  constexpr std::array<std::string_view, 9> names = {
      "", "all", "exists", "exists_one", "map", "filter", "transformList", "transformMap", "transformMapEntry"};
  return names[static_cast<std::size_t>(macro)];
}

class Writer {
 public:
  std::string take() && { return std::move(out_); }

  // In parentheses where it binds less strongly than its place asks for.
  void write(const Node& node, Level asked) {
    bool bare = level_of(node) >= asked;
    if (!bare) out_ += '(';
    write(node);
    if (!bare) out_ += ')';
  }

 private:
  static Level level_of(const Node& node) {
    if (node.kind == NodeKind::literal) return is_negative(node.constant) ? Level::unaries : Level::members;
    if (node.kind != NodeKind::call) return Level::members;
    if (is_call(node, op::conditional, 3)) return optional_mapping(node) ? Level::members : Level::conditionals;
    if (is_call(node, op::logical_not, 1) || is_call(node, op::negate, 1)) return Level::unaries;
    const auto* infix = infix_of(node);
    return infix != nullptr ? infix->level : Level::members;
  }

  void write(const Node& node) {
    switch (node.kind) {
      case NodeKind::literal:
        return literal(node.constant);
      case NodeKind::identifier:
        return identifier(node.text);
      case NodeKind::select:
        return selection(*node.children[0], ".", node.text);
      case NodeKind::has:
        return has(node);
      case NodeKind::call:
        return call(node);
      case NodeKind::method:
        return method(*node.children[0], node.text, node.children.subspan(1));
      case NodeKind::list:
        return list(node);
      case NodeKind::map:
        return map(node);
      case NodeKind::record:
        return record(node);
      case NodeKind::loop:
        return loop(node);
      case NodeKind::let:
        return let(node);
      case NodeKind::block:
        return block(node);
    }
  }

  void identifier(std::string_view name) {
    if (name.starts_with(detail::slot_prefix)) return coordinates("cel.index", name, detail::slot_prefix);
    if (name.starts_with(detail::loop_variable_prefix)) {
      return coordinates("cel.iterVar", name, detail::loop_variable_prefix);
    }
    if (name.starts_with(detail::accumulator_prefix)) {
      return coordinates("cel.accuVar", name, detail::accumulator_prefix);
    }
    out_ += name;
  }

  // "@it:0:1" is cel.iterVar(0, 1).
  void coordinates(std::string_view function, std::string_view name, std::string_view prefix) {
    out_.append(function).append(1, '(');
    for (char c : name.substr(prefix.size())) out_ += c == ':' ? std::string(", ") : std::string(1, c);
    out_ += ')';
  }

  void selection(const Node& target, std::string_view sign, std::string_view name) {
    write(target, Level::members);
    out_ += sign;
    field(name);
  }

  void field(std::string_view name) {
    bool plain = detail::is_name(name) && !detail::is_keyword(name);
    if (!plain) out_ += '`';
    out_ += name;
    if (!plain) out_ += '`';
  }

  void has(const Node& node) {
    out_ += "has(";
    selection(*node.children[0], ".", node.text);
    out_ += ')';
  }

  void call(const Node& node) {
    if (auto mapping = optional_mapping(node)) return mapped(*mapping);
    if (const auto* infix = infix_of(node)) return binary(node, *infix);
    if (is_call(node, op::conditional, 3)) return conditional(node);
    if (is_call(node, op::logical_not, 1)) return prefixed('!', *node.children[0]);
    if (is_call(node, op::negate, 1)) return prefixed('-', *node.children[0]);
    if (is_call(node, op::index, 2)) return index(node, "[");
    if (is_call(node, op::optional_index, 2)) return index(node, "[?");
    if (is_call(node, op::optional_select, 2)) {
      return selection(*node.children[0], ".?", node.children[1]->constant.as_text());
    }
    out_ += written_name(node.text);
    arguments(node.children);
  }

  static std::string_view written_name(std::string_view function) {
    if (function == detail::math_greatest) return "math.greatest";
    if (function == detail::math_least) return "math.least";
    return function;
  }

  void conditional(const Node& node) {
    write(*node.children[0], Level::disjunctions);
    out_ += " ? ";
    write(*node.children[1], Level::disjunctions);
    out_ += " : ";
    write(*node.children[2], Level::conditionals);
  }

  void binary(const Node& node, const Infix& infix) {
    if (infix.level > Level::conjunctions) {
      write(*node.children[0], infix.level);
      out_ += infix.written;
      return write(*node.children[1], above(infix.level));
    }
    if (is_balanced(node, infix.function, count_terms(node, infix.function))) return chain(node, infix);
    write(*node.children[0], above(infix.level));
    out_ += infix.written;
    write(*node.children[1], above(infix.level));
  }

  void chain(const Node& node, const Infix& infix) {
    if (!is_call(node, infix.function, 2)) return write(node, above(infix.level));
    chain(*node.children[0], infix);
    out_ += infix.written;
    chain(*node.children[1], infix);
  }

  void prefixed(char sign, const Node& operand) {
    // "-1" would be a literal.
    bool guarded = sign == '-' && is_number(operand) && !is_negative(operand.constant);
    out_ += sign;
    if (guarded) out_ += '(';
    write(operand, Level::members);
    if (guarded) out_ += ')';
  }

  void index(const Node& node, std::string_view open) {
    write(*node.children[0], Level::members);
    out_ += open;
    write(*node.children[1], Level::conditionals);
    out_ += ']';
  }

  void method(const Node& target, std::string_view name, std::span<Node* const> given) {
    write(target, Level::members);
    out_.append(1, '.').append(name);
    arguments(given);
  }

  void arguments(std::span<Node* const> given) {
    out_ += '(';
    separated(given);
    out_ += ')';
  }

  void separated(std::span<Node* const> nodes) {
    for (const auto* node : nodes) {
      if (node != nodes.front()) out_ += ", ";
      write(*node, Level::conditionals);
    }
  }

  void list(const Node& node) {
    out_ += '[';
    for (std::size_t at = 0; at < node.children.size(); ++at) {
      begin_element(node, at);
      write(*node.children[at], Level::conditionals);
    }
    out_ += ']';
  }

  void map(const Node& node) {
    out_ += '{';
    for (std::size_t at = 0; at < node.children.size() / 2; ++at) {
      begin_element(node, at);
      write(*node.children[2 * at], Level::conditionals);
      out_ += ": ";
      write(*node.children[2 * at + 1], Level::conditionals);
    }
    out_ += '}';
  }

  void record(const Node& node) {
    out_.append(node.text).append(1, '{');
    for (std::size_t at = 0; at < node.children.size(); ++at) {
      begin_element(node, at);
      field(node.texts[at]);
      out_ += ": ";
      write(*node.children[at], Level::conditionals);
    }
    out_ += '}';
  }

  void begin_element(const Node& node, std::size_t element) {
    if (element > 0) out_ += ", ";
    if (node.is_optional(element)) out_ += '?';
  }

  void loop(const Node& node) {
    write(*node.children[0], Level::members);
    out_.append(1, '.').append(name_of(node.macro)).append(1, '(').append(node_variable(node.variable));
    if (!node.second_variable.empty()) out_.append(", ").append(node_variable(node.second_variable));
    out_ += ", ";
    separated(node.children.subspan(1));
    out_ += ')';
  }

  static std::string node_variable(std::string_view name) {
    Writer writer;
    writer.identifier(name);
    return std::move(writer).take();
  }

  void let(const Node& node) {
    if (auto mapping = optional_mapping(node)) return mapped(*mapping);
    if (is_sort(node)) {
      const auto& keys = *node.children[1]->children[1];
      return mapped({node.children[0], "sortBy", keys.variable, keys.children[1]});
    }
    out_.append("cel.bind(").append(node_variable(node.variable)).append(", ");
    separated(node.children);
    out_ += ')';
  }

  void mapped(const OptionalMapping& mapping) {
    write(*mapping.target, Level::members);
    out_.append(1, '.').append(mapping.name).append(1, '(').append(node_variable(mapping.variable)).append(", ");
    write(*mapping.body, Level::conditionals);
    out_ += ')';
  }

  void block(const Node& node) {
    out_ += "cel.block([";
    separated(node.children.first(node.children.size() - 1));
    out_ += "], ";
    write(*node.children.back(), Level::conditionals);
    out_ += ')';
  }

  void literal(const Value& value) {
    switch (value.kind()) {
      case Kind::boolean:
        out_ += value.as_boolean() ? "true" : "false";
        return;
      case Kind::integer:
        out_ += std::to_string(value.as_integer());
        return;
      case Kind::unsigned_integer:
        out_.append(std::to_string(value.as_unsigned())).append(1, 'u');
        return;
      case Kind::floating:
        return floating(value.as_floating());
      case Kind::string:
        return quoted(value.as_text(), Quoting::string);
      case Kind::bytes:
        out_ += 'b';
        return quoted(value.as_text(), Quoting::bytes);
      default:
        out_ += "null";  // no other kind is written as a literal
        return;
    }
  }

  void floating(double number) {
    char digits[32];
    auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    std::string_view written(digits, static_cast<std::size_t>(end - digits));
    out_ += written;
    if (written.find_first_of(".e") == std::string_view::npos) out_ += ".0";
  }

  enum class Quoting : bool { string, bytes };
  void quoted(std::string_view content, Quoting quoting) {
    out_ += '"';
    for (char c : content) character(c, quoting);
    out_ += '"';
  }

  void character(char c, Quoting quoting) {
    constexpr std::string_view special = "\n\r\t\"\\", letters = "nrt\"\\";
    if (auto found = special.find(c); found != std::string_view::npos) {
      out_.append(1, '\\').append(1, letters[found]);
      return;
    }
    auto byte = static_cast<unsigned char>(c);
    bool plain = byte >= 0x20 && byte != 0x7F && (byte < 0x80 || quoting == Quoting::string);
    if (plain) {
      out_ += c;
      return;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    out_.append("\\x").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
  }

  std::string out_;
};

}  // namespace

std::string text(const Node& node) {
  Writer writer;
  writer.write(node, Level::conditionals);
  return std::move(writer).take();
}

}  // namespace seawall::cel
