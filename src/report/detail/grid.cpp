#include "report/detail/grid.h"

#include <algorithm>

namespace seawall::report::detail {
namespace {

// Below this many columns every one counts: gaps are single, and columns that may leave do so before others are cut.
constexpr std::size_t narrow = 100;
constexpr std::size_t gap_for(std::size_t width) noexcept { return width < narrow ? 1 : 2; }

// The widest cell of each column; 0 for a column without text.
std::vector<std::size_t> natural_widths(const std::vector<Column>& columns, const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(columns.size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < columns.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i].text));
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (widths[i] > 0) widths[i] = std::max(widths[i], display_width(columns[i].title));
  return widths;
}

std::size_t total_of(const std::vector<std::size_t>& widths, std::size_t gap) {
  std::size_t total = 0;
  for (auto width : widths)
    if (width > 0) total += width + (total > 0 ? gap : 0);
  return total;
}

// Takes one column at a time from the widest that still may give.
void shrink(std::vector<std::size_t>& widths, const std::vector<Column>& columns, std::size_t limit) {
  auto total = [&] { return total_of(widths, gap_for(limit)); };
  for (std::size_t i = 0; i < widths.size() && limit < narrow && total() > limit; ++i)
    if (columns[i].when_narrow == Column::WhenNarrow::leaves) widths[i] = 0;
  for (auto excess = total(); excess > limit; --excess) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (widths[i] > columns[i].least && (!widest || widths[i] > *widest)) widest = &widths[i];
    if (!widest) return;
    --*widest;
  }
}

void append_line(std::string& out, const Row& row, const std::vector<Column>& columns,
                 const std::vector<std::size_t>& widths, std::size_t gap) {
  std::string line;
  std::size_t spaces = 0;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (widths[i] == 0) continue;
    auto text = shortened(row[i].text, widths[i], columns[i].cut);
    if (!text.empty()) {
      line.append(spaces, ' ');
      spaces = 0;
      line += row[i].style;
      line += text;
      if (!row[i].style.empty()) line += style_end;
    }
    spaces += widths[i] - display_width(text) + gap;
  }
  out += line;
  out += '\n';
}

}  // namespace

std::string laid_out(const std::vector<Column>& columns, const std::vector<Row>& rows, std::size_t width) {
  auto widths = natural_widths(columns, rows);
  shrink(widths, columns, width);
  Row titles;
  for (const auto& column : columns) titles.push_back({std::string(column.title)});
  std::string out;
  append_line(out, titles, columns, widths, gap_for(width));
  for (const auto& row : rows) append_line(out, row, columns, widths, gap_for(width));
  return out;
}

}  // namespace seawall::report::detail
