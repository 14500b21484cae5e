// What functions see of the evaluator. Private to the room.
#pragma once

#include <map>
#include <string>
#include <unordered_map>

#include "base/regex.h"
#include "cel/environment.h"

namespace seawall::cel::detail {

class RuntimeCall final : public Call {
 public:
  explicit RuntimeCall(Arena& arena) { arena_ = &arena; }
  const Regex* regex(std::string_view pattern, Value& error) override;
  const void* host(std::string_view name) const noexcept override;
  void lend(std::string name, const void* host) { hosts_.insert_or_assign(std::move(name), host); }
  void set_prepared(const void* prepared) noexcept { prepared_ = prepared; }
  void set_arena(Arena& arena) noexcept { arena_ = &arena; }

 private:
  // Patterns that come with the data; constant ones are prepared with the program. Emptied when it is full.
  static constexpr std::size_t most_patterns = 64;
  std::map<std::string, std::optional<Regex>, std::less<>> patterns_;
  std::map<std::string, const void*, std::less<>> hosts_;
};

}  // namespace seawall::cel::detail
