#include "kube/detail/object_editor.h"

#include <algorithm>

namespace seawall::kube::detail {
namespace {

using codec::Place;
using codec::TextRange;
using codec::Value;

// What came through an alias or a merge key stands elsewhere.
bool is_inside(const Place& child, TextRange container) {
  auto begin = child.key.end > child.key.begin ? child.key.begin : child.value.begin;
  return begin >= container.begin && child.value.begin >= container.begin && child.value.end <= container.end;
}

// Whether a value holds no more than `left`, which is taken down by what it holds.
bool is_small(Value value, std::size_t& left) {
  if (left == 0) return false;
  --left;
  for (auto item : value.items())
    if (!is_small(item, left)) return false;
  for (auto member : value.members())
    if (!is_small(member.value, left)) return false;
  return true;
}

bool is_small(const PatchedValue& node, std::size_t& left) {
  if (!node.opened) return is_small(node.value, left);
  if (left == 0) return false;
  --left;
  return std::ranges::all_of(node.children, [&](const auto& child) { return is_small(child, left); });
}

}  // namespace

ObjectEditor::ObjectEditor(const ManifestDocument& document, const SourceText& text, Aliases aliases)
    : document_(document), text_(text), aliases_(aliases) {}

Result<> ObjectEditor::edit(const PatchedValue& object, const Place& place) {
  object_ = object.value;
  object_range_ = place.value;
  char first = text_.at(text_.content_begin(place.value));
  if (first == '*') return refuse(place.value.begin, "the object is an alias of another one");
  return value(object, {.place = place, .in_flow = first == '{'});
}

Result<> ObjectEditor::value(const PatchedValue& node, const Slot& slot) {
  if (!node.is_changed()) return {};
  auto range = slot.place.value;
  auto begin = text_.content_begin(range);
  if (range.begin < range.end && text_.at(begin) == '*') {
    has_met_alias_ = true;
    if (aliases_ == Aliases::kept) return {};
    return rewrite(node, slot);
  }
  if (text_.has_anchor(range)) anchor_ = range.begin;
  if (node.is_new) return rewrite(node, slot);
  auto contents = SW_TRY(contents_of(node, range));
  if (!can_be_edited(contents, slot, begin)) return rewrite(node, slot);
  bool in_brackets = text_.at(begin) == '{' || text_.at(begin) == '[';
  return in_brackets ? flow(node, slot, contents, begin) : block(node, slot, std::move(contents));
}

const ObjectEditor::Child* ObjectEditor::Contents::first_kept() const {
  auto found = std::ranges::find_if(children, [](const Child& child) { return child.value != nullptr; });
  return found == children.end() ? nullptr : &*found;
}

// Something has to be there already that shows how its neighbours are to look. A pair in a list in brackets, [a: 1],
// is a mapping without brackets of its own.
bool ObjectEditor::can_be_edited(const Contents& contents, const Slot& slot, std::size_t begin) const {
  if (contents.first_kept() == nullptr && contents.merged.empty()) return false;
  return !slot.in_flow || text_.at(begin) == '{' || text_.at(begin) == '[';
}

bool ObjectEditor::Contents::has_kept_before(std::size_t count) const {
  const auto* first = first_kept();
  return first != nullptr && static_cast<std::size_t>(first - children.data()) < count;
}

Result<ObjectEditor::Contents> ObjectEditor::contents_of(const PatchedValue& node, TextRange range) {
  std::vector<const PatchedValue*> kept(node.value.size());
  for (const auto& child : node.children)
    if (child.position) kept[*child.position] = &child;
  Contents contents;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const auto& place = document_.document.place_of(node.value, i);
    if (!is_inside(place, range)) {
      contents.merged.push_back(kept[i]);
      SW_TRY(check_merged(kept[i], range));
      continue;
    }
    auto begin = node.value.is_object() ? place.key.begin : place.value.begin;
    if (!contents.children.empty() && begin < contents.children.back().place.value.end)
      return refuse(begin, "merged members stand among others");
    contents.children.push_back({place, begin, kept[i]});
  }
  list_additions(node, contents);
  return contents;
}

Result<> ObjectEditor::check_merged(const PatchedValue* child, TextRange around) {
  if (child == nullptr) return refuse(around.begin, "what a merge key brings can't be removed");
  if (child->is_changed()) has_met_alias_ = true;
  return {};
}

// Members that a merge key brought are overridden by own ones of the same name.
void ObjectEditor::list_additions(const PatchedValue& node, Contents& contents) const {
  auto count = contents.children.size();
  for (const auto* child : contents.merged)
    if (child->is_changed() && aliases_ == Aliases::written_out) contents.additions.push_back({child, count});
  std::size_t before = 0;
  for (const auto& child : node.children) {
    if (child.position)
      before = *child.position + 1;
    else
      contents.additions.push_back({&child, node.value.is_array() ? before : count});
  }
}

