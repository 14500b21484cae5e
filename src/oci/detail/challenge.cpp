#include "oci/detail/challenge.h"

#include "base/text.h"

namespace seawall::oci::detail {
namespace {

constexpr std::size_t max_challenges = 16, max_parameters = 32;

bool is_token_char(char c) {
  return is_alnum(c) || std::string_view("!#$%&'*+-.^_`|~/").find(c) != std::string_view::npos;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::vector<Challenge> all() {
    std::vector<Challenge> challenges;
    while (skip_separators(), !rest_.empty()) {
      auto word = token();
      if (word.empty()) break;
      skip_space();
      const bool names_parameter = !rest_.empty() && rest_.front() == '=' && !challenges.empty();
      if (names_parameter) {
        rest_.remove_prefix(1);
        skip_space();
        if (challenges.back().parameters.size() < max_parameters)
          challenges.back().parameters.emplace(lower(word), value());
        else
          value();
      } else {
        if (challenges.size() == max_challenges) break;
        challenges.push_back({.scheme = lower(word)});
      }
    }
    return challenges;
  }

 private:
  void skip_space() {
    while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
  }
  void skip_separators() {
    while (!rest_.empty() && (is_space(rest_.front()) || rest_.front() == ',')) rest_.remove_prefix(1);
  }

  std::string_view token() {
    std::size_t n = 0;
    while (n < rest_.size() && is_token_char(rest_[n])) ++n;
    auto word = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return word;
  }

  std::string value() {
    if (rest_.empty() || rest_.front() != '"') return std::string(token());
    rest_.remove_prefix(1);
    std::string text;
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      text += rest_.front();
      rest_.remove_prefix(1);
    }
    if (!rest_.empty()) rest_.remove_prefix(1);
    return text;
  }

  std::string_view rest_;
};

}  // namespace

std::string Challenge::parameter(std::string_view name) const {
  auto found = parameters.find(std::string(name));
  return found == parameters.end() ? std::string() : found->second;
}

std::vector<Challenge> parse_challenges(std::string_view header) { return Reader(header).all(); }

}  // namespace seawall::oci::detail
