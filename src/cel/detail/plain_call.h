// A Call on its own: for constants at compile time, for explanations and for tests.
// Threads: one. Owns: the arena and the patterns compiled through it.
#pragma once

#include <map>
#include <string>

#include "base/regex.h"
#include "cel/environment.h"

namespace seawall::cel {

class PlainCall : public Call {
 public:
  PlainCall() { arena_ = &own_; }
  PlainCall(const PlainCall&) = delete;
  PlainCall& operator=(const PlainCall&) = delete;
  // Starts over with another budget.
  void limit(std::size_t bytes) { own_ = Arena(bytes); }

  const Regex* regex(std::string_view pattern, Value& error) override {
    if (auto known = patterns_.find(pattern); known != patterns_.end()) return &known->second;
    auto compiled = Regex::compile(pattern);
    if (!compiled) {
      error = fail(ErrorCode::bad_argument, compiled.error().what);
      return nullptr;
    }
    return &patterns_.emplace(pattern, std::move(*compiled)).first->second;
  }
  const void* host(std::string_view name) const noexcept override {
    auto found = hosts_.find(name);
    return found == hosts_.end() ? nullptr : found->second;
  }

  void set_host(std::string_view name, const void* host) { hosts_.insert_or_assign(std::string(name), host); }
  void set_prepared(const void* prepared) noexcept { prepared_ = prepared; }

 private:
  Arena own_;
  std::map<std::string, Regex, std::less<>> patterns_;
  std::map<std::string, const void*, std::less<>> hosts_;
};

}  // namespace seawall::cel
