// Kubernetes' format library: named formats of texts, and what is wrong with a text that isn't of one.
#include <algorithm>
#include <chrono>

#include "base/text.h"
#include "cel/detail/library.h"
#include "cel/detail/texts.h"
#include "cel/detail/url.h"

namespace seawall::cel {

namespace library {

namespace {

// --- What is wrong ---

class Complaints {
 public:
  explicit Complaints(Call& call) : call_(call), list_(call) {}
  void add(std::string_view message) { list_.add(call_.string(std::string(prefix_) + std::string(message))); }
  void too_long(std::size_t limit) { add("must be no more than " + std::to_string(limit) + " characters"); }
  void set_prefix(std::string_view prefix) { prefix_ = prefix; }
  Value finish() {
    if (list_.size() == 0 && !list_.failed()) return Value::optional_none();
    auto made = list_.finish();
    return made.is_error() ? made : call_.optional(made);
  }
  Arena& arena() { return call_.arena(); }

 private:
  Call& call_;
  ListBuilder list_;
  std::string_view prefix_;
};

constexpr std::string_view
    label_message =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
        "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
        "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    subdomain_message =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
        "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
        "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    old_label_message =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
        "character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation "
        "is '[a-z]([-a-z0-9]*[a-z0-9])?')",
    name_message =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
        "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
        "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    label_value_message =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start "
        "and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for "
        "validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

// --- Shapes ---

constexpr std::size_t longest_label = 63, longest_subdomain = 253;

bool is_lower_alnum(char c) { return is_lower(c) || is_digit(c); }

// Not empty, letters and digits at both ends, others in the middle too.
template <class End, class Middle>
bool is_bounded(std::string_view text, End end, Middle middle) {
  return !text.empty() && end(text.front()) && end(text.back()) &&
         std::ranges::all_of(text, [&](char c) { return end(c) || middle(c); });
}
bool is_label(std::string_view text) {
  return is_bounded(text, is_lower_alnum, [](char c) { return c == '-'; });
}
bool is_old_label(std::string_view text) { return is_label(text) && is_lower(text.front()); }
bool is_subdomain(std::string_view text) {
  for (;;) {
    auto dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}
bool is_name(std::string_view text) {
  return is_bounded(text, is_alnum, [](char c) { return c == '-' || c == '_' || c == '.'; });
}

void judge_label(std::string_view text, Complaints& complaints) {
  if (text.size() > longest_label) complaints.too_long(longest_label);
  if (is_label(text)) return;
  complaints.add(is_subdomain(text) ? "must not contain dots" : label_message);
}
void judge_subdomain(std::string_view text, Complaints& complaints) {
  if (text.size() > longest_subdomain) complaints.too_long(longest_subdomain);
  if (!is_subdomain(text)) complaints.add(subdomain_message);
}
void judge_old_label(std::string_view text, Complaints& complaints) {
  if (text.size() > longest_label) complaints.too_long(longest_label);
  if (!is_old_label(text)) complaints.add(old_label_message);
}

// A prefix is what generated characters will follow: a dash at its end is as good as a letter.
template <void (*judge)(std::string_view, Complaints&)>
void judge_prefix(std::string_view text, Complaints& complaints) {
  if (text.size() <= 1 || !text.ends_with('-')) return judge(text, complaints);
  auto masked = std::string(text.substr(0, text.size() - 2)) + 'a';
  judge(masked, complaints);
}

void judge_qualified_name(std::string_view text, Complaints& complaints) {
  auto slash = text.find('/');
  auto name = slash == std::string_view::npos ? text : text.substr(slash + 1);
  if (name.find('/') != std::string_view::npos)
    return complaints.add("a valid label key " + std::string(name_message) +
                          " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
  if (slash != std::string_view::npos) {
    complaints.set_prefix("prefix part ");
    if (slash == 0)
      complaints.add("must be non-empty");
    else
      judge_subdomain(text.substr(0, slash), complaints);
  }
  complaints.set_prefix("name part ");
  if (name.empty())
    complaints.add("must be non-empty");
  else if (name.size() > longest_label)
    complaints.too_long(longest_label);
  if (!is_name(name)) complaints.add(name_message);
}

void judge_label_value(std::string_view text, Complaints& complaints) {
  if (text.size() > longest_label) complaints.too_long(longest_label);
  if (!text.empty() && !is_name(text)) complaints.add(label_value_message);
}

void judge_uri(std::string_view text, Complaints& complaints) {
  auto read = read_request_target(text, complaints.arena());
  if (read.error != nullptr) complaints.add("parse \"" + to_utf8(text.substr(0, 1000)) + "\": " + read.error);
}

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f'); });
}
// Groups of 8, 4, 4, 4 and 12 digits, with or without dashes between them.
bool is_uuid(std::string_view text) {
  constexpr std::size_t groups[] = {8, 4, 4, 4, 12};
  for (auto size : groups) {
    if (size != groups[0] && text.starts_with('-')) text.remove_prefix(1);
    if (text.size() < size || !is_hex(text.substr(0, size))) return false;
    text.remove_prefix(size);
  }
  return text.empty();
}
bool is_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return false;
  text.remove_suffix(text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0);
  return std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '+' || c == '/'; });
}

std::optional<unsigned> two_digits(std::string_view text) {
  if (text.size() < 2 || !is_digit(text[0]) || !is_digit(text[1])) return std::nullopt;
  return static_cast<unsigned>((text[0] - '0') * 10 + (text[1] - '0'));
}
bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  auto century = two_digits(text), year = two_digits(text.substr(2)), month = two_digits(text.substr(5)),
       day = two_digits(text.substr(8));
  if (!century || !year || !month || !day) return false;
  return std::chrono::year_month_day(std::chrono::year(static_cast<int>(*century * 100 + *year)),
                                     std::chrono::month(*month), std::chrono::day(*day))
      .ok();
}
// hh:mm:ss, then any character with digits behind it, then "z" or an offset.
bool is_time(std::string_view text) {
  auto hour = two_digits(text);
  if (!hour || text.size() < 9 || text[2] != ':' || text[5] != ':') return false;
  auto minute = two_digits(text.substr(3)), second = two_digits(text.substr(6));
  if (!minute || !second || *hour > 23 || *minute > 59 || *second > 59) return false;
  auto rest = text.substr(8);
  auto is_zone = [](std::string_view zone) {
    if (to_lower(zone.empty() ? '-' : zone[0]) == 'z') return zone.size() == 1;
    return zone.size() == 6 && (zone[0] == '+' || zone[0] == '-') && two_digits(zone.substr(1)) && zone[3] == ':' &&
           two_digits(zone.substr(4));
  };
  if (is_zone(rest)) return true;
  if (rest.size() < 2 || rest.front() == '\n') return false;
  auto digits = rest.substr(1).find_first_not_of("0123456789");
  return digits != std::string_view::npos && digits > 0 && is_zone(rest.substr(1 + digits));
}
bool is_date_time(std::string_view text) {
  return text.size() > 11 && to_lower(text[10]) == 't' && is_date(text.substr(0, 10)) && is_time(text.substr(11));
}

