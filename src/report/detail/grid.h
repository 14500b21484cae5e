// A table of text laid out in a number of columns: empty columns vanish, wide ones give way.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "report/detail/text.h"

namespace seawall::report::detail {

struct Column {
  std::string_view title;
  std::size_t least;  // columns it keeps when the table is too wide
  Cut cut = Cut::end;
  enum class WhenNarrow : bool { stays, leaves } when_narrow = WhenNarrow::stays;
};

// A cell's text is printable; `style` is put around it after it was fitted ("\x1b[31m"; empty: none).
struct Cell {
  std::string text;
  std::string_view style = {};
};
using Row = std::vector<Cell>;

constexpr std::string_view style_end = "\x1b[0m";

// Lines with their ends, the titles first. Rows have as many cells as there are columns.
std::string laid_out(const std::vector<Column>&, const std::vector<Row>&, std::size_t width);

}  // namespace seawall::report::detail
