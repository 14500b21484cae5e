// Fuzz targets: SW_FUZZ(name, "seed globs") { uses `data` }. One program a room holds all its targets;
// SEAWALL_FUZZ_TARGET chooses one, SEAWALL_FUZZ_LIST=1 prints "name<TAB>globs" lines and ends.
// Seed globs are relative to the shared test data, separated by spaces; a glob that starts with '=' gives the seed
// itself, where \n is a line break and \s a blank.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <string_view>

namespace seawall::fuzz {

struct Target {
  std::string_view name, seeds;
  std::function<void(std::string_view data)> run;
  Target* next;
  Target(std::string_view target_name, std::string_view seed_globs, std::function<void(std::string_view)> action);
  Target(const Target&) = delete;
};

// Targets of one shape, a row each: a row has a name and seeds, and `run` knows what to do with the rest of it.
class Table {
 public:
  template <class Row, std::size_t N>
  Table(const Row (&rows)[N], void (*run)(const Row&, std::string_view data)) {
    for (const auto& row : rows)
      targets_.emplace_back(row.name, row.seeds, [&row, run](std::string_view data) { run(row, data); });
  }

 private:
  std::deque<Target> targets_;
};

}  // namespace seawall::fuzz

#define SW_FUZZ(name, seeds)                                               \
  static void fuzz_##name(std::string_view data);                          \
  static ::seawall::fuzz::Target target_##name(#name, seeds, fuzz_##name); \
  static void fuzz_##name([[maybe_unused]] std::string_view data)
