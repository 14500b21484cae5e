// Counts what is allocated, so that a bench can state how much a run does. To be included by the one file of a bench.
#pragma once

#include <cstddef>
#include <cstdlib>

static std::size_t allocations;

void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* memory = std::malloc(bytes)) return memory;
  std::abort();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
