// `--fix`: what the policies offer, put into the text of the manifests.
//
// Several rules change one object, and a change may bring up what another rule says: it goes in rounds, each judged
// before the next. Nothing is written before all is known.
// Threads: one.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/check/judging.h"
#include "kube/manifest_edit.h"

namespace seawall::cli {

struct FixedFile {
  std::string before, after;
  std::vector<std::string> changes;  // "Deployment shop/web: set spec.hostPID to false"
};

class Fixing {
 public:
  // Rules that take back what another does would go on for ever.
  static constexpr unsigned most_rounds = 5;

  // Puts the fixes of what fails into the texts and reads the changed files again. False: nothing was left to do.
  bool improve(const Judgement& judgement, std::vector<kube::Manifest>& all);

  const std::map<std::string, FixedFile>& files() const noexcept { return files_; }
  const std::vector<Error>& refused() const noexcept { return refused_; }

 private:
  void keep(const kube::EditedFile& edited, std::string_view before,
            const std::map<const kube::Manifest*, std::vector<std::string>>& changes);

  std::map<std::string, FixedFile> files_;
  std::set<std::string> left_alone_;  // objects whose text can't be changed
  std::vector<Error> refused_;
};

constexpr std::string_view standard_input_name = "<stdin>";

// In place. Fails: conflict where the file is no longer what was read, as write_file.
Result<> write_fixed(const std::string& file, const FixedFile& fixed);
std::string diff_of(const std::string& file, const FixedFile& fixed);
// For each result with a fix the lines of the file that it changes, as long as that costs little.
void add_text_edits(Judgement& judgement);

}  // namespace seawall::cli
