// What policies say of objects: the words that checks, gates and posture share.
// Threads: values.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/severity.h"

namespace seawall::model {

enum class Verdict : unsigned char { pass, fail, undetermined, not_applicable };
std::string_view text(Verdict) noexcept;

// What all results of one rule have in common.
struct RuleInfo {
  std::string id, title, description, remedy;
  Severity severity = Severity::medium;
  std::vector<std::string> known_as;    // ids under which others know it, frameworks' controls among them
  std::vector<std::string> references;  // addresses
};

struct ObjectRef {
  std::string api_version, kind, in_namespace, name;

  std::string text() const;  // "Deployment shop/web"
  bool operator==(const ObjectRef&) const = default;
};

// Lines and columns count from 1; 0: the whole file.
struct FilePlace {
  std::string file;
  std::size_t line = 0, column = 0;

  std::string text() const;  // "app.yaml:3:7"
};

struct PolicyFinding {
  std::string message;
  bool undetermined = false;
  std::vector<std::string> paths;  // from the object: "spec.containers[0].image"
  FilePlace where;                 // of the first path, as near as it is written
};

// Lines of a file that are to be replaced: [first_line, end_line), counted from 1.
struct TextEdit {
  std::string file;
  std::size_t first_line = 1, end_line = 1;
  std::string text;
};

struct PolicyResult {
  const RuleInfo* rule = nullptr;
  std::string binding;  // the constraint or binding by which the rule is in force; empty: none
  Verdict verdict = Verdict::pass;
  std::vector<PolicyFinding> findings;  // of a rule that fails or can't be decided
  std::string patch;                    // JSON Patch (RFC 6902) that mends it; empty: none is known
  std::string fix;                      // the same for people
  std::optional<TextEdit> edit;         // the same in the text of the file, where that is known
  std::string exempted;                 // why it does not count: the reason of an exception; empty: it counts

  // Fails or can't be decided, and nobody has decided to live with that.
  bool counts() const noexcept {
    return exempted.empty() && (verdict == Verdict::fail || verdict == Verdict::undetermined);
  }
};

struct ObjectResults {
  ObjectRef object;
  FilePlace where;
  std::vector<PolicyResult> results;
};

// One check as a whole, as reports are written from it.
struct CheckReport {
  std::vector<ObjectResults> objects;
  std::vector<std::string> mistakes;  // what could not be read, so that nothing is said of it
  Instant created = 0;
};

}  // namespace seawall::model
