#include "cli/check/fixing.h"

#include <algorithm>

#include "base/files.h"
#include "base/text_diff.h"
#include "codec/json.h"

namespace seawall::cli {
namespace {

using kube::Patch;
using kube::PatchAction;
using kube::PatchOperation;

// Items that come and go give others another index, which fixes made beside this one do not know.
bool moves_items(const Patch& patch) {
  return std::ranges::any_of(patch, [](const PatchOperation& operation) {
    return (operation.action == PatchAction::add || operation.action == PatchAction::remove) &&
           !operation.path.steps.empty() && operation.path.steps.back().index.has_value();
  });
}

bool is_parent(const Patch& patch, std::size_t at) {
  if (patch[at].value != "{}" || at + 1 == patch.size()) return false;
  const auto &path = patch[at].path.steps, &next = patch[at + 1].path.steps;
  return next.size() > path.size() && std::equal(path.begin(), path.end(), next.begin());
}

// A list that is made is added to where another fix has made it before.
Result<> add_member(kube::ObjectPatch& merged, const PatchOperation& operation) {
  auto value = SW_TRY(codec::parse_json(operation.value));
  if (!value.root().is_array() || value.root().size() == 0) return merged.set(operation.path, operation.value);
  for (auto item : value.root().items()) SW_TRY(merged.append(operation.path, codec::JsonWriter().value(item).take()));
  return {};
}

Result<> merge(kube::ObjectPatch& merged, const Patch& patch) {
  for (std::size_t i = 0; i < patch.size(); ++i) {
    const auto& operation = patch[i];
    if (is_parent(patch, i)) continue;  // made on the way, unless it is there by now
    switch (operation.action) {
      case PatchAction::add:
        SW_TRY(add_member(merged, operation));
        break;
      case PatchAction::replace:
        SW_TRY(merged.set(operation.path, operation.value));
        break;
      case PatchAction::append:
        SW_TRY(merged.append(operation.path, operation.value));
        break;
      case PatchAction::remove:
        SW_TRY(merged.remove(operation.path));
        break;
    }
  }
  return {};
}

// Which fields the fixes of this round change, and to what.
class Touched {
 public:
  // What another fix has just changed in its own way may do for this one, too: it is judged again first.
  bool disagrees(const Patch& patch) const {
    for (std::size_t i = 0; i < patch.size(); ++i) {
      auto found = is_parent(patch, i) ? values_.end() : values_.find(patch[i].path.text());
      if (found != values_.end() && found->second != patch[i].value) return true;
    }
    return false;
  }
  void add(const Patch& patch) {
    for (std::size_t i = 0; i < patch.size(); ++i)
      if (!is_parent(patch, i)) values_.emplace(patch[i].path.text(), patch[i].value);
  }

