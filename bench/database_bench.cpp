// Look-ups in a database of a million package names: random names, half of them absent, ranges decoded; and opening it.
// Rooms: base vulnerability
// Usage: bench_database [NAMES]. Builds the database in TMPDIR first. Prints build, open and look-up figures.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "base/files.h"
#include "vulnerability/database/builder.h"
#include "vulnerability/database/database.h"

using namespace seawall;
using namespace seawall::vulnerability;

namespace {

double seconds_of(const std::function<void()>& work) {
  auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string name_of(std::uint64_t n) { return "package-" + std::to_string(n * 2654435761U % 4294967291U); }

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t names = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const std::string path = "/tmp/seawall-bench.db";
  auto build = seconds_of([&] {
    DatabaseBuilder builder;
    for (std::uint64_t i = 0; i < names; ++i) {
      Advisory a;
      a.id = "CVE-2024-" + std::to_string(i);
      a.source = "osv";
      a.affected.push_back({.ecosystem = "npm",
                            .name = name_of(i),
                            .scheme = Scheme::npm,
                            .ranges = {{.introduced = "1.0.0", .fixed = "1.2." + std::to_string(i % 100)},
                                       {.introduced = "2.0.0", .fixed = "2.1.0"}}});
      if (!builder.add(std::move(a))) std::exit(3);
    }
    if (!builder.write(path)) std::exit(3);
  });
  std::vector<double> opens;
  for (int i = 0; i < 21; ++i)
    opens.push_back(seconds_of([&] {
      if (!Database::open(path)) std::exit(3);
    }));
  std::sort(opens.begin(), opens.end());
  auto db = *Database::open(path);
  // Drawn before the clock starts; every second one absent.
  std::mt19937_64 random(1);
  std::vector<std::string> wanted;
  for (int i = 0; i < 1'000'000; ++i) {
    auto n = random() % names;
    wanted.push_back(i % 2 == 0 ? name_of(n) : "absent-" + std::to_string(n));
  }
  std::uint64_t found = 0, ranges = 0;
  std::vector<double> rounds;
  for (int round = 0; round < 7; ++round) {
    rounds.push_back(seconds_of([&] {
      Cursor cursor;
      for (const auto& name : wanted) {
        if (!cursor.find(*db, "npm", name)) continue;
        ++found;
        while (const auto* s = cursor.next()) ranges += s->ranges.size();
      }
    }));
  }
  std::sort(rounds.begin(), rounds.end());
  std::printf(
      "names %llu\nbuild %.2f s\nopen %.0f us (median of %zu)\nlook-ups %.2f million a second (median of %zu rounds of "
      "a million; %llu found, %llu ranges)\n",
      static_cast<unsigned long long>(names), build, opens[opens.size() / 2] * 1e6, opens.size(),
      1.0 / rounds[rounds.size() / 2], rounds.size(), static_cast<unsigned long long>(found / rounds.size()),
      static_cast<unsigned long long>(ranges / rounds.size()));
  (void)remove_file(path);
  return 0;
}
