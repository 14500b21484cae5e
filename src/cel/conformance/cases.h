// Conformance cases as files: those of the CEL specification (JSON, `_types.json` beside them) and those of
// Kubernetes' libraries and costs (one JSON object a line).
// Threads: one. Owns: a Suite owns what its cases view.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/value.h"

namespace seawall::cel::conformance {

enum class Source : unsigned char {
  specification,  // the language and its extension libraries
  kubernetes,     // the environment of an API server
};

struct Case {
  Source source = Source::specification;
  std::string name;  // "fields/map_fields/map_key_uint64"
  std::string_view expression, container;
  bool macros = true, checked = true, check_only = false;
  // Enums are types of their own, not integers.
  bool strong_enums = false;
  codec::Value type_env, bindings;
  // One key: value, error, any_error, compile_error, evaluates; or type, alone or beside a value.
  codec::Value expect;
  codec::Value runtime_cost, estimated_cost;
};

struct Suite {
  std::vector<codec::Document> documents;
  std::vector<Case> cases;
};

// One case; it views the document.
Case case_from(std::string_view suite, codec::Value test);
Case kubernetes_case_from(std::string_view suite, codec::Value test);

// Fails: not_found, denied, invalid (with the file's name).
Result<> add_file(Suite& suite, const std::string& path);
// What `_types.json` beside that file says; an empty Document where there is none.
Result<codec::Document> types_beside(const std::string& path);

}  // namespace seawall::cel::conformance
