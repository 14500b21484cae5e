#include "model/policy_result.h"

namespace seawall::model {

std::string_view text(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::fail:
      return "fail";
    case Verdict::undetermined:
      return "undetermined";
    case Verdict::not_applicable:
      return "not_applicable";
  }
  return "";
}

std::string ObjectRef::text() const {
  return in_namespace.empty() ? kind + " " + name : kind + " " + in_namespace + "/" + name;
}

std::string FilePlace::text() const {
  if (line == 0) return file;
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

}  // namespace seawall::model
