#include "cel/detail/runtime_call.h"

namespace seawall::cel::detail {

const Regex* RuntimeCall::regex(std::string_view pattern, Value& error) {
  auto known = patterns_.find(pattern);
  if (known == patterns_.end()) {
    if (patterns_.size() >= most_patterns) patterns_.clear();
    auto compiled = Regex::compile(pattern);
    known = patterns_.emplace(std::string(pattern), std::nullopt).first;
    if (compiled) known->second = std::move(*compiled);
  }
  if (known->second) return &*known->second;
  error = fail(ErrorCode::bad_argument, "'" + std::string(pattern) + "' is no regular expression");
  return nullptr;
}

const void* RuntimeCall::host(std::string_view name) const noexcept {
  auto found = hosts_.find(name);
  return found == hosts_.end() ? nullptr : found->second;
}

}  // namespace seawall::cel::detail
