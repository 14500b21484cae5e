#include "base/spelling.h"

#include <algorithm>

#include "base/text.h"

namespace seawall {
namespace {

constexpr std::size_t longest = 128;

// Letters to be inserted, left out, changed or exchanged with their neighbour to get from one to the other.
std::size_t distance(std::string_view a, std::string_view b) {
  if (a.size() > longest || b.size() > longest) return longest;
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t i = 0; i <= b.size(); ++i) above[i] = i;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      bool same = a[i - 1] == b[j - 1];
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (exchanged) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

std::string_view last_part(std::string_view name) { return name.substr(name.rfind('/') + 1); }

// One letter may be wrong, and a fifth of them in longer names.
bool is_near(std::size_t distance, std::string_view typed) { return distance <= 1 + typed.size() / 5; }

// A name whose last part alone is near comes after one that is near as a whole.
std::size_t farness(std::string_view typed, std::string_view name) {
  auto whole = distance(typed, lower(name));
  auto part = distance(last_part(typed), lower(last_part(name)));
  if (is_near(whole, typed)) return std::min(whole, part + 2);
  return is_near(part, last_part(typed)) ? part + 2 : longest;
}

}  // namespace

std::vector<std::string> nearest_names(std::string_view typed, const std::vector<std::string_view>& known,
                                       std::size_t most) {
  std::vector<std::pair<std::size_t, std::string_view>> near;
  auto wanted = lower(typed);
  for (auto name : known)
    if (auto far = farness(wanted, name); far < longest) near.emplace_back(far, name);
  std::ranges::sort(near);
  near.erase(std::ranges::unique(near).begin(), near.end());
  std::vector<std::string> names;
  for (std::size_t i = 0; i < near.size() && i < most; ++i) names.emplace_back(near[i].second);
  return names;
}

std::string did_you_mean(std::string_view typed, const std::vector<std::string_view>& known) {
  std::string list;
  auto names = nearest_names(typed, known);
  for (std::size_t i = 0; i < names.size(); ++i)
    list += (i == 0 ? "'" : i + 1 == names.size() ? " or '" : ", '") + names[i] + "'";
  return list.empty() ? "" : " Did you mean " + list + "?";
}

}  // namespace seawall
