#include "cli/cel/present.h"

#include <algorithm>

#include "base/text.h"
#include "base/unicode.h"
#include "cli/cel/value_json.h"

namespace seawall::cli {
namespace {

using codec::JsonWriter;

// The first `most` characters, with a sign that there were more.
std::string shortened(const std::string& text, std::size_t most) {
  std::size_t end = 0;
  for (std::size_t count = 0; end < text.size() && count < most; ++count)
    end += first_character(std::string_view(text).substr(end)).bytes;
  return end == text.size() ? text : text.substr(0, end) + "...";
}

std::size_t characters(std::string_view text) { return cel::count_code_points(text); }

// Columns as wide as their longest cell; the last is left as it is.
std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], characters(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i)
      out += row[i] + std::string(widths[i] - characters(row[i]) + 2, ' ');
    (out += row.back()) += '\n';
  }
  return out;
}

std::string line_of(const cel::Value& value) { return printable(cel::text(value)); }

std::string bound_text(std::uint64_t bound) { return bound == UINT64_MAX ? "no bound" : std::to_string(bound); }

Result<> value_field(JsonWriter& json, const cel::Value& value) {
  json.key("value");
  return write_json(json, value);
}

void bound_field(JsonWriter& json, std::string_view name, std::uint64_t bound) {
  json.key(name);
  if (bound == UINT64_MAX)
    json.null();
  else
    json.unsigned_integer(bound);
}

}  // namespace

std::string value_text(const cel::Value& value) { return line_of(value) + "\n"; }

// What stands in the input, where the expression asked for it by `?`.
static const cel::Value& held(const cel::Value& value) {
  return value.is(cel::Kind::optional) && value.as_optional() ? *value.as_optional() : value;
}

std::string explanation_text(const cel::Explanation& explanation) {
  constexpr std::size_t longest_value = 100;
  auto out = value_text(explanation.value);
  if (explanation.evidence.empty()) return out + "no part of the input decided it\n";
  std::vector<std::vector<std::string>> rows;
  for (const auto& each : explanation.evidence)
    rows.push_back({"  " + printable(to_utf8(each.path)),
                    each.present ? shortened(line_of(held(each.value)), longest_value) : "(absent)"});
  out += "decided by\n" + aligned(rows);
  if (explanation.more > 0) out += "  and " + std::to_string(explanation.more) + " more\n";
  return out;
}

std::string cost_text(const CelSession::Cost& cost) {
  return aligned({{"value", line_of(cost.value)},
                  {"cost", std::to_string(cost.cost)},
                  {"estimate", bound_text(cost.estimate.least) + " to " + bound_text(cost.estimate.most)}});
}

std::string variables_text(const CelSession& session) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, variable] : session.variables()) {
    auto value = variable.value.is_error() ? "(no input)" : shortened(line_of(variable.value), 60);
    rows.push_back({name, cel::text(variable.type), value});
  }
  return aligned(rows);
}

Result<std::string> value_json(const cel::Value& value) {
  JsonWriter json;
  SW_TRY(write_json(json, value));
  return json.take() + "\n";
}

Result<std::string> explanation_json(const cel::Explanation& explanation) {
  JsonWriter json;
  json.begin_object();
  SW_TRY(value_field(json, explanation.value));
  json.key("decided_by").begin_array();
  for (const auto& each : explanation.evidence) {
    json.begin_object().field("path", to_utf8(each.path)).flag("present", each.present);
    if (each.present) SW_TRY(value_field(json, each.value));
    json.end_object();
  }
  json.end_array().key("more").unsigned_integer(explanation.more).end_object();
  return json.take() + "\n";
}

Result<std::string> cost_json(const CelSession::Cost& cost) {
  JsonWriter json;
  json.begin_object();
  SW_TRY(value_field(json, cost.value));
  json.key("cost").unsigned_integer(cost.cost).key("estimate").begin_object();
  bound_field(json, "least", cost.estimate.least);
  bound_field(json, "most", cost.estimate.most);
  json.end_object().end_object();
  return json.take() + "\n";
}

}  // namespace seawall::cli
