// Containers in brackets: JSON, and YAML's flow style.
#include "kube/detail/object_editor.h"

namespace seawall::kube::detail {

Result<> ObjectEditor::flow(const PatchedValue& node, const Slot& slot, const Contents& contents, std::size_t bracket) {
  auto style = style_inside(contents, bracket, slot);
  remove_from_flow(contents);
  SW_TRY(
      changed_children(contents, {.place = {}, .is_member = node.value.is_object(), .in_flow = true, .style = style}));
  return add_to_flow(node, contents, bracket, style);
}

// As the children that are there are written; where they don't tell, as around the container.
FlowStyle ObjectEditor::style_inside(const Contents& contents, std::size_t bracket, const Slot& slot) const {
  auto style = slot.style;
  style.line_break = text_.line_break();
  if (contents.children.empty()) return style;
  const auto& first = contents.children.front();
  auto is_blank = [&](std::size_t at) {
    return std::string_view(" \t\r\n").find(text_.at(at)) != std::string_view::npos;
  };
  if (first.place.key.end > first.place.key.begin) {
    style.quoted = text_.at(first.place.key.begin) == '"';
    style.spaced = is_blank(text_.skip_blanks(first.place.key.end) + 1);
  } else if (contents.children.size() > 1) {
    style.spaced = is_blank(contents.children[1].begin - 1);
  }
  style.many_lines = text_.has_line_break(bracket, first.begin);
  if (!style.many_lines || !text_.is_first_on_line(first.begin)) return style;
  style.indent = text_.indentation(first.begin);
  auto outer = text_.indentation(bracket);
  if (style.indent.size() > outer.size() && style.indent.starts_with(outer))
    style.unit = style.indent.substr(outer.size());
  return style;
}

// With the comma before it, or behind it where nothing in front of it stays.
void ObjectEditor::remove_from_flow(const Contents& contents) {
  const auto& children = contents.children;
  bool has_kept_before = false;
  for (std::size_t i = 0; i < children.size(); ++i) {
    if (children[i].value != nullptr) {
      has_kept_before = true;
    } else if (has_kept_before) {
      replace(children[i - 1].place.value.end, children[i].place.value.end, "");
    } else {
      auto comma = text_.skip_to_token(children[i].place.value.end);
      auto end = i + 1 < children.size()  ? children[i + 1].begin
                 : text_.at(comma) == ',' ? text_.skip_white(comma + 1)
                                          : std::size_t{children[i].place.value.end};
      replace(children[i].begin, end, "");
    }
  }
}

Result<> ObjectEditor::add_to_flow(const PatchedValue& node, const Contents& contents, std::size_t bracket,
                                   const FlowStyle& style) {
  const auto& children = contents.children;
  auto line = style.many_lines ? std::string(style.line_break) + style.indent : std::string(style.spaced ? " " : "");
  for (const auto& addition : contents.additions) {
    auto copy = SW_TRY(written_out(*addition.value, bracket));
    auto text = flow_text(copy.root(), style);
    if (node.value.is_object()) text = flow_key(addition.value->name, style) + text;
    if (contents.has_kept_before(addition.after))
      add_behind(children[addition.after - 1].place.value.end, line, text, style);
    else if (!children.empty())
      replace(children[0].begin, children[0].begin, text + "," + line);
    else
      replace(bracket + 1, bracket + 1, text + "," + line);
  }
  return {};
}

// A comment behind the value in front stays on its line.
void ObjectEditor::add_behind(std::size_t end, const std::string& line, const std::string& text,
                              const FlowStyle& style) {
  auto behind = text_.skip_blanks(end);
  bool has_comma = text_.at(behind) == ',';
  if (has_comma) behind = text_.skip_blanks(behind + 1);
  if (!style.many_lines || text_.at(behind) != '#') return replace(end, end, "," + line + text);
  if (!has_comma) replace(end, end, ",");
  auto line_end = text_.line_end(behind);
  replace(line_end, line_end, line + text + (has_comma ? "," : ""));
}

}  // namespace seawall::kube::detail
