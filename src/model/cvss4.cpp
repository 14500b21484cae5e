// CVSS 4.0, section 8: the vector falls into one of 270 macro vectors, each with a score of its own; inside one, the
// score sinks towards the next lower macro vectors by how far the vector is from the worst one of its class.
//
// All in whole tenths and one common denominator: the result is exact, whatever the machine's floating point does.
// The score is that of the whole vector: version 4 has one score, which threat (E) and environmental metrics refine.
#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>

#include "model/detail/cvss_vector.h"

namespace seawall::model::detail {
namespace {

using enum Metric::Need;

constexpr Metric metrics4[] = {
    {"AV", "NALP", mandatory},
    {"AC", "LH", mandatory},
    {"AT", "NP", mandatory},
    {"PR", "NLH", mandatory},
    {"UI", "NPA", mandatory},
    {"VC", "HLN", mandatory},
    {"VI", "HLN", mandatory},
    {"VA", "HLN", mandatory},
    {"SC", "HLN", mandatory},
    {"SI", "HLN", mandatory},
    {"SA", "HLN", mandatory},
    {"E", "XAPU"},
    {"CR", "XHML"},
    {"IR", "XHML"},
    {"AR", "XHML"},
    {"MAV", "XNALP"},
    {"MAC", "XLH"},
    {"MAT", "XNP"},
    {"MPR", "XNLH"},
    {"MUI", "XNPA"},
    {"MVC", "XHLN"},
    {"MVI", "XHLN"},
    {"MVA", "XHLN"},
    {"MSC", "XHLN"},
    {"MSI", "XSHLN"},
    {"MSA", "XSHLN"},
    {"S", "XNP"},
    {"AU", "XNY"},
    {"R", "XAUI"},
    {"V", "XDC"},
    {"RE", "XLMH"},
    {"U", "XCGAR"},
};

// Scores in tenths, by EQ1 (0-2), EQ2 (0-1), EQ3 with EQ6 (00 01 10 11 21), EQ4 (0-2) and EQ5 (0-2).
constexpr unsigned char macro_scores[3][2][5][9] = {
    {
        {{100, 98, 95, 100, 93, 91, 93, 89, 81},
         {99, 95, 92, 96, 87, 81, 90, 80, 68},
         {98, 95, 90, 93, 89, 81, 88, 78, 69},
         {95, 92, 84, 92, 81, 65, 80, 70, 48},
         {92, 82, 72, 79, 69, 50, 69, 55, 27}},
        {{99, 95, 92, 95, 90, 84, 92, 82, 72},
         {97, 92, 85, 91, 83, 71, 81, 71, 53},
         {95, 92, 85, 92, 80, 70, 84, 71, 50},
         {93, 85, 73, 82, 72, 59, 70, 52, 30},
         {86, 75, 52, 71, 52, 29, 63, 29, 17}},
    },
    {
        {{98, 94, 91, 94, 86, 77, 87, 74, 63},
         {95, 87, 81, 89, 74, 64, 75, 63, 49},
         {94, 88, 76, 86, 74, 59, 72, 57, 52},
         {89, 77, 67, 76, 58, 50, 57, 52, 25},
         {83, 70, 54, 65, 58, 26, 53, 21, 13}},
        {{95, 88, 76, 90, 75, 61, 77, 68, 52},
         {90, 76, 70, 77, 62, 53, 66, 59, 30},
         {89, 76, 62, 74, 57, 47, 61, 57, 24},
         {78, 67, 58, 59, 57, 23, 52, 29, 16},
         {71, 59, 30, 58, 26, 15, 23, 13, 6}},
    },
    {
        {{93, 86, 75, 86, 74, 56, 70, 52, 40},
         {87, 72, 58, 74, 61, 34, 54, 40, 22},
         {85, 74, 62, 72, 55, 46, 53, 34, 19},
         {75, 55, 51, 57, 41, 19, 36, 19, 8},
         {64, 51, 20, 47, 21, 11, 24, 9, 4}},
        {{88, 73, 60, 73, 59, 41, 54, 45, 20},
         {75, 53, 50, 55, 40, 20, 43, 22, 11},
         {75, 58, 40, 61, 48, 20, 46, 17, 8},
         {55, 45, 21, 51, 18, 9, 18, 7, 2},
         {53, 24, 14, 24, 12, 5, 10, 3, 1}},
    },
};

// EQ3 and EQ6 depend on each other: these five pairs exist.
enum ImpactClass : int { eq3_0_eq6_0, eq3_0_eq6_1, eq3_1_eq6_0, eq3_1_eq6_1, eq3_2_eq6_1 };

struct MacroVector {
  int eq1 = 0, eq2 = 0, eq36 = 0, eq4 = 0, eq5 = 0;
  int score() const noexcept { return macro_scores[eq1][eq2][eq36][eq4 * 3 + eq5]; }
};

// The metrics as they count: modified ones in place of the base ones, the worst case for what is not defined.
class Effective {
 public:
  explicit Effective(const CvssVector& v) : v_(v) {}
  char operator()(std::string_view base, std::string_view modified) const noexcept {
    char m = v_[modified];
    return m == '\0' || m == 'X' ? v_[base] : m;
  }
  char or_worst(std::string_view name, char worst) const noexcept {
    char m = v_[name];
    return m == '\0' || m == 'X' ? worst : m;
  }