template <bool (*fits)(std::string_view)>
void judge_by(std::string_view text, Complaints& complaints, std::string_view message) {
  if (!fits(text)) complaints.add(message);
}
void judge_uuid(std::string_view text, Complaints& complaints) {
  judge_by<is_uuid>(text, complaints, "does not match the UUID format");
}
void judge_byte(std::string_view text, Complaints& complaints) {
  judge_by<is_base64>(text, complaints, "invalid base64");
}
void judge_date(std::string_view text, Complaints& complaints) { judge_by<is_date>(text, complaints, "invalid date"); }
void judge_date_time(std::string_view text, Complaints& complaints) {
  judge_by<is_date_time>(text, complaints, "invalid datetime");
}

// --- The formats ---

struct Format {
  std::string_view name;
  void (*judge)(std::string_view, Complaints&);
  std::uint64_t pattern_size;  // what validation costs, as if by a pattern of that size
};
constexpr Format formats[] = {
    {"dns1123Label", judge_label, 30},
    {"dns1123Subdomain", judge_subdomain, 60},
    {"dns1035Label", judge_old_label, 30},
    {"qualifiedName", judge_qualified_name, 60},
    {"dns1123LabelPrefix", judge_prefix<judge_label>, 30},
    {"dns1123SubdomainPrefix", judge_prefix<judge_subdomain>, 60},
    {"dns1035LabelPrefix", judge_prefix<judge_old_label>, 30},
    {"labelValue", judge_label_value, 40},
    {"uri", judge_uri, 1103},
    {"uuid", judge_uuid, 70},
    {"byte", judge_byte, 84},
    {"date", judge_date, 71},
    {"datetime", judge_date_time, 71},
};

struct FormatNode : OpaqueNode {
  const Format* format;
};
const Format& format_in(const OpaqueNode& node) { return *static_cast<const FormatNode&>(node).format; }

constexpr OpaqueKind format_kind{
    .type_name = "kubernetes.NamedFormat",
    .equal = [](const OpaqueNode& left,
                const OpaqueNode& right) noexcept { return &format_in(left) == &format_in(right); },
    .print = [](const OpaqueNode& node) { return "format." + std::string(format_in(node).name) + "()"; },
};

Value format_value(Call& call, const Format& format) { return make_opaque(call, FormatNode{{&format_kind}, &format}); }

template <std::size_t number>
Value constant(Call& call, Arguments) {
  return format_value(call, formats[number]);
}

Value named(Call& call, Arguments arguments) {
  auto* found = std::ranges::find(formats, arguments[0].as_text(), &Format::name);
  if (found == std::end(formats)) return Value::optional_none();
  auto made = format_value(call, *found);
  return made.is_error() ? made : call.optional(made);
}

Value validate(Call& call, Arguments arguments) {
  Complaints complaints(call);
  format_in(arguments[0].as_opaque()).judge(arguments[1].as_text(), complaints);
  return complaints.finish();
}

std::uint64_t validate_cost(Arguments arguments, const Value&) {
  auto pattern = cost::scaled(format_in(arguments[0].as_opaque()).pattern_size, cost::of_pattern_character);
  return cost::multiply(cost::scaled(cost::size(arguments[1]) + 1, cost::of_character), pattern);
}

constexpr Declaration functions[] = {
    {"format-named", "format.named(string) -> optional(kubernetes.NamedFormat)", named},
    {"format-validate", "<kubernetes.NamedFormat>.validate(string) -> optional(list(string))", validate, validate_cost},
};

template <std::size_t... numbers>
void add_constants(Environment& environment, std::index_sequence<numbers...>) {
  auto add = [&](std::string_view name, Function run) {
    auto id = "format." + std::string(name);
    auto signature = id + "() -> kubernetes.NamedFormat";
    const Declaration declarations[] = {{id, signature, run}};
    declare(environment, declarations);
  };
  (add(formats[numbers].name, constant<numbers>), ...);
}

}  // namespace

}  // namespace library

void add_formats(Environment& environment) {
  using namespace library;
  add_opaque_type(environment, format_kind.type_name);
  declare(environment, functions);
  add_constants(environment, std::make_index_sequence<std::size(formats)>());
}

}  // namespace seawall::cel