 private:
  std::map<std::string, std::string> values_;
};

// What can be done for an object at once.
Patch fix_of(const kube::Manifest& manifest, const model::ObjectResults& object, const std::vector<Patch>& fixes) {
  kube::ObjectPatch merged(manifest.object);
  Touched touched;
  for (std::size_t i = 0; i < fixes.size(); ++i) {
    const auto& result = object.results[i];
    if (fixes[i].empty() || !result.counts() || result.verdict != model::Verdict::fail) continue;
    if (moves_items(fixes[i])) {
      if (merged.operations().empty()) return fixes[i];
      continue;  // in the next round
    }
    if (touched.disagrees(fixes[i])) continue;
    if (!merge(merged, fixes[i])) break;
    touched.add(fixes[i]);
  }
  return merged.operations();
}

// The same object in the next round.
std::string identity(const kube::Manifest& manifest) {
  return manifest.file() + "\n" + std::to_string(manifest.document_number()) + "\n" + std::string(manifest.kind) +
         "\n" + std::string(manifest.in_namespace) + "\n" + std::string(manifest.name);
}

// The objects again, those of changed files out of their new text.
std::vector<kube::Manifest> read_again(const std::vector<kube::Manifest>& all,
                                       const std::vector<kube::EditedFile>& changed) {
  std::map<std::string, const kube::EditedFile*, std::less<>> by_name;
  for (const auto& file : changed) by_name.emplace(file.file, &file);
  std::vector<kube::Manifest> out;
  std::set<std::string, std::less<>> read;
  for (const auto& manifest : all) {
    auto found = by_name.find(manifest.file());
    if (found == by_name.end()) {
      out.push_back(manifest);
    } else if (read.insert(manifest.file()).second) {
      auto again = kube::read_manifests(found->second->text, manifest.file());
      std::ranges::move(again.manifests, std::back_inserter(out));
    }
  }
  return out;
}

}  // namespace

bool Fixing::improve(const Judgement& judgement, std::vector<kube::Manifest>& all) {
  std::vector<kube::ObjectEdit> edits;
  std::map<const kube::Manifest*, std::vector<std::string>> changes;
  std::map<std::string, std::string_view> texts;
  for (std::size_t i = 0; i < judgement.manifests.size(); ++i) {
    const auto& manifest = judgement.manifests[i];
    // A review is what somebody asks, not a file to mend.
    if (manifest.request || left_alone_.contains(identity(manifest))) continue;
    auto patch = fix_of(manifest, judgement.objects[i], judgement.fixes[i]);
    if (patch.empty()) continue;
    for (const auto& sentence : kube::sentences(patch))
      changes[&manifest].push_back(judgement.objects[i].object.text() + ": " + sentence);
    texts.emplace(manifest.file(), manifest.text());
    edits.push_back({&manifest, std::move(patch)});
  }
  auto edited = kube::edit_files(edits);
  std::erase_if(edited, [&](const auto& file) {
    for (const auto& each : file.refused) {
      left_alone_.insert(identity(*each.manifest));
      refused_.push_back(each.error);
      changes.erase(each.manifest);
    }
    return file.text == texts.at(file.file);
  });
  for (const auto& file : edited) keep(file, texts.at(file.file), changes);
  if (!edited.empty()) all = read_again(all, edited);
  return !edited.empty();
}

void Fixing::keep(const kube::EditedFile& edited, std::string_view before,
                  const std::map<const kube::Manifest*, std::vector<std::string>>& changes) {
  auto [file, fresh] = files_.try_emplace(edited.file);
  if (fresh) file->second.before = before;
  file->second.after = edited.text;
  for (const auto& [manifest, sentences] : changes)
    if (manifest->file() == edited.file)
      file->second.changes.insert(file->second.changes.end(), sentences.begin(), sentences.end());
}

Result<> write_fixed(const std::string& file, const FixedFile& fixed) {
  auto now = SW_TRY(read_file(file, std::max<std::uint64_t>(fixed.before.size(), 1)));
  if (now != fixed.before) return fail(Code::conflict, file + ": was changed meanwhile, and is left as it is");
  auto status = SW_TRY(status_of(file, Links::followed));
  constexpr unsigned permissions = 0777;
  return write_file(file, fixed.after, status.mode & permissions);
}

// As git names files, so that `git apply` and `patch -p1` find them.
std::string diff_of(const std::string& file, const FixedFile& fixed) {
  auto relative = std::string_view(file);
  while (relative.starts_with("./")) relative.remove_prefix(2);
  if (relative.starts_with('/')) return unified_diff(fixed.before, fixed.after, file, file);
  return unified_diff(fixed.before, fixed.after, "a/" + std::string(relative), "b/" + std::string(relative));
}

void add_text_edits(Judgement& judgement) {
  // Each edit reads its file again.
  std::size_t bytes_left = std::size_t{32} << 20;
  for (std::size_t i = 0; i < judgement.manifests.size(); ++i) {
    const auto& manifest = judgement.manifests[i];
    if (manifest.request) continue;
    for (std::size_t n = 0; n < judgement.fixes[i].size(); ++n) {
      const auto& fix = judgement.fixes[i][n];
      if (fix.empty() || manifest.text().size() > bytes_left) continue;
      bytes_left -= manifest.text().size();
      auto after = kube::edited(std::vector<kube::ObjectEdit>{{&manifest, fix}});
      if (!after) continue;
      auto lines = changed_lines(manifest.text(), *after);
      judgement.objects[i].results[n].edit =
          model::TextEdit{manifest.file(), lines.first, lines.end, std::string(lines.text)};
    }
  }
}

}  // namespace seawall::cli
