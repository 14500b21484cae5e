#include <algorithm>
#include <array>

#include "base/text.h"
#include "model/detail/cvss_vector.h"
#include "model/severity.h"

namespace seawall::model {
namespace detail {
namespace {

// v2 knows values of several letters ("POC", "ND", "LM"); only those metrics are told by their first letter.
bool is_value(const Metric& metric, std::string_view value) noexcept {
  return !value.empty() && value.size() <= 5 && metric.values.find(value.front()) != std::string_view::npos &&
         (metric.need == Metric::Need::optional || value.size() == 1);
}

std::size_t index_of(std::span<const Metric> known, std::string_view name) noexcept {
  for (std::size_t i = 0; i < known.size(); ++i)
    if (known[i].name == name) return i;
  return known.size();
}

}  // namespace

std::optional<CvssVector> CvssVector::parse(std::string_view metrics, std::span<const Metric> known) noexcept {
  CvssVector vector;
  vector.known_ = known;
  while (!metrics.empty()) {
    auto end = std::min(metrics.find('/'), metrics.size());
    auto part = cut(metrics.substr(0, end), ":");
    metrics.remove_prefix(std::min(end + 1, metrics.size()));
    if (!part) return std::nullopt;
    auto at = index_of(known, part->left);
    if (at == known.size() || vector.values_[at] != '\0' || !is_value(known[at], part->right)) return std::nullopt;
    vector.values_[at] = part->right.front();
  }
  for (std::size_t i = 0; i < known.size(); ++i)
    if (known[i].need == Metric::Need::mandatory && vector.values_[i] == '\0') return std::nullopt;
  return vector;
}

char CvssVector::operator[](std::string_view name) const noexcept {
  auto at = index_of(known_, name);
  return at == known_.size() ? '\0' : values_[at];
}

}  // namespace detail

namespace {

struct Version {
  std::string_view prefix;
  int major;
  std::optional<double> (*score)(std::string_view metrics) noexcept;
};

constexpr Version versions[] = {
    {"CVSS:4.0/", 4, detail::cvss4_score},
    {"CVSS:3.1/", 3, [](std::string_view m) noexcept { return detail::cvss3_score(m, detail::Cvss3::v31); }},
    {"CVSS:3.0/", 3, [](std::string_view m) noexcept { return detail::cvss3_score(m, detail::Cvss3::v30); }},
    {"CVSS:2.0/", 2, detail::cvss2_score},
    {"AV:", 2, detail::cvss2_score},  // v2 as everybody writes it; the prefix is part of the metrics
};

struct Split {
  const Version* version = nullptr;
  std::string_view metrics;
};

Split split_vector(std::string_view vector) noexcept {
  vector = trim(vector);
  // NVD's old feeds put v2 vectors in parentheses.
  if (vector.starts_with('(') && vector.ends_with(')')) vector = vector.substr(1, vector.size() - 2);
  for (const auto& version : versions) {
    if (!vector.starts_with(version.prefix)) continue;
    if (version.prefix != "AV:") vector.remove_prefix(version.prefix.size());
    return {&version, vector};
  }
  return {};
}

}  // namespace

int cvss_major(std::string_view vector) noexcept {
  auto found = split_vector(vector);
  return found.version && found.version->score(found.metrics) ? found.version->major : 0;
}

std::optional<double> cvss_base_score(std::string_view vector) noexcept {
  auto found = split_vector(vector);
  if (!found.version) return std::nullopt;
  return found.version->score(found.metrics);
}

bool is_network_vector(std::string_view vector) noexcept {
  auto rest = split_vector(vector).metrics;
  for (;;) {
    auto end = std::min(rest.find('/'), rest.size());
    if (rest.substr(0, end) == "AV:N") return true;
    if (end == rest.size()) return false;
    rest.remove_prefix(end + 1);
  }
}

}  // namespace seawall::model
