#include "kube/detail/value_text.h"

#include <algorithm>

#include "base/text.h"
#include "codec/json.h"
#include "codec/placed.h"
#include "codec/yaml.h"

namespace seawall::kube::detail {
namespace {

using codec::Value;

bool is_text_to(const Result<codec::Document>& read, std::string_view text) {
  return read && read->root().is_text() && read->root().text() == text;
}

bool is_text_to_kubernetes(std::string_view text) {
  auto read = codec::read_yaml_placed(text, {0, static_cast<std::uint32_t>(text.size())}, codec::YamlWords::kubernetes);
  return read && read->size() == 1 && read->front().root().is_text() && read->front().root().text() == text;
}

// Fewer than YAML allows: dates, times and numbers of any reader have no letter or begin with a digit, and brackets,
// commas, "# " and ": " mean something somewhere.
bool may_be_plain(std::string_view text, Around around) {
  constexpr std::size_t longest = 500;
  if (text.empty() || text.size() > longest) return false;
  if (!is_alnum(text.front()) && text.front() != '_' && text.front() != '/') return false;
  if (std::ranges::none_of(text, is_alpha)) return false;
  auto others = around == Around::block ? std::string_view("_-./@=+%: ") : std::string_view("_-./@=+% ");
  auto is_usual = [&](char c) { return is_alnum(c) || others.find(c) != std::string_view::npos; };
  if (!std::ranges::all_of(text, is_usual)) return false;
  return text.back() != ':' && text.back() != ' ' && text.find(": ") == std::string_view::npos;
}

// Characters that JSON leaves as they are and YAML refuses or takes for line breaks.
std::string_view escape_in_yaml(std::string_view character) {
  constexpr std::pair<std::string_view, std::string_view> escapes[] = {{"\x7F", "\\u007f"},   {"\u2028", "\\u2028"},
                                                                       {"\u2029", "\\u2029"}, {"\uFEFF", "\\ufeff"},
                                                                       {"\uFFFE", "\\ufffe"}, {"\uFFFF", "\\uffff"}};
  for (auto [from, to] : escapes)
    if (character.starts_with(from)) return to;
  return {};
}

// U+0080 to U+009F, controls of Latin-1.
bool is_upper_control(std::string_view at) {
  return at.size() > 1 && at[0] == '\xC2' && static_cast<unsigned char>(at[1]) < 0xA0;
}

std::string repeated(std::size_t blanks) { return std::string(blanks, ' '); }

// Lines below a key or behind the first of a block.
std::string new_line(std::size_t column, const BlockStyle& style) {
  return std::string(style.line_break) + repeated(column);
}

std::string flow_scalar(Value value, const FlowStyle& style) {
  if (style.quoted && value.is_text()) return quoted_text(value.text());
  return yaml_scalar(value, Around::flow);
}

}  // namespace

std::string quoted_text(std::string_view text) {
  codec::JsonWriter out;
  auto json = out.text(text).take();
  std::string yaml;
  for (std::size_t i = 0; i < json.size(); ++i) {
    auto rest = std::string_view(json).substr(i);
    if (is_upper_control(rest)) {
      yaml += "\\u00" + to_hex(rest.substr(1, 1));
      ++i;
    } else if (auto escape = escape_in_yaml(rest); !escape.empty()) {
      yaml += escape;
      i += escape == "\\u007f" ? 0 : 2;
    } else {
      yaml.push_back(json[i]);
    }
  }
  return yaml;
}

std::string yaml_text(std::string_view text, Around around) {
  bool plain = may_be_plain(text, around) && is_text_to(codec::parse_yaml(text), text) && is_text_to_kubernetes(text);
  return plain ? std::string(text) : quoted_text(text);
}

std::string yaml_scalar(Value value, Around around) {
  if (value.is_text()) return yaml_text(value.text(), around);
  codec::JsonWriter out;
  return out.value(value).take();
}

std::string flow_key(std::string_view name, const FlowStyle& style) {
  if (style.quoted) return quoted_text(name) + (style.spaced ? ": " : ":");
  return yaml_text(name, Around::flow) + ": ";  // only behind quotes YAML needs no blank
}

std::string flow_text(Value value, const FlowStyle& style) {
  if (value.size() == 0) return flow_scalar(value, style);
  auto inner = style;
  inner.indent = style.indent + style.unit;
  auto line = std::string(style.line_break);
  std::string out(1, value.is_array() ? '[' : '{');
  std::string separator = style.many_lines ? line + inner.indent : "";
  auto child = [&](const std::string& text) {
    out.append(separator).append(text);
    separator = style.many_lines ? "," + line + inner.indent : style.spaced ? ", " : ",";
  };
  for (auto item : value.items()) child(flow_text(item, inner));
  for (auto member : value.members()) child(flow_key(member.key, inner) + flow_text(member.value, inner));
  if (style.many_lines) out += line + style.indent;
  out.push_back(value.is_array() ? ']' : '}');
  return out;
}

std::string block_member(std::string_view name, Value value, std::size_t column, const BlockStyle& style) {
  auto key = yaml_text(name, Around::block) + ":";
  if (value.size() == 0) return key + " " + yaml_scalar(value, Around::block);
  auto below = column + (value.is_array() ? style.list_offset : style.step);
  return key + new_line(below, style) + block_text(value, below, style);
}

std::string block_item(Value value, std::size_t column, const BlockStyle& style) {
  return "-" + repeated(style.dash_width - 1) + block_text(value, column + style.dash_width, style);
}

std::string block_text(Value value, std::size_t column, const BlockStyle& style) {
  if (value.size() == 0) return yaml_scalar(value, Around::block);
  std::string out;
  auto line = [&](const std::string& text) { out += out.empty() ? text : new_line(column, style) + text; };
  for (auto item : value.items()) line(block_item(item, column, style));
  for (auto member : value.members()) line(block_member(member.key, member.value, column, style));
  return out;
}

}  // namespace seawall::kube::detail
