// What it takes to read a rule: time of parsing an expression, of common ones and of all in files of conformance cases;
// of the common ones also of checking and compiling it.
// Rooms: codec cel
// Usage: bench_cel_parse [FILE.json...]. Prints nanoseconds an expression (best of the rounds).
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "base/files.h"
#include "cel/parse.h"
#include "cel/program.h"
#include "codec/json.h"

using namespace seawall;

namespace {

using Sources = std::vector<std::string>;

constexpr int rounds = 20;

// Nanoseconds an expression, the whole set worked on over and over for about 10 ms a round.
template <class Work>
double measure(const Sources& sources, Work work) {
  using Clock = std::chrono::steady_clock;
  double best = 1e18;
  for (int round = 0; round < rounds; ++round) {
    std::size_t done = 0;
    auto begin = Clock::now();
    std::chrono::duration<double, std::nano> taken{};
    do {
      for (const auto& source : sources) {
        if (auto result = work(source); !result) std::fprintf(stderr, "%s\n", result.error().what.c_str());
      }
      done += sources.size();
      taken = Clock::now() - begin;
    } while (taken < std::chrono::milliseconds(10));
    best = std::min(best, taken.count() / static_cast<double>(done));
  }
  return best;
}

double time_of_parsing(const Sources& sources) {
  return measure(sources, [](std::string_view source) { return cel::parse(source); });
}

void report_file(const char* name, const Sources& sources) {
  std::printf("%-24s parse %8.0f ns (mean of %zu)\n", name, time_of_parsing(sources), sources.size());
}

void report(const char* name, const std::string& source, const std::shared_ptr<const cel::Environment>& environment) {
  auto check = [&](std::string_view text) -> Result<cel::Checked> {
    return cel::check(SW_TRY(cel::parse(text)), environment);
  };
  auto compile = [&](std::string_view text) -> Result<cel::Program> { return cel::compile(SW_TRY(check(text))); };
  std::printf("%-24s parse %8.0f ns, and check %8.0f ns, and compile %8.0f ns\n", name, time_of_parsing({source}),
              measure({source}, check), measure({source}, compile));
}

std::shared_ptr<const cel::Environment> admission() {
  auto made = std::make_shared<cel::Environment>();
  made->add_variable("object", cel::Type());
  return made;
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
  auto environment = admission();
  report("comparison", "object.spec.replicas <= 5", environment);
  report("string set", "object.metadata.labels['tier'] in ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']", environment);
  report("containers",
         "object.spec.containers.all(c, !has(c.securityContext) || !has(c.securityContext.privileged) || "
         "c.securityContext.privileged == false)",
         environment);
  report("prefix", "object.spec.containers.all(c, ['registry.a/', 'registry.b/'].exists(p, c.image.startsWith(p)))",
         environment);
  report("regex", R"(object.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'))", environment);
  report("1,000 terms of &&", chain("object.b == 1", " && ", 1000), environment);
  for (int i = 1; i < argc; ++i) {
    auto sources = expressions_of(argv[i]);
    if (!sources || sources->empty()) {
      std::fprintf(stderr, "%s: no expressions\n", argv[i]);
      return 3;
    }
    auto* name = std::strrchr(argv[i], '/');
    report_file(name != nullptr ? name + 1 : argv[i], *sources);
  }
  return 0;
}
