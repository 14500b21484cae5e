// Names within one document: what is wanted, made different where it is taken.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>

namespace seawall::report::detail {

class UniqueNames {
 public:
  // "x", then "x#2", "x#3", ...: the count goes on where it stopped, so that many of one name cost no more than others.
  std::string fresh(const std::string& wanted, char separator) {
    auto name = wanted;
    for (auto& uses = uses_[wanted]; !taken_.insert(name).second;)
      name = wanted + separator + std::to_string(++uses + 1);
    return name;
  }

 private:
  std::set<std::string> taken_;
  std::map<std::string, std::size_t> uses_;  // of each that was wanted
};

}  // namespace seawall::report::detail
