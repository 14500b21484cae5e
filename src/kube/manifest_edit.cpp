#include "kube/manifest_edit.h"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>

#include "kube/detail/manifest_document.h"
#include "kube/detail/object_editor.h"
#include "kube/detail/patched_object.h"

namespace seawall::kube {
namespace {

using codec::Value;
using detail::Aliases;
using detail::document_of;
using detail::ManifestPart;
using detail::ManifestReader;
using detail::PatchedObject;
using detail::PatchedValue;
using detail::SourceText;
using detail::TextEdit;

// An object of a part with what it is to become.
struct Target {
  const Manifest* manifest;
  PatchedObject object;
  bool is_refused = false;
};

// What has to be in a document afterwards.
class Expectation {
 public:
  explicit Expectation(std::span<const Target* const> targets) {
    for (const auto* target : targets) patched_.emplace(target->manifest->object.node(), &target->object.root());
  }

  // Whether all objects have been met.
  bool is_done() const noexcept { return patched_.empty(); }
  bool is_met(Value before, Value after) {
    if (patched_.empty()) return detail::equal(before, after);
    // An object that stands in two places by an alias can't be changed in one of them.
    if (auto patched = patched_.extract(before.node())) return detail::equal(*patched.mapped(), after);
    if (before.kind() != after.kind() || before.size() != after.size()) return false;
    if (before.size() == 0) return detail::equal(before, after);
    return before.is_array() ? items_are_met(before, after) : members_are_met(before, after);
  }

 private:
  bool items_are_met(Value before, Value after) {
    auto other = after.items().begin();
    for (auto item : before.items()) {
      if (!is_met(item, *other)) return false;
      ++other;
    }
    return true;
  }

  // In the same order: what is around objects is not edited.
  bool members_are_met(Value before, Value after) {
    auto other = after.members().begin();
    for (auto member : before.members()) {
      auto [name, value] = *other;
      if (member.key != name || !is_met(member.value, value)) return false;
      ++other;
    }
    return true;
  }

  std::unordered_map<const codec::detail::Node*, const PatchedValue*> patched_;
};

// Replaces the bytes; nothing where two edits are about the same ones.
std::optional<std::string> with_edits(std::string_view whole, codec::TextRange part, std::vector<TextEdit> edits) {
  // What is put in stands in front of what goes at the same place, and in the order in which it was put there.
  std::ranges::stable_sort(edits, {}, [](const TextEdit& edit) { return std::pair(edit.begin, edit.end); });
  std::string out;
  std::size_t at = part.begin;
  for (const auto& edit : edits) {
    if (edit.begin < at || edit.end > part.end) return std::nullopt;
    out.append(whole.substr(at, edit.begin - at)).append(edit.text);
    at = edit.end;
  }
  return out.append(whole.substr(at, part.end - at));
}

// The objects to change between two document markers of a file.
class PartEdit {
 public:
  PartEdit(const ManifestPart& part, const codec::Limits& limits)
      : part_(part), limits_(limits), source_(part.file->text, part.range) {}

  std::size_t end() const noexcept { return part_.range.end; }

  void add(const ObjectEdit& edit, std::vector<RefusedEdit>& refused) {
    auto& target = target_of(*edit.manifest);
    for (const auto& operation : edit.operations) {
      if (target.is_refused) return;
      auto applied = in(operation.text(), target.object.apply(operation));
      if (applied) continue;
      target.is_refused = true;
      refused.push_back({edit.manifest, std::move(applied).error()});
    }
  }

  // The text of the part; objects whose change can't be made are added to `refused`.
  std::string run(std::vector<RefusedEdit>& refused) {
    std::vector<const Target*> all;
    for (const auto& target : targets_)
      if (!target.is_refused) all.push_back(&target);
    if (all.empty()) return text_before();
    auto together = edited(all);
    if (together) return std::move(*together);
    if (all.size() == 1) {
      refused.push_back({all[0]->manifest, std::move(together).error()});
      return text_before();
    }
    return one_by_one(all, refused);
  }

 private:
  struct Attempt {
    Result<std::string> text;
    bool has_met_alias = false;
  };

  Target& target_of(const Manifest& manifest) {
    auto [known, is_new] = known_.try_emplace(manifest.object.node(), targets_.size());
    if (is_new) targets_.push_back({&manifest, PatchedObject(manifest.object)});
    return targets_[known->second];
  }

  std::string text_before() const {
    return part_.file->text.substr(part_.range.begin, part_.range.end - part_.range.begin);
  }

  // The change of an anchor changes those that refer to it: often all that is wanted, and the least to write.
  Result<std::string> edited(std::span<const Target* const> targets) const {
    auto kept = attempt(targets, Aliases::kept);
    if (kept.text || !kept.has_met_alias) return std::move(kept.text);
    return attempt(targets, Aliases::written_out).text;
  }

