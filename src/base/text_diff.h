// Two texts compared line by line, as `diff -u` shows it and `patch` takes it.
// Threads: safe. Limits: linear where changes are small and apart from each other; what has no equal lines within some
// thousand lines is told as replaced.
#pragma once

#include <string>
#include <string_view>

namespace seawall {

// Empty where they are equal. Names are for the two lines on top.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view name_before,
                         std::string_view name_after);

// The lines of `before` that differ, from the first to the last, and what stands there in `after`.
struct ChangedLines {
  std::size_t first = 1, end = 1;  // of before: [first, end), counted from 1
  std::string_view text;           // part of after
};
ChangedLines changed_lines(std::string_view before, std::string_view after);

}  // namespace seawall
