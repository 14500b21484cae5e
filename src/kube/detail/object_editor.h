// Turns the changes of one object into edits of the text that it was read from. Works on places only; whether the text
// afterwards says what it should is for the caller to check by reading it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "kube/detail/manifest_document.h"
#include "kube/detail/patched_object.h"
#include "kube/detail/source_text.h"
#include "kube/detail/value_text.h"

namespace seawall::kube::detail {

// Bytes that are replaced by others; offsets are those of the whole text.
struct TextEdit {
  std::size_t begin, end;
  std::string text;
};

// What is done with a change of what came through an alias or a merge key.
enum class Aliases : unsigned char {
  kept,         // nothing: the change of its anchor may be enough
  written_out,  // a changed copy takes the alias' place, or stands beside the merge key
};

class ObjectEditor {
 public:
  // `text` is that of the document's part.
  ObjectEditor(const ManifestDocument& document, const SourceText& text, Aliases aliases);

  // Fails with unsupported where the change can't be made in the text, with its place.
  Result<> edit(const PatchedValue& object, const codec::Place& place);

  std::vector<TextEdit> take_edits() { return std::move(edits_); }
  bool has_met_alias() const noexcept { return has_met_alias_; }
  // Of a value that was changed: others may refer to it.
  std::optional<std::size_t> anchor() const noexcept { return anchor_; }

 private:
  // Where a value stands in what is around it.
  struct Slot {
    codec::Place place;
    bool is_member = false;
    bool in_flow = false;
    FlowStyle style = {};  // of the children of the container around it, in flow
  };
  // A child that stands in the text of its container.
  struct Child {
    codec::Place place;
    std::size_t begin;          // of its key or dash
    const PatchedValue* value;  // nothing: it is to be removed
  };
  struct Addition {
    const PatchedValue* value;
    std::size_t after;  // that many of the children stand in front of it
  };
  struct Contents {
    std::vector<Child> children;
    std::vector<Addition> additions;
    std::vector<const PatchedValue*> merged;  // members from elsewhere
    const Child* first_kept() const;
    // Whether one of the first so many stays.
    bool has_kept_before(std::size_t count) const;
  };
  // What of a block's style is not known yet.
  struct StyleWanted {
    bool step = true, list_offset = true, dash_width = true;
    bool any() const { return step || list_offset || dash_width; }
  };

  Result<> value(const PatchedValue& node, const Slot& slot);
  Result<> changed_children(const Contents& contents, const Slot& like);
  Result<> check_merged(const PatchedValue* child, codec::TextRange around);
  Result<Contents> contents_of(const PatchedValue& node, codec::TextRange range);
  void list_additions(const PatchedValue& node, Contents& contents) const;
  bool can_be_edited(const Contents& contents, const Slot& slot, std::size_t begin) const;

  // A value is written anew.
  Result<> rewrite(const PatchedValue& node, const Slot& slot);
  Result<> rewrite_in_flow(codec::Value value, const Slot& slot);
  Result<> rewrite_member(codec::Value value, const Slot& slot);
  void rewrite_below_key(codec::Value value, const codec::Place& place, std::size_t behind_colon);
  void rewrite_beside_key(codec::Value value, const codec::Place& place, std::size_t behind_colon);
  std::size_t column_below(std::size_t key, codec::Value value);
  Result<> rewrite_item(codec::Value value, const Slot& slot);
  Result<codec::Document> written_out(const PatchedValue& node, std::size_t at) const;

  // Blocks: object_editor_block.cpp.
  Result<> block(const PatchedValue& node, const Slot& slot, Contents contents);
  void find_dashes(Contents& contents, std::size_t begin) const;
  void remove_from_block(const Contents& contents);
  std::size_t remove_first_of_compact(const Contents& contents);
  Result<> add_to_block(const PatchedValue& node, const Contents& contents, codec::TextRange range);
  std::size_t behind_block(codec::Value container, codec::TextRange range) const;
  void insert_lines(std::size_t at, std::size_t column, const std::string& lines);
  const BlockStyle& block_style();
  void learn_style(codec::Value container, codec::TextRange range, BlockStyle& style, StyleWanted& wanted) const;

  // Brackets: object_editor_flow.cpp.
  Result<> flow(const PatchedValue& node, const Slot& slot, const Contents& contents, std::size_t bracket);
  FlowStyle style_inside(const Contents& contents, std::size_t bracket, const Slot& slot) const;
  void remove_from_flow(const Contents& contents);
  Result<> add_to_flow(const PatchedValue& node, const Contents& contents, std::size_t bracket, const FlowStyle& style);
  void add_behind(std::size_t end, const std::string& line, const std::string& text, const FlowStyle& style);

  void replace(std::size_t begin, std::size_t end, std::string text);
  std::unexpected<Error> refuse(std::size_t at, std::string_view why) const;

  const ManifestDocument& document_;
  const SourceText& text_;
  Aliases aliases_;
  std::vector<TextEdit> edits_;
  bool has_met_alias_ = false;
  std::optional<std::size_t> anchor_;
  codec::Value object_;
  codec::TextRange object_range_;
  std::optional<BlockStyle> block_style_;
};

}  // namespace seawall::kube::detail
