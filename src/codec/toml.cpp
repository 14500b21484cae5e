#include "codec/toml.h"

#include <algorithm>
#include <tuple>
#define TOML_HEADER_ONLY 0
#define TOML_SHARED_LIB 1
#include <toml++/toml.h>

#include "base/text.h"
#include "codec/detail/builder.h"
#include "codec/detail/toml_depth.h"

namespace seawall::codec {
namespace {

using detail::Builder;
using detail::Node;

// toml++ itself goes no deeper with values.
constexpr unsigned deepest_toml = 256;

using TomlMember = std::pair<const toml::node*, std::string_view>;

// Implicit tables ("a" of "[a.b]") may stand where others do: the name decides.
bool in_source_order(const TomlMember& a, const TomlMember& b) {
  auto left = a.first->source().begin, right = b.first->source().begin;
  return std::tie(left.line, left.column, a.second) < std::tie(right.line, right.column, b.second);
}

// Turns the tree of toml++ into ours.
class TomlConverter {
 public:
  TomlConverter(std::string_view input, const Limits& limits) : lines_(split(input, '\n')), builder_(limits) {}

  Result<Document> run(const toml::table& root) {
    SW_TRY(table(root));
    return builder_.finish();
  }

 private:
  // Recursion is as deep as the builder lets containers nest.
  Result<> node(const toml::node& node) {
    switch (node.type()) {
      case toml::node_type::table:
        return table(*node.as_table());
      case toml::node_type::array:
        return array(*node.as_array());
      case toml::node_type::string:
        return builder_.add(builder_.text(node.as_string()->get()));
      case toml::node_type::integer:
        return builder_.add(builder_.integer(node.as_integer()->get(), written(node)));
      case toml::node_type::floating_point:
        return builder_.add(builder_.real(node.as_floating_point()->get(), written(node)));
      case toml::node_type::boolean:
        return builder_.add(builder_.boolean(node.as_boolean()->get(), written(node)));
      default:
        return builder_.add(builder_.text(written(node)));  // dates and times
    }
  }

  Result<> array(const toml::array& array) {
    SW_TRY(builder_.open(Kind::array));
    for (const auto& item : array) SW_TRY(node(item));
    return builder_.close();
  }

  // toml++ sorts tables by name; ours are in order of the source.
  Result<> table(const toml::table& table) {
    SW_TRY(builder_.open(Kind::object));
    std::vector<TomlMember> members;
    for (auto&& [key, value] : table) members.emplace_back(&value, key.str());
    std::sort(members.begin(), members.end(), in_source_order);
    for (const auto& [value, key] : members) {
      builder_.key(key);
      SW_TRY(node(*value));
    }
    return builder_.close();
  }

  // The text of a scalar as it stands in its line; toml++ counts columns in code points.
  std::string_view written(const toml::node& node) {
    auto begin = node.source().begin, end = node.source().end;
    if (begin.line == 0 || begin.line > lines_.size() || begin.line != end.line) return {};
    index_line(begin.line - 1);
    if (begin.column == 0 || begin.column >= end.column || end.column > starts_.size()) return {};
    auto first = starts_[begin.column - 1];
    return trim(lines_[begin.line - 1].substr(first, starts_[end.column - 1] - first));
  }

  // Where each code point of a line starts, and the line's end. All values of a line are asked for in a row.
  void index_line(std::size_t index) {
    if (index == indexed_line_) return;
    indexed_line_ = index;
    starts_.clear();
    auto line = lines_[index];
    for (std::size_t i = 0; i < line.size(); ++i)
      if ((static_cast<unsigned char>(line[i]) & 0xC0) != 0x80) starts_.push_back(static_cast<std::uint32_t>(i));
    starts_.push_back(static_cast<std::uint32_t>(line.size()));
  }

  std::vector<std::string_view> lines_;
  Builder builder_;
  std::size_t indexed_line_ = SIZE_MAX;
  std::vector<std::uint32_t> starts_;
};

}  // namespace

Result<Document> parse_toml(std::string_view text, const Limits& limits) {
  auto input = SW_TRY(detail::checked_input(text, limits));
  auto deepest = std::min(limits.depth, deepest_toml);
  if (detail::toml_depth(input, deepest) > deepest) return fail(Code::exhausted, "nested too deeply");
  try {
    auto root = toml::parse(input);
    return TomlConverter(input, limits).run(root);
  } catch (const toml::parse_error& error) {
    auto at = error.source().begin;
    return fail(Code::invalid, "line " + std::to_string(at.line) + ", column " + std::to_string(at.column) + ": " +
                                   std::string(error.description()));
  }
}

}  // namespace seawall::codec
