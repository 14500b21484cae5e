// What it takes to read a rule: time of parsing an expression, of common ones and of all in files of conformance cases.
// Rooms: codec cel
// Usage: bench_cel_parse [FILE.json...]. Prints nanoseconds an expression and a byte (best of the rounds).
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "base/files.h"
#include "cel/parse.h"
#include "codec/json.h"

using namespace seawall;

namespace {

using Sources = std::vector<std::string>;

constexpr int rounds = 20;

// Nanoseconds an expression, the whole set parsed over and over for about 10 ms a round.
double measure(const Sources& sources) {
  using Clock = std::chrono::steady_clock;
  double best = 1e18;
  for (int round = 0; round < rounds; ++round) {
    std::size_t parsed = 0;
    auto begin = Clock::now();
    std::chrono::duration<double, std::nano> taken{};
    do {
      for (const auto& source : sources) {
        if (!cel::parse(source)) std::fprintf(stderr, "not parsed: %s\n", source.c_str());
      }
      parsed += sources.size();
      taken = Clock::now() - begin;
    } while (taken < std::chrono::milliseconds(10));
    best = std::min(best, taken.count() / static_cast<double>(parsed));
  }
  return best;
}

void report(const char* name, const Sources& sources) {
  std::size_t bytes = 0;
  for (const auto& source : sources) bytes += source.size();
  auto nanoseconds = measure(sources);
  auto average = static_cast<double>(bytes) / static_cast<double>(sources.size());
  std::printf("%-36s %6zu x %7.0f bytes %10.0f ns %7.2f ns a byte\n", name, sources.size(), average, nanoseconds,
              nanoseconds / average);
}

Result<Sources> expressions_of(const std::string& file) {
  auto content = SW_TRY(read_file(file, std::uint64_t{1} << 26));
  auto document = SW_TRY(codec::parse_json(content));
  Sources sources;
  for (auto test : document.root()["tests"].items()) sources.emplace_back(test.text_or("expr"));
  return sources;
}

std::string chain(std::string_view part, std::string_view sign, int times) {
  std::string whole(part);
  for (int i = 1; i < times; ++i) whole.append(sign).append(part);
  return whole;
}

}  // namespace

int main(int argc, char** argv) {
  report("comparison", {"object.spec.replicas <= 5"});
  report("string set", {"object.metadata.labels['tier'] in ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']"});
  report("containers",
         {"object.spec.containers.all(c, !has(c.securityContext) || !has(c.securityContext.privileged) || "
          "c.securityContext.privileged == false)"});
  report("prefix", {"object.spec.containers.all(c, ['registry.a/', 'registry.b/'].exists(p, c.image.startsWith(p)))"});
  report("quantity", {"quantity(object.spec.resources.limits.memory).isLessThan(quantity('2Gi'))"});
  report("regex", {R"(object.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'))"});
  report("1,000 terms of &&", {chain("a.b == 1", " && ", 1000)});
  for (int i = 1; i < argc; ++i) {
    auto sources = expressions_of(argv[i]);
    if (!sources || sources->empty()) {
      std::fprintf(stderr, "%s: no expressions\n", argv[i]);
      return 3;
    }
    auto* name = std::strrchr(argv[i], '/');
    report(name != nullptr ? name + 1 : argv[i], *sources);
  }
  return 0;
}
