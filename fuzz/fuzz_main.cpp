#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "fuzz.h"

namespace seawall::fuzz {
namespace {
Target*& first() {
  static Target* head = nullptr;
  return head;
}
const Target* chosen = nullptr;
}  // namespace

Target::Target(std::string_view target_name, std::string_view seed_globs, std::function<void(std::string_view)> action)
    : name(target_name), seeds(seed_globs), run(std::move(action)), next(first()) {
  first() = this;
}
}  // namespace seawall::fuzz

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  using namespace seawall::fuzz;
  if (std::getenv("SEAWALL_FUZZ_LIST") != nullptr) {
    for (const Target* t = first(); t != nullptr; t = t->next) {
      std::printf("%.*s\t", static_cast<int>(t->name.size()), t->name.data());
      for (char c : t->seeds) {
        if (c == '\n')
          std::fputs("\\n", stdout);
        else
          std::fputc(c, stdout);
      }
      std::printf("\n");
    }
    std::exit(0);
  }
  const char* want = std::getenv("SEAWALL_FUZZ_TARGET");
  for (const Target* t = first(); t != nullptr; t = t->next)
    if (want != nullptr && t->name == want) chosen = t;
  if (chosen == nullptr) {
    std::fprintf(stderr, "SEAWALL_FUZZ_TARGET must name a target; SEAWALL_FUZZ_LIST=1 lists them\n");
    std::exit(2);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  seawall::fuzz::chosen->run({reinterpret_cast<const char*>(data), size});
  return 0;
}
