// Objects judged by the chosen policies, on all processors.
// Threads: one at a time; it uses more of its own.
#pragma once

#include <memory>
#include <vector>

#include "cli/check/results.h"
#include "cli/context.h"
#include "model/exceptions.h"
#include "model/object_pattern.h"

namespace seawall::cli {

// One judgement of all objects; the three lists go together.
struct Judgement {
  std::vector<kube::Manifest> manifests;  // without those that are skipped
  std::vector<model::ObjectResults> objects;
  std::vector<std::vector<kube::Patch>> fixes;
  std::vector<model::Notice> notices;  // of exceptions that end
};

// For the short answer to people the reasons of all that fails are too many: they are told of the first object that
// fails a rule, and of all objects only where few fail.
enum class Told : bool { first_reasons, all_reasons };

struct JudgingOptions {
  std::string namespace_of_none;
  kube::PodTemplates templates = {};  // with those that the user names
  const kube::Schemas* schemas = nullptr;
  model::Exceptions exceptions;
  model::SkipList skip;
  NotApplicable not_applicable = NotApplicable::left_out;
  Told told = Told::all_reasons;
};

class Judging {
 public:
  // Without the policies that are skipped. Fails: as admission::ManifestCheck::compile.
  static Result<Judging> prepare(std::vector<admission::BoundPolicy> policies, JudgingOptions options);
  // `related` are objects that the others are judged beside.
  Judgement judge(const std::vector<kube::Manifest>& all, const std::vector<kube::Manifest>& related,
                  ProgressLine& progress);
  std::vector<std::string> unused_skips() const { return options_.skip.unused(); }

 private:
  Judging(admission::ManifestCheck check, JudgingOptions options);
  model::ObjectRef name_of(const kube::Manifest& manifest) const;
  // Of the objects with these numbers.
  void judge(Judgement& into, const std::vector<std::size_t>& numbers, rulebook::Reasons reasons,
             ProgressLine& progress);

  admission::ManifestCheck check_;
  std::unique_ptr<const RuleInfos> rules_;  // where results refer to
  JudgingOptions options_;
};

}  // namespace seawall::cli
