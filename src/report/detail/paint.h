// Colours on a terminal, or none.
#pragma once

#include <string>
#include <string_view>

#include "report/detail/grid.h"
#include "report/format.h"

namespace seawall::report::detail {

constexpr std::string_view bold = "\x1b[1m", dim = "\x1b[2m", red = "\x1b[31m", yellow = "\x1b[33m", blue = "\x1b[34m",
                           bright_red = "\x1b[1;31m", alarm = "\x1b[1;37;41m";

class Painter {
 public:
  explicit Painter(Colour colour) : on_(colour == Colour::on) {}
  std::string_view style(std::string_view code) const noexcept { return on_ ? code : std::string_view{}; }
  std::string painted(std::string_view code, std::string_view text) const {
    if (!on_ || code.empty()) return std::string(text);
    return std::string(code).append(text).append(style_end);
  }

 private:
  bool on_;
};

}  // namespace seawall::report::detail
