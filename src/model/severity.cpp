#include "model/severity.h"

#include "base/text.h"

namespace seawall::model {
namespace {

struct Name {
  std::string_view word;
  Severity severity;
};

// Words of the vendors whose records we read; matched without case.
constexpr Name names[] = {
    {"critical", Severity::critical},
    {"urgent", Severity::critical},
    {"emergency", Severity::critical},
    {"high", Severity::high},
    {"important", Severity::high},
    {"major", Severity::high},
    {"serious", Severity::high},
    {"medium", Severity::medium},
    {"moderate", Severity::medium},
    {"low", Severity::low},
    {"minor", Severity::low},
    {"negligible", Severity::negligible},
    {"unimportant", Severity::negligible},
    {"none", Severity::negligible},
    {"informational", Severity::negligible},
    {"info", Severity::negligible},
    {"unknown", Severity::unknown},
};

}  // namespace

std::string_view text(Severity severity) noexcept {
  constexpr std::string_view words[] = {"unknown", "negligible", "low", "medium", "high", "critical"};
  return words[static_cast<std::size_t>(severity)];
}

std::optional<Severity> severity_from(std::string_view word) noexcept {
  word = trim(word);
  // Debian's tracker marks its automatic urgencies with stars: "low**".
  while (!word.empty() && word.back() == '*') word.remove_suffix(1);
  for (const auto& name : names)
    if (equal_ignoring_case(name.word, word)) return name.severity;
  return std::nullopt;
}

Severity severity_of_score(double score, int major) noexcept {
  if (score <= 0) return Severity::negligible;
  if (major >= 3 && score >= 9.0) return Severity::critical;
  if (score >= 7.0) return Severity::high;
  if (score >= 4.0) return Severity::medium;
  return Severity::low;
}

}  // namespace seawall::model
