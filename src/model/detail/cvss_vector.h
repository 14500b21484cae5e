// A CVSS vector taken apart: one letter (or nothing) for each metric.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace seawall::model::detail {

struct Metric {
  std::string_view name;
  // The values it may have, one letter each; longer values (v4's U:Clear) are checked by the first letter.
  std::string_view values;
  enum class Need : bool { optional, mandatory } need = Need::optional;
};

constexpr std::size_t max_metrics = 32;

class CvssVector {
 public:
  // Nothing where a metric is unknown, repeated or missing, or a value isn't one of its letters. The order is free:
  // feeds do not keep it.
  static std::optional<CvssVector> parse(std::string_view metrics, std::span<const Metric> known) noexcept;
  // The letter of a metric, '\0' where the vector leaves it out.
  char operator[](std::string_view name) const noexcept;

 private:
  std::span<const Metric> known_;
  std::array<char, max_metrics> values_{};
};

std::optional<double> cvss2_score(std::string_view metrics) noexcept;
enum class Cvss3 : unsigned char { v30, v31 };
std::optional<double> cvss3_score(std::string_view metrics, Cvss3) noexcept;
std::optional<double> cvss4_score(std::string_view metrics) noexcept;

}  // namespace seawall::model::detail
