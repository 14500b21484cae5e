// Fuzz targets: SW_FUZZ(name, "seed globs") { uses `data` }. One program a room holds all its targets;
// SEAWALL_FUZZ_TARGET chooses one, SEAWALL_FUZZ_LIST=1 prints "name<TAB>globs" lines and ends.
// Seed globs are relative to the shared test data, separated by spaces; a glob that starts with '=' gives the seed
// itself.
#pragma once

#include <string_view>

namespace seawall::fuzz {

struct Target {
  std::string_view name, seeds;
  void (*run)(std::string_view data);
  Target* next;
  Target(std::string_view n, std::string_view s, void (*r)(std::string_view));
};

}  // namespace seawall::fuzz

#define SW_FUZZ(name, seeds)                                               \
  static void fuzz_##name(std::string_view data);                          \
  static ::seawall::fuzz::Target target_##name(#name, seeds, fuzz_##name); \
  static void fuzz_##name([[maybe_unused]] std::string_view data)