  Attempt attempt(std::span<const Target* const> targets, Aliases aliases) const {
    Attempt out{.text = std::string()};
    std::vector<TextEdit> edits;
    std::optional<std::unexpected<Error>> doubtful;
    for (const auto* target : targets) {
      detail::ObjectEditor editor(*document_of(*target->manifest), source_, aliases);
      auto done = editor.edit(target->object.root(), target->manifest->place());
      out.has_met_alias = out.has_met_alias || editor.has_met_alias();
      if (!done) {
        out.text = std::unexpected(std::move(done).error());
        return out;
      }
      if (editor.anchor()) doubtful = shared_value(*editor.anchor());
      std::ranges::move(editor.take_edits(), std::back_inserter(edits));
    }
    auto text = with_edits(part_.file->text, part_.range, std::move(edits));
    if (text && says(*text, targets))
      out.text = std::move(*text);
    else
      out.text = doubtful.value_or(not_alone(*targets.front()->manifest));
    return out;
  }

  std::unexpected<Error> shared_value(std::size_t anchor) const {
    auto where = part_.where(anchor, part_.begin);
    return fail(Code::unsupported, where.text() + ": others refer to this value by its anchor; change it by hand");
  }
  static std::unexpected<Error> not_alone(const Manifest& manifest) {
    return fail(Code::unsupported,
                manifest.where().text() + ": the text can't be changed for this object alone; change it by hand");
  }

  // Whether the part would say what it said, with the objects changed.
  bool says(const std::string& text, std::span<const Target* const> targets) const {
    if (text.size() > UINT32_MAX) return false;
    detail::NodesLeft nodes = limits_.nodes, nodes_after = limits_.nodes;
    auto before = ManifestReader(part_, limits_, nodes).documents();
    auto file = std::make_shared<const detail::ManifestFile>(detail::ManifestFile{part_.file->name, text});
    codec::TextRange whole{0, static_cast<std::uint32_t>(text.size())};
    auto after = ManifestReader({file, whole, {}}, limits_, nodes_after).documents();
    if (!before.documents || !after.documents || before.form != after.form) return false;
    if (before.documents->size() != after.documents->size()) return false;
    Expectation expectation(targets);
    for (std::size_t i = 0; i < before.documents->size(); ++i) {
      const auto& document = (*before.documents)[i];
      if (!expectation.is_met(root_of(document, targets), (*after.documents)[i].root())) return false;
    }
    return expectation.is_done();
  }

  // That of the document which the objects refer to, if it is theirs.
  static Value root_of(const codec::PlacedDocument& document, std::span<const Target* const> targets) {
    for (const auto* target : targets) {
      const auto& theirs = document_of(*target->manifest)->document;
      if (theirs.root_place() == document.root_place()) return theirs.root();
    }
    return document.root();
  }

  // Each is read again with those before it: few enough that it doesn't take long.
  std::string one_by_one(std::span<const Target* const> all, std::vector<RefusedEdit>& refused) const {
    constexpr std::size_t most_bytes = std::size_t{16} << 20;
    bool is_too_much = all.size() * (part_.range.end - part_.range.begin) > most_bytes;
    std::vector<const Target*> good;
    auto text = text_before();
    for (const auto* target : all) {
      good.push_back(target);
      auto next = is_too_much ? not_alone(*target->manifest) : edited(good);
      if (next) {
        text = std::move(*next);
        continue;
      }
      refused.push_back({target->manifest, std::move(next).error()});
      good.pop_back();
    }
    return text;
  }

  const ManifestPart& part_;
  const codec::Limits& limits_;
  SourceText source_;
  std::deque<Target> targets_;
  std::unordered_map<const codec::detail::Node*, std::size_t> known_;  // positions by object
};

// All edits of one file.
EditedFile edit_file(std::span<const ObjectEdit* const> edits, const codec::Limits& limits) {
  EditedFile out{.file = edits.front()->manifest->file(), .text = {}, .refused = {}};
  std::map<std::uint32_t, PartEdit> parts;
  for (const auto* edit : edits) {
    const auto& part = document_of(*edit->manifest)->part;
    auto& part_edit = parts.try_emplace(part.range.begin, part, limits).first->second;
    part_edit.add(*edit, out.refused);
  }
  auto before = edits.front()->manifest->text();
  std::size_t at = 0;
  for (auto& [begin, part] : parts) {
    out.text.append(before.substr(at, begin - at)).append(part.run(out.refused));
    at = part.end();
  }
  out.text.append(before.substr(at));
  return out;
}

}  // namespace

std::vector<EditedFile> edit_files(std::span<const ObjectEdit> edits, const codec::Limits& limits) {
  std::vector<std::vector<const ObjectEdit*>> files;
  std::unordered_map<const char*, std::size_t> known;
  for (const auto& edit : edits) {
    auto [file, is_new] = known.try_emplace(edit.manifest->text().data(), files.size());
    if (is_new) files.emplace_back();
    files[file->second].push_back(&edit);
  }
  std::vector<EditedFile> out;
  for (const auto& file : files) out.push_back(edit_file(file, limits));
  return out;
}

Result<std::string> edited(std::span<const ObjectEdit> edits, const codec::Limits& limits) {
  auto files = edit_files(edits, limits);
  if (files.size() != 1)
    return fail(Code::invalid, "edits of " + std::to_string(files.size()) + " files instead of one");
  if (!files[0].refused.empty()) return std::unexpected(std::move(files[0].refused[0].error));
  return std::move(files[0].text);
}

}  // namespace seawall::kube
