// cel-go's ext/strings, versions 0 to 4.
#include <algorithm>
#include <limits>

#include "base/text.h"
#include "cel/detail/library.h"
#include "cel/detail/texts.h"
#include "cel/library/format.h"

namespace seawall::cel {

namespace library {

namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

std::string_view text_of(Arguments arguments, std::size_t index) { return arguments[index].as_text(); }

Value out_of_range(Call& call, std::int64_t index) {
  return call.fail(ErrorCode::out_of_range, "index out of range: " + std::to_string(index));
}
Value position(std::string_view text, std::size_t offset) {
  if (offset == npos) return Value::integer(-1);
  return Value::integer(static_cast<std::int64_t>(count_code_points(text.substr(0, offset))));
}
// Byte offset of a code point that may stand behind the last one; npos where it is none.
std::size_t offset_of(std::string_view text, const Value& index) {
  return index.as_integer() < 0 ? npos : byte_offset(text, index.as_unsigned());
}

// --- Places ---

Value char_at(Call& call, Arguments arguments) {
  auto text = text_of(arguments, 0);
  auto offset = offset_of(text, arguments[1]);
  if (offset == npos) return out_of_range(call, arguments[1].as_integer());
  return Value::string(offset == text.size() ? "" : text.substr(offset, code_point_size(text, offset)));
}

Value index_of(Call&, Arguments arguments) {
  return position(text_of(arguments, 0), find_text(text_of(arguments, 0), text_of(arguments, 1)));
}

// An offset behind the end: an error by the specification of the language, in Kubernetes nothing is found there.
enum class BehindEnd : bool { nothing, error };

template <BehindEnd behind_end>
Value index_from(Call& call, Arguments arguments) {
  auto text = text_of(arguments, 0), wanted = text_of(arguments, 1);
  if (arguments[2].as_integer() < 0) return out_of_range(call, arguments[2].as_integer());
  auto offset = offset_of(text, arguments[2]);
  if (wanted.empty()) return position(text, std::min(offset, text.size()));
  if (offset != npos) return position(text, find_text(text, wanted, offset));
  return behind_end == BehindEnd::error ? out_of_range(call, arguments[2].as_integer()) : Value::integer(-1);
}

Value last_index(Call& call, Arguments arguments, std::size_t from) {
  bool out_of_memory = false;
  auto found = find_last_text(text_of(arguments, 0), text_of(arguments, 1), from, call.arena(), out_of_memory);
  return out_of_memory ? call.out_of_memory() : position(text_of(arguments, 0), found);
}
Value last_index_of(Call& call, Arguments arguments) { return last_index(call, arguments, npos); }
template <BehindEnd behind_end>
Value last_index_from(Call& call, Arguments arguments) {
  auto text = text_of(arguments, 0), wanted = text_of(arguments, 1);
  if (arguments[2].as_integer() < 0) return out_of_range(call, arguments[2].as_integer());
  auto offset = offset_of(text, arguments[2]);
  if (wanted.empty()) return position(text, std::min(offset, text.size()));
  if (offset < text.size()) return last_index(call, arguments, offset);
  bool fails = behind_end == BehindEnd::error && offset == npos;
  return fails ? out_of_range(call, arguments[2].as_integer()) : Value::integer(-1);
}

Value substring_from(Call& call, Arguments arguments) {
  auto text = text_of(arguments, 0);
  auto begin = offset_of(text, arguments[1]);
  return begin == npos ? out_of_range(call, arguments[1].as_integer()) : Value::string(text.substr(begin));
}

Value substring(Call& call, Arguments arguments) {
  auto text = text_of(arguments, 0);
  auto first = arguments[1].as_integer(), last = arguments[2].as_integer();
  if (first > last)
    return call.fail(ErrorCode::out_of_range,
                     "invalid substring range. start: " + std::to_string(first) + ", end: " + std::to_string(last));
  auto begin = offset_of(text, arguments[1]);
  if (begin == npos) return out_of_range(call, first);
  auto rest = text.substr(begin);
  auto size = byte_offset(rest, static_cast<std::uint64_t>(last - first));
  return size == npos ? out_of_range(call, last) : Value::string(rest.substr(0, size));
}

// --- Changes ---

template <char (*change)(char)>
Value each_byte(Call& call, Arguments arguments) {
  auto text = text_of(arguments, 0);
  auto* memory = call.arena().array<char>(text.size());
  if (memory == nullptr) return call.out_of_memory();
  std::transform(text.begin(), text.end(), memory, change);
  return Value::string({memory, text.size()});
}
char lower_letter(char c) { return to_lower(c); }
char upper_letter(char c) { return is_lower(c) ? static_cast<char>(c - 32) : c; }

Value reverse(Call& call, Arguments arguments) {
  auto text = text_of(arguments, 0);
  auto* memory = call.arena().array<char>(text.size());
  if (memory == nullptr) return call.out_of_memory();
  auto* out = memory + text.size();
  for (std::size_t at = 0; at < text.size();) {
    auto size = code_point_size(text, at);
    out -= size;
    text.copy(out, size, at);
    at += size;
  }
  return Value::string({memory, text.size()});
}

// White space of Unicode, as Go has it.
bool is_white_space(std::string_view code_point) {
  if (code_point.size() == 1) return is_space(code_point[0]);
  if (code_point == "\xC2\x85" || code_point == "\xC2\xA0") return true;
  constexpr std::string_view three_bytes[] = {
      "\xE1\x9A\x80", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80",
  };
  if (std::ranges::find(three_bytes, code_point) != std::end(three_bytes)) return true;
  // U+2000 to U+200A
  return code_point.size() == 3 && code_point.starts_with("\xE2\x80") &&
         static_cast<unsigned char>(code_point[2]) <= 0x8A;
}

Value trim(Call&, Arguments arguments) {
  auto text = text_of(arguments, 0);
  while (!text.empty()) {
    auto size = code_point_size(text, 0);
    if (!is_white_space(text.substr(0, size))) break;
    text.remove_prefix(size);
  }
  while (!text.empty()) {
    auto begin = text.size() - 1;
    while (begin > 0 && !begins_code_point(text[begin])) --begin;
    if (!is_white_space(text.substr(begin))) break;
    text.remove_suffix(text.size() - begin);
  }
  return Value::string(text);
}

// A limit as Go has it: below zero there is none.
std::size_t limit_of(const Value& count) { return count.as_integer() < 0 ? all : count.as_unsigned(); }

// An empty text stands in front of each code point and at the end.
Value insert_everywhere(Call& call, std::string_view text, std::string_view inserted, std::size_t limit) {
  TextBuilder out(call);
  std::size_t at = 0;
  for (; limit > 0 && !out.failed(); --limit) {
    out.add(inserted);
    if (at == text.size()) return out.finish();
    auto size = code_point_size(text, at);
    out.add(text.substr(at, size));
    at += size;
  }
  out.add(text.substr(at));
  return out.finish();
}

Value replace_up_to(Call& call, Arguments arguments, std::size_t limit) {
  auto text = text_of(arguments, 0), wanted = text_of(arguments, 1), replacement = text_of(arguments, 2);
  if (wanted.empty()) return insert_everywhere(call, text, replacement, limit);
  auto found = limit > 0 ? find_text(text, wanted) : npos;
  if (found == npos) return arguments[0];
  TextBuilder out(call);
  std::size_t at = 0;
  for (; found != npos && limit > 0 && !out.failed(); --limit) {
    out.add(text.substr(at, found - at));
    out.add(replacement);
    at = found + wanted.size();
    found = find_text(text, wanted, at);
  }
  out.add(text.substr(at));
  return out.finish();
}
Value replace_all_of(Call& call, Arguments arguments) { return replace_up_to(call, arguments, all); }
Value replace_some(Call& call, Arguments arguments) { return replace_up_to(call, arguments, limit_of(arguments[3])); }

// --- Lists of texts ---

Value split_characters(Call& call, std::string_view text, std::size_t limit) {
  ListBuilder parts(call);
  while (!text.empty() && !parts.failed()) {
    auto size = parts.size() + 1 == limit ? text.size() : code_point_size(text, 0);
    parts.add(Value::string(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return parts.finish();
}

Value split_up_to(Call& call, Arguments arguments, std::size_t limit) {
  auto text = text_of(arguments, 0), separator = text_of(arguments, 1);
  if (limit == 0) return Value::list(nullptr, 0);
  if (separator.empty()) return split_characters(call, text, limit);
  ListBuilder parts(call);
  std::size_t at = 0;
  while (parts.size() + 1 < limit && !parts.failed()) {
    auto found = find_text(text, separator, at);
    if (found == npos) break;
    parts.add(Value::string(text.substr(at, found - at)));
    at = found + separator.size();
  }
  parts.add(Value::string(text.substr(at)));
  return parts.finish();
}
Value split_all(Call& call, Arguments arguments) { return split_up_to(call, arguments, all); }
Value split_some(Call& call, Arguments arguments) { return split_up_to(call, arguments, limit_of(arguments[2])); }

Value join_with(Call& call, const Value& list, std::string_view separator) {
  TextBuilder out(call);
  for (std::size_t i = 0; i < list.size() && !out.failed(); ++i) {
    if (i > 0) out.add(separator);
    auto item = list.item(i);
    if (!item.is(Kind::string)) return call.fail(ErrorCode::bad_argument, "join: invalid input: " + text(item));
    out.add(item.as_text());
  }
  return out.finish();
}
Value join(Call& call, Arguments arguments) { return join_with(call, arguments[0], ""); }
Value join_separated(Call& call, Arguments arguments) { return join_with(call, arguments[0], text_of(arguments, 1)); }

std::uint64_t join_cost(Arguments, const Value& result) {
  return static_cast<std::uint64_t>(std::ceil(static_cast<double>(cost::size(result)) * 2 * cost::of_character));
}

// --- Quotes ---

// The letter behind the backslash; 0 for a character that stands for itself.
char escape_letter(char c) {
  switch (c) {
    case '\a':
      return 'a';
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    case '\v':
      return 'v';
    case '\\':
    case '"':
      return c;
    default:
      return 0;
  }
}

Value quote(Call& call, Arguments arguments) {
  auto text = text_of(arguments, 0);
  TextBuilder out(call);
  out.add('"');
  while (!text.empty() && !out.failed()) {
    auto plain = text.find_first_of("\a\b\f\n\r\t\v\\\"");
    auto valid = utf8_prefix(text);
    auto size = std::min({plain, valid, text.size()});
    out.add(text.substr(0, size));
    text.remove_prefix(size);
    if (text.empty()) break;
    if (auto letter = escape_letter(text.front())) {
      out.add('\\');
      out.add(letter);
    } else {
      out.add("\xEF\xBF\xBD");  // what is no UTF-8
    }
    text.remove_prefix(1);
  }
  out.add('"');
  return out.finish();
}

constexpr Declaration version_0[] = {
    {"string_char_at_int", "<string>.charAt(int) -> string", char_at},
    {"string_index_of_string", "<string>.indexOf(string) -> int", index_of, cost::traverse_first},
    {"string_index_of_string_int", "<string>.indexOf(string, int) -> int", index_from<BehindEnd::nothing>,
     cost::traverse_first},
    {"string_last_index_of_string", "<string>.lastIndexOf(string) -> int", last_index_of, cost::traverse_first},
    {"string_last_index_of_string_int", "<string>.lastIndexOf(string, int) -> int", last_index_from<BehindEnd::nothing>,
     cost::traverse_first},
    {"string_lower_ascii", "<string>.lowerAscii() -> string", each_byte<lower_letter>, cost::scan_first},
    {"string_upper_ascii", "<string>.upperAscii() -> string", each_byte<upper_letter>, cost::scan_first},
    {"string_replace_string_string", "<string>.replace(string, string) -> string", replace_all_of,
     cost::scan_first_twice},
    {"string_replace_string_string_int", "<string>.replace(string, string, int) -> string", replace_some,
     cost::scan_first_twice},
    {"string_split_string", "<string>.split(string) -> list(string)", split_all, cost::scan_first_twice},
    {"string_split_string_int", "<string>.split(string, int) -> list(string)", split_some, cost::scan_first_twice},
    {"string_substring_int", "<string>.substring(int) -> string", substring_from, cost::scan_first},
    {"string_substring_int_int", "<string>.substring(int, int) -> string", substring, cost::scan_first},
    {"string_trim", "<string>.trim() -> string", trim, cost::scan_first},
    {"list_join", "<list(string)>.join() -> string", join, join_cost},
    {"list_join_string", "<list(string)>.join(string) -> string", join_separated, join_cost},
};
constexpr Declaration strict_offsets[] = {
    {"string_index_of_string_int", "<string>.indexOf(string, int) -> int", index_from<BehindEnd::error>,
     cost::traverse_first},
    {"string_last_index_of_string_int", "<string>.lastIndexOf(string, int) -> int", last_index_from<BehindEnd::error>,
     cost::traverse_first},
};
constexpr Declaration quoting[] = {
    {"strings_quote", "strings.quote(string) -> string", quote, cost::scan_first},
};
constexpr Declaration localized_formatting[] = {
    {"string_format", "<string>.format(list(dyn)) -> string", format_localized, cost::scan_first},
};
constexpr Declaration plain_formatting[] = {
    {"string_format", "<string>.format(list(dyn)) -> string", format_plain, cost::scan_first},
};
constexpr Declaration reversing[] = {
    {"string_reverse", "<string>.reverse() -> string", reverse},
};

}  // namespace

}  // namespace library

void add_strings(Environment& environment, unsigned version) {
  using namespace library;
  declare(environment, version_0);
  if (version >= 1) {
    declare(environment, quoting);
    declare(environment, version >= 4 ? plain_formatting : localized_formatting);
  }
  if (version >= 3) declare(environment, reversing);
  if (version >= 4) declare(environment, strict_offsets);
}

}  // namespace seawall::cel
