// Objects and rules as people name them in options and exceptions.
// Threads: values. Patterns are those of base/text.h's glob_match. Fails: invalid, with what is wanted instead.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/policy_result.h"

namespace seawall::model {

// "Deployment/shop/web"; "Deployment/web" is of any namespace or of none. Kinds are compared without case.
struct ObjectPattern {
  std::string kind, name;
  std::optional<std::string> in_namespace;

  static Result<ObjectPattern> parse(std::string_view);
  bool fits(const ObjectRef&) const;
};

// A rule by its id or by one under which others know it. Without case.
bool names_rule(std::string_view pattern, std::string_view id, const std::vector<std::string>& known_as);

// What a check leaves out: `namespace/kube-system`, `rule/workload/privileged`, `Deployment/shop/web`.
class SkipList {
 public:
  static Result<SkipList> parse(const std::vector<std::string>& patterns);

  // Counted, for unused().
  bool skips(const ObjectRef&);
  bool skips_rule(std::string_view id, const std::vector<std::string>& known_as);
  // As they were written: what has left out nothing so far is likely misspelt.
  std::vector<std::string> unused() const;

 private:
  struct Entry {
    enum class Subject : unsigned char { object, in_namespace, rule } subject;
    std::string written, pattern;
    ObjectPattern object;
    bool used = false;

    bool fits(const ObjectRef&) const;
  };
  std::vector<Entry> entries_;
};

}  // namespace seawall::model
