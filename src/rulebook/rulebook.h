// All rules of some files and folders.
// Threads: read-only once loaded. Owns: everything its rules refer to.
// Limits: 10,000 files, folders 16 deep, 4 MiB a file. Fails: never as a whole; mistakes are listed, the other rules
// are there.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rulebook/policy.h"

namespace seawall::rulebook {

class Rulebook {
 public:
  // Files whatever their names; folders with all *.yaml and *.yml below, sorted, tests (*.test.yaml) excepted.
  static Rulebook load(const std::vector<std::string>& paths);

  const std::vector<Policy>& policies() const noexcept { return policies_; }
  const std::vector<Mistake>& mistakes() const noexcept { return mistakes_; }
  // By its own id or by one under which others know it; several rules may answer to one of these. Empty: none.
  std::vector<const Policy*> find(std::string_view id) const;

 private:
  void read_path(const std::string& path, unsigned depth, bool named);
  void read_file(const std::string& path);
  void index();

  std::vector<Policy> policies_;
  std::vector<Mistake> mistakes_;
  std::multimap<std::string, std::size_t, std::less<>> by_id_;
  std::size_t files_ = 0;
};

}  // namespace seawall::rulebook
