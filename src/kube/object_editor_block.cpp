// Containers that are written by indentation.
#include "kube/detail/object_editor.h"

namespace seawall::kube::detail {

using codec::TextRange;
using codec::Value;

Result<> ObjectEditor::block(const PatchedValue& node, const Slot& slot, Contents contents) {
  auto range = slot.place.value;
  if (node.value.is_array()) find_dashes(contents, text_.content_begin(range));
  remove_from_block(contents);
  SW_TRY(changed_children(contents, {.place = {}, .is_member = node.value.is_object()}));
  return add_to_block(node, contents, range);
}

// Places are those of the items; the first dash is where the sequence begins, others follow what is before them.
void ObjectEditor::find_dashes(Contents& contents, std::size_t begin) const {
  for (auto& child : contents.children) {
    child.begin = begin;
    begin = text_.skip_to_token(child.place.value.end);
  }
}

void ObjectEditor::remove_from_block(const Contents& contents) {
  const auto& children = contents.children;
  std::size_t first = 0;
  if (children.empty()) return;
  if (children[0].value == nullptr && !text_.is_first_on_line(children[0].begin))
    first = remove_first_of_compact(contents);
  for (auto i = first; i < children.size(); ++i) {
    if (children[i].value != nullptr) continue;
    replace(text_.line_begin(children[i].begin), text_.next_line(children[i].place.value.end), "");
  }
}

// "- a: 1" with "b: 2" below: what comes next moves up behind the dash. Where comments are in between it stays where it
// is, the dash alone on its line. How many children are done with.
std::size_t ObjectEditor::remove_first_of_compact(const Contents& contents) {
  const auto& children = contents.children;
  bool has_next = contents.first_kept() != nullptr, has_comments = false;
  auto next = has_next ? static_cast<std::size_t>(contents.first_kept() - children.data()) : 0;
  for (std::size_t i = 0; i < next; ++i) {
    auto end = text_.line_end(children[i].place.value.end);
    has_comments = has_comments || text_.skip_white(end) != children[i + 1].begin;
  }
  if (has_next && !has_comments) {
    replace(children[0].begin, children[next].begin, "");
    return next;
  }
  auto begin = children[0].begin;
  while (begin > 0 && text_.at(begin - 1) == ' ') --begin;
  replace(begin, text_.line_end(children[0].place.value.end), "");
  return 1;
}

Result<> ObjectEditor::add_to_block(const PatchedValue& node, const Contents& contents, TextRange range) {
  if (contents.additions.empty()) return {};
  const auto& children = contents.children;
  // What stands in front of the first key may be its own.
  bool is_of_key = !children.empty() && children.front().begin == range.begin;
  auto first = is_of_key ? std::size_t{range.begin} : text_.content_begin(range);
  auto column = text_.column(first);
  for (const auto& addition : contents.additions) {
    auto copy = SW_TRY(written_out(*addition.value, first));
    auto text = node.value.is_array() ? block_item(copy.root(), column, block_style())
                                      : block_member(addition.value->name, copy.root(), column, block_style());
    if (addition.after >= children.size())
      insert_lines(behind_block(node.value, range), column, text);
    else if (addition.after > 0)
      insert_lines(text_.next_line(children[addition.after - 1].place.value.end), column, text);
    else
      replace(first, first, text + std::string(text_.line_break()) + std::string(column, ' '));
  }
  return {};
}

// Blank lines behind a text that keeps them ("|+") belong to it.
std::size_t ObjectEditor::behind_block(Value container, TextRange range) const {
  auto behind = text_.next_line(range.end);
  codec::Place last{.key = {}, .value = range};
  for (auto at = container; at.size() > 0;) {
    last = document_.document.place_of(at, at.size() - 1);
    at = child_of(at, at.size() - 1);
  }
  auto begin = text_.content_begin(last.value);
  bool is_block_text = text_.at(begin) == '|' || text_.at(begin) == '>';
  if (!is_block_text || text_.between(begin, text_.line_end(begin)).find('+') == std::string_view::npos) return behind;
  while (behind < text_.size() && text_.skip_blanks(behind) == text_.line_end(behind)) {
    if (text_.next_line(behind) == behind) break;
    behind = text_.next_line(behind);
  }
  return behind;
}

// `at` is where a line begins, or the end of a text whose last line has no break: it gets none.
void ObjectEditor::insert_lines(std::size_t at, std::size_t column, const std::string& lines) {
  auto text = std::string(column, ' ') + lines;
  std::string line_break(text_.line_break());
  bool is_behind_break = at == 0 || text_.at(at - 1) == '\n';
  replace(at, at, is_behind_break ? text + line_break : line_break + text);
}

const BlockStyle& ObjectEditor::block_style() {
  if (block_style_) return *block_style_;
  block_style_ = BlockStyle{.line_break = text_.line_break()};
  StyleWanted wanted;
  learn_style(object_, object_range_, *block_style_, wanted);
  return *block_style_;
}

// From the first of each that the object has.
void ObjectEditor::learn_style(Value container, TextRange range, BlockStyle& style, StyleWanted& wanted) const {
  auto begin = text_.content_begin(range);
  if (text_.at(begin) == '{' || text_.at(begin) == '[') return;
  for (std::size_t i = 0; i < container.size() && wanted.any(); ++i) {
    auto child = child_of(container, i);
    auto place = document_.document.place_of(container, i).value;
    if (child.size() == 0 || place.begin < range.begin || place.end > range.end) continue;
    auto child_begin = text_.content_begin(place);
    if (text_.at(child_begin) == '*' || text_.at(child_begin) == '{' || text_.at(child_begin) == '[') continue;
    if (text_.column(child_begin) < text_.column(begin)) continue;
    auto offset = text_.column(child_begin) - text_.column(begin);
    if (container.is_array()) {
      if (i == 0 && !text_.is_first_on_line(child_begin) && std::exchange(wanted.dash_width, false))
        style.dash_width = offset;
    } else if (text_.is_first_on_line(child_begin)) {
      if (child.is_object() && std::exchange(wanted.step, false)) style.step = offset;
      if (child.is_array() && std::exchange(wanted.list_offset, false)) style.list_offset = offset;
    }
    learn_style(child, place, style, wanted);
  }
}

}  // namespace seawall::kube::detail
