#include "cli/check/fixing.h"

#include <algorithm>

#include "base/files.h"
#include "base/text_diff.h"

namespace seawall::cli {
namespace {

using kube::Patch;

// Which fields the fixes of this round change, and to what.
class Touched {
 public:
  // What another fix has just changed in its own way may do for this one, too: it is judged again first.
  bool disagrees(const Patch& patch) const {
    return std::ranges::any_of(patch, [&](const auto& operation) {
      auto found = values_.find(operation.path.text());
      return found != values_.end() && found->second != operation.value;
    });
  }
  void add(const Patch& patch) {
    for (const auto& operation : patch) values_.emplace(operation.path.text(), operation.value);
  }

 private:
  std::map<std::string, std::string> values_;
};

// What can be done for an object at once; where fixes don't go together, the first of them.
Patch fix_of(const kube::Manifest& manifest, const model::ObjectResults& object, const std::vector<Patch>& fixes) {
  std::vector<Patch> chosen;
  Touched touched;
  for (std::size_t i = 0; i < fixes.size(); ++i) {
    const auto& result = object.results[i];
    if (fixes[i].empty() || !result.counts() || result.verdict != model::Verdict::fail) continue;
    if (touched.disagrees(fixes[i])) continue;
    chosen.push_back(fixes[i]);
    touched.add(fixes[i]);
  }
  if (chosen.empty()) return {};
  return kube::together(manifest.object, chosen).value_or(chosen.front());
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
