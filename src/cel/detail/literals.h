// From the text of a literal to its value. Private to the parser.
#pragma once

#include <expected>
#include <string_view>

#include "cel/arena.h"
#include "cel/detail/lexer.h"
#include "cel/value.h"

namespace seawall::cel::detail {

struct Mistake {
  std::size_t offset = 0;  // in the literal
  std::string_view what;
};

enum class Negative : bool { no, yes };

// A token of kind integer, unsigned_integer or floating; `negative` where a minus belongs to the literal, without
// which -9223372036854775808 could not be written.
std::expected<Value, Mistake> read_number(const Token&, std::string_view text, Negative);

// A token of kind string or bytes. The value points into `text` where it is the same there, else into the arena.
std::expected<Value, Mistake> read_text(const Token&, std::string_view text, Arena&);

}  // namespace seawall::cel::detail