Result<> ObjectEditor::changed_children(const Contents& contents, const Slot& like) {
  for (const auto& child : contents.children) {
    if (child.value == nullptr) continue;
    auto slot = like;
    slot.place = child.place;
    SW_TRY(value(*child.value, slot));
  }
  return {};
}

// A parsed copy of what it is now; of aliases there may be more than anybody wants to see written.
Result<codec::Document> ObjectEditor::written_out(const PatchedValue& node, std::size_t at) const {
  std::size_t left = 10'000;
  if (!is_small(node, left)) return refuse(at, "it is too big to be written anew");
  codec::JsonWriter json;
  write(json, node);
  return codec::parse_json(json.take());
}

Result<> ObjectEditor::rewrite(const PatchedValue& node, const Slot& slot) {
  auto copy = SW_TRY(written_out(node, slot.place.value.begin));
  if (slot.in_flow) return rewrite_in_flow(copy.root(), slot);
  return slot.is_member ? rewrite_member(copy.root(), slot) : rewrite_item(copy.root(), slot);
}

Result<> ObjectEditor::rewrite_in_flow(Value value, const Slot& slot) {
  auto range = slot.place.value;
  auto text = flow_text(value, slot.style);
  if (range.begin < range.end) {
    replace(range.begin, range.end, std::move(text));
    return {};
  }
  // {a: , b}: behind the colon, or there is none.
  if (!slot.is_member) return refuse(range.begin, "there is nothing to put the value in place of");
  auto colon = text_.skip_to_token(slot.place.key.end);
  bool has_colon = text_.at(colon) == ':';
  auto at = has_colon ? colon + 1 : std::size_t{slot.place.key.end};
  replace(at, at, (has_colon ? " " : ": ") + std::move(text));
  return {};
}

Result<> ObjectEditor::rewrite_member(Value value, const Slot& slot) {
  auto key = slot.place.key;
  auto range = slot.place.value;
  auto colon = text_.skip_to_token(key.end);
  if (text_.at(colon) != ':') return refuse(key.begin, "a key without colon");
  if (text_.has_line_break(colon, range.begin))
    rewrite_below_key(value, slot.place, colon + 1);
  else
    rewrite_beside_key(value, slot.place, colon + 1);
  return {};
}

std::size_t ObjectEditor::column_below(std::size_t key, Value value) {
  return text_.column(key) + (value.is_array() ? block_style().list_offset : block_style().step);
}

// Comments between the value and its key stay.
void ObjectEditor::rewrite_below_key(Value value, const Place& place, std::size_t behind_colon) {
  auto range = place.value;
  auto begin = text_.line_begin(range.begin);
  if (value.size() == 0) {
    replace(behind_colon, behind_colon, " " + yaml_scalar(value, Around::block));
    replace(begin, text_.next_line(range.end), "");
  } else {
    auto column = column_below(place.key.begin, value);
    replace(begin, range.end, std::string(column, ' ') + block_text(value, column, block_style()));
  }
}

// A comment behind the value stays.
void ObjectEditor::rewrite_beside_key(Value value, const Place& place, std::size_t behind_colon) {
  auto range = place.value;
  if (value.size() > 0) {
    auto column = column_below(place.key.begin, value);
    replace(behind_colon, std::max<std::size_t>(range.end, behind_colon), "");
    insert_lines(text_.next_line(range.end), column, block_text(value, column, block_style()));
  } else if (range.begin < range.end) {
    replace(range.begin, range.end, yaml_scalar(value, Around::block));
  } else {
    replace(behind_colon, behind_colon, " " + yaml_scalar(value, Around::block));
  }
}

Result<> ObjectEditor::rewrite_item(Value value, const Slot& slot) {
  auto range = slot.place.value;
  auto column = text_.column(range.begin);
  if (range.begin < range.end)
    replace(range.begin, range.end, block_text(value, column, block_style()));
  else
    replace(range.begin, range.begin, " " + block_text(value, column + 1, block_style()));
  return {};
}

void ObjectEditor::replace(std::size_t begin, std::size_t end, std::string text) {
  if (begin < end || !text.empty()) edits_.push_back({begin, end, std::move(text)});
}

std::unexpected<Error> ObjectEditor::refuse(std::size_t at, std::string_view why) const {
  auto where = document_.part.where(at, document_.part.begin);
  return fail(Code::unsupported, where.text() + ": " + std::string(why) + "; change it by hand");
}

}  // namespace seawall::kube::detail
