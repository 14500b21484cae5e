// CVSS 2.0 section 3.2.1, CVSS 3.0 section 8.1 and CVSS 3.1 section 7.1.
#include <algorithm>
#include <cmath>

#include "model/detail/cvss_vector.h"

namespace seawall::model::detail {
namespace {

using enum Metric::Need;

// The figure of a letter: letters and figures stand in the same order.
template <std::size_t N>
double weight(std::string_view letters, const double (&figures)[N], char letter) noexcept {
  auto at = letters.find(letter);
  return at < N ? figures[at] : 0;
}

constexpr Metric metrics2[] = {
    {"AV", "LAN", mandatory}, {"AC", "HML", mandatory}, {"Au", "MSN", mandatory},
    {"C", "NPC", mandatory},  {"I", "NPC", mandatory},  {"A", "NPC", mandatory},
    {"E", "UPFHN"},           {"RL", "OTWUN"},          {"RC", "UCN"},
    {"CDP", "NLMH"},          {"TD", "NLMH"},           {"CR", "LMHN"},
    {"IR", "LMHN"},           {"AR", "LMHN"},
};

constexpr Metric metrics3[] = {
    {"AV", "NALP", mandatory},
    {"AC", "LH", mandatory},
    {"PR", "NLH", mandatory},
    {"UI", "NR", mandatory},
    {"S", "UC", mandatory},
    {"C", "HLN", mandatory},
    {"I", "HLN", mandatory},
    {"A", "HLN", mandatory},
    {"E", "XUPFH"},
    {"RL", "XOTWU"},
    {"RC", "XURC"},
    {"CR", "XLMH"},
    {"IR", "XLMH"},
    {"AR", "XLMH"},
    {"MAV", "XNALP"},
    {"MAC", "XLH"},
    {"MPR", "XNLH"},
    {"MUI", "XNR"},
    {"MS", "XUC"},
    {"MC", "XNLH"},
    {"MI", "XNLH"},
    {"MA", "XNLH"},
};

// Products of two-digit decimals that should end exactly on a tenth miss it by less than this in binary.
constexpr double binary_noise = 1e-9;

// 3.0: "the smallest number, to one decimal place, that is equal to or higher".
double round_up_30(double value) noexcept { return std::ceil(value * 10 - binary_noise) / 10; }

// 3.1, appendix A: the same on a number of five decimals, so that every machine agrees.
double round_up_31(double value) noexcept {
  auto scaled = std::llround(value * 100000);
  if (scaled % 10000 == 0) return static_cast<double>(scaled) / 100000;
  auto tenths = scaled / 10000 + 1;
  return static_cast<double>(tenths) / 10;
}

}  // namespace

std::optional<double> cvss2_score(std::string_view text) noexcept {
  auto v = CvssVector::parse(text, metrics2);
  if (!v) return std::nullopt;
  constexpr double impact_figures[] = {0, 0.275, 0.660};
  auto left_over = [&](std::string_view name) { return 1 - weight("NPC", impact_figures, (*v)[name]); };
  double impact = 10.41 * (1 - left_over("C") * left_over("I") * left_over("A"));
  double exploitability = 20 * weight("LAN", {0.395, 0.646, 1.0}, (*v)["AV"]) *
                          weight("HML", {0.35, 0.61, 0.71}, (*v)["AC"]) *
                          weight("MSN", {0.45, 0.56, 0.704}, (*v)["Au"]);
  double factor = impact == 0 ? 0 : 1.176;
  double score = (0.6 * impact + 0.4 * exploitability - 1.5) * factor;
  return std::max(0.0, std::floor(score * 10 + 0.5 + binary_noise) / 10);
}

std::optional<double> cvss3_score(std::string_view text, Cvss3 version) noexcept {
  auto v = CvssVector::parse(text, metrics3);
  if (!v) return std::nullopt;
  bool scope_changed = (*v)["S"] == 'C';
  constexpr double impact_figures[] = {0.56, 0.22, 0};
  auto left_over = [&](std::string_view name) { return 1 - weight("HLN", impact_figures, (*v)[name]); };
  double base = 1 - left_over("C") * left_over("I") * left_over("A");
  double impact = scope_changed ? 7.52 * (base - 0.029) - 3.25 * std::pow(base - 0.02, 15) : 6.42 * base;
  if (impact <= 0) return 0.0;
  double privileges =
      scope_changed ? weight("NLH", {0.85, 0.68, 0.5}, (*v)["PR"]) : weight("NLH", {0.85, 0.62, 0.27}, (*v)["PR"]);
  double exploitability = 8.22 * weight("NALP", {0.85, 0.62, 0.55, 0.2}, (*v)["AV"]) *
                          weight("LH", {0.77, 0.44}, (*v)["AC"]) * privileges * weight("NR", {0.85, 0.62}, (*v)["UI"]);
  double score = std::min(10.0, (impact + exploitability) * (scope_changed ? 1.08 : 1.0));
  return version == Cvss3::v30 ? round_up_30(score) : round_up_31(score);
}

}  // namespace seawall::model::detail
