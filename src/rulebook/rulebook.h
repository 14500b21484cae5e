// All rules of some files and folders.
// Threads: read-only once loaded. Owns: everything its rules refer to.
// Limits: 10,000 files, folders 16 deep, 4 MiB a file. Fails: never as a whole; mistakes are listed, the other rules
// are there.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rulebook/binding.h"
#include "rulebook/policy.h"

namespace seawall::rulebook {

class Rulebook {
 public:
  // Files whatever their names; folders with all *.yaml and *.yml below, sorted, tests (*.test.yaml) excepted.
  static Rulebook load(const std::vector<std::string>& paths);
  // One text as a file of that name.
  static Rulebook read(const std::string& name, std::string text);
  // Those of the shipped rules that go by any of these names; names that nothing goes by are added to `unknown`.
  static Rulebook shipped(const std::vector<std::string>& names, std::vector<std::string>& unknown);
  // All names that shipped() knows, sorted.
  static std::vector<std::string_view> shipped_names();

  using PolicyPointer = std::shared_ptr<const Policy>;
  const std::vector<PolicyPointer>& policies() const noexcept { return policies_; }
  const std::vector<PolicyBinding>& bindings() const noexcept { return bindings_; }
  // Objects in the files that are no rules: parameters, where a policy is of their kind. Others are mistakes.
  struct ParameterObject {
    std::string api_version, kind, name, in_namespace;
    std::string json;
    RulePlace where;
  };
  const std::vector<ParameterObject>& parameters() const noexcept { return parameters_; }
  const std::vector<Mistake>& mistakes() const noexcept { return mistakes_; }
  // By its own id, by one under which others know it (several rules may answer to it), or all of a set: of those that
  // name it, or whose id or known id begins with "<set>/". "all" are all. Empty: none.
  std::vector<PolicyPointer> find(std::string_view name) const;

 private:
  void read_path(const std::string& path);
  void read_text(const std::string& name, std::string text);
  void read_document(RuleFile& file, const codec::PlacedDocument& document);
  void read_other(RuleFile& file, const codec::PlacedDocument& document);
  void refuse_strangers();
  void index();

  std::vector<PolicyPointer> policies_;
  std::vector<PolicyBinding> bindings_;
  std::vector<ParameterObject> parameters_;
  std::vector<Mistake> mistakes_;
  std::map<std::string, std::vector<PolicyPointer>, std::less<>> by_name_;
};

}  // namespace seawall::rulebook