 private:
  const CvssVector& v_;
};

// Steps of each metric away from its worst value; the fields are grouped by the class that uses them.
struct Steps {
  int av, pr, ui;              // EQ1
  int ac, at;                  // EQ2
  int vc, vi, va, cr, ir, ar;  // EQ3 and EQ6
  int sc, si, sa;              // EQ4
  int e;                       // EQ5
};

int steps_from_worst(std::string_view letters, char letter) noexcept {
  return static_cast<int>(std::min(letters.find(letter), letters.size() - 1));
}

Steps steps_of(const CvssVector& vector) noexcept {
  Effective m(vector);
  // Subsequent impact knows a value above High, Safety, that only the modified metrics can take.
  constexpr std::string_view vulnerable = "HLN", subsequent = "SHLN", requirement = "HML";
  return {.av = steps_from_worst("NALP", m("AV", "MAV")),
          .pr = steps_from_worst("NLH", m("PR", "MPR")),
          .ui = steps_from_worst("NPA", m("UI", "MUI")),
          .ac = steps_from_worst("LH", m("AC", "MAC")),
          .at = steps_from_worst("NP", m("AT", "MAT")),
          .vc = steps_from_worst(vulnerable, m("VC", "MVC")),
          .vi = steps_from_worst(vulnerable, m("VI", "MVI")),
          .va = steps_from_worst(vulnerable, m("VA", "MVA")),
          .cr = steps_from_worst(requirement, m.or_worst("CR", 'H')),
          .ir = steps_from_worst(requirement, m.or_worst("IR", 'H')),
          .ar = steps_from_worst(requirement, m.or_worst("AR", 'H')),
          .sc = steps_from_worst(subsequent, m("SC", "MSC")),
          .si = steps_from_worst(subsequent, m("SI", "MSI")),
          .sa = steps_from_worst(subsequent, m("SA", "MSA")),
          .e = steps_from_worst("APU", m.or_worst("E", 'A'))};
}

constexpr int safety = 0, subsequent_high = 1, subsequent_none = 3, vulnerable_none = 2, physical = 3;

int exploitability_class(const Steps& s) noexcept {
  if (s.av == 0 && s.pr == 0 && s.ui == 0) return 0;
  bool any = s.av == 0 || s.pr == 0 || s.ui == 0;
  return any && s.av != physical ? 1 : 2;
}

int impact_class(const Steps& s) noexcept {
  bool required_high = (s.cr == 0 && s.vc == 0) || (s.ir == 0 && s.vi == 0) || (s.ar == 0 && s.va == 0);
  if (s.vc == 0 && s.vi == 0) return required_high ? eq3_0_eq6_0 : eq3_0_eq6_1;
  if (s.vc == 0 || s.vi == 0 || s.va == 0) return required_high ? eq3_1_eq6_0 : eq3_1_eq6_1;
  return eq3_2_eq6_1;
}

int subsequent_class(const Steps& s) noexcept {
  if (s.si == safety || s.sa == safety) return 0;
  bool high = s.sc == subsequent_high || s.si == subsequent_high || s.sa == subsequent_high;
  return high ? 1 : 2;
}

MacroVector macro_vector_of(const Steps& s) noexcept {
  return {.eq1 = exploitability_class(s),
          .eq2 = s.ac == 0 && s.at == 0 ? 0 : 1,
          .eq36 = impact_class(s),
          .eq4 = subsequent_class(s),
          .eq5 = s.e};
}

bool no_impact(const Steps& s) noexcept {
  return s.vc == vulnerable_none && s.vi == vulnerable_none && s.va == vulnerable_none && s.sc == subsequent_none &&
         s.si == subsequent_none && s.sa == subsequent_none;
}

// Distance in steps to the first of the class's worst vectors that is nowhere better than this one.
template <std::size_t N>
int distance(const std::array<int, N>& mine, std::initializer_list<std::array<int, N>> worst) noexcept {
  for (const auto& candidate : worst) {
    int sum = 0;
    bool reachable = true;
    for (std::size_t i = 0; i < N; ++i) {
      int d = mine[i] - candidate[i];
      reachable = reachable && d >= 0;
      sum += d;
    }
    if (reachable) return sum;
  }
  return 0;
}

int exploitability_distance(const Steps& s, int eq1) noexcept {
  using A = std::array<int, 3>;
  A mine{s.av, s.pr, s.ui};
  if (eq1 == 0) return distance(mine, {A{0, 0, 0}});
  if (eq1 == 1) return distance(mine, {A{1, 0, 0}, A{0, 1, 0}, A{0, 0, 1}});
  return distance(mine, {A{3, 0, 0}, A{1, 1, 1}});
}

int complexity_distance(const Steps& s, int eq2) noexcept {
  using A = std::array<int, 2>;
  A mine{s.ac, s.at};
  return eq2 == 0 ? distance(mine, {A{0, 0}}) : distance(mine, {A{1, 0}, A{0, 1}});
}

int impact_distance(const Steps& s, int eq36) noexcept {
  using A = std::array<int, 6>;  // VC VI VA CR IR AR
  A mine{s.vc, s.vi, s.va, s.cr, s.ir, s.ar};
  switch (eq36) {
    case eq3_0_eq6_0:
      return distance(mine, {A{0, 0, 0, 0, 0, 0}});
    case eq3_0_eq6_1:
      return distance(mine, {A{0, 0, 1, 1, 1, 0}, A{0, 0, 0, 1, 1, 1}});
    case eq3_1_eq6_0:
      return distance(mine, {A{1, 0, 0, 0, 0, 0}, A{0, 1, 0, 0, 0, 0}});
    case eq3_1_eq6_1:
      return distance(mine, {A{1, 0, 1, 0, 1, 0}, A{1, 0, 0, 0, 1, 1}, A{0, 1, 0, 1, 0, 1}, A{0, 1, 1, 1, 0, 0},
                             A{1, 1, 0, 0, 0, 1}});
    default:
      return distance(mine, {A{1, 1, 1, 0, 0, 0}});
  }
}

int subsequent_distance(const Steps& s, int eq4) noexcept {
  using A = std::array<int, 3>;
  A mine{s.sc, s.si, s.sa};
  if (eq4 == 0) return distance(mine, {A{1, 0, 0}});
  return eq4 == 1 ? distance(mine, {A{1, 1, 1}}) : distance(mine, {A{2, 2, 2}});
}

// Score of the next lower macro vector in one class; -1 where there is none below.
int next_lower(MacroVector macro, int MacroVector::* eq, int last) noexcept {
  if (macro.*eq == last) return -1;
  ++(macro.*eq);
  return macro.score();
}

int next_lower_impact(MacroVector macro) noexcept {
  auto with = [&](int eq36) {
    auto lower = macro;
    lower.eq36 = eq36;
    return lower.score();
  };
  switch (macro.eq36) {
    case eq3_0_eq6_0:
      return std::max(with(eq3_0_eq6_1), with(eq3_1_eq6_0));
    case eq3_0_eq6_1:
    case eq3_1_eq6_0:
      return with(eq3_1_eq6_1);
    case eq3_1_eq6_1:
      return with(eq3_2_eq6_1);
    default:
      return -1;
  }
}

struct Dimension {
  int lower;     // score of the next lower macro vector, -1: none
  int distance;  // steps of this vector from the worst of its class
  int depth;     // steps that the class is deep
};

// Multiple of every depth (1 2 4 5 6 7 8 10) and of the counts 1 to 5 of dimensions that go lower.
constexpr int common_denominator = 840;

}  // namespace

std::optional<double> cvss4_score(std::string_view text) noexcept {
  auto vector = CvssVector::parse(text, metrics4);
  if (!vector) return std::nullopt;
  auto steps = steps_of(*vector);
  if (no_impact(steps)) return 0.0;
  auto macro = macro_vector_of(steps);
  constexpr int depth1[] = {1, 4, 5}, depth2[] = {1, 2}, depth36[] = {7, 6, 8, 8, 10}, depth4[] = {6, 5, 4};
  const Dimension dimensions[] = {
      {next_lower(macro, &MacroVector::eq1, 2), exploitability_distance(steps, macro.eq1), depth1[macro.eq1]},
      {next_lower(macro, &MacroVector::eq2, 1), complexity_distance(steps, macro.eq2), depth2[macro.eq2]},
      {next_lower_impact(macro), impact_distance(steps, macro.eq36), depth36[macro.eq36]},
      {next_lower(macro, &MacroVector::eq4, 2), subsequent_distance(steps, macro.eq4), depth4[macro.eq4]},
      {next_lower(macro, &MacroVector::eq5, 2), 0, 1},
  };
  int count = 0, sum = 0;
  for (const auto& d : dimensions) {
    if (d.lower < 0 || d.lower > macro.score()) continue;
    ++count;
    sum += (macro.score() - d.lower) * d.distance * (common_denominator / d.depth);
  }
  if (count == 0) return macro.score() / 10.0;
  // Rounded half up to a whole tenth.
  int denominator = common_denominator * count;
  int tenths = (2 * (macro.score() * denominator - sum) + denominator) / (2 * denominator);
  return std::clamp(tenths, 0, 100) / 10.0;
}

}  // namespace seawall::model::detail
