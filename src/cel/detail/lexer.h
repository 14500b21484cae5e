// Tokens of an expression. Private to the parser.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace seawall::cel::detail {

enum class TokenKind : unsigned char {
  end,
  bad,  // see TokenList::complaint
  identifier,
  escaped_identifier,  // `content-type`, backticks included
  integer,
  unsigned_integer,
  floating,
  string,
  bytes,
  keyword_true,
  keyword_false,
  keyword_null,
  keyword_in,
  equals,
  not_equals,
  less,
  less_equals,
  greater,
  greater_equals,
  logical_and,
  logical_or,
  plus,
  minus,
  star,
  slash,
  percent,
  exclamation,
  question,
  colon,
  comma,
  dot,
  open_parenthesis,
  close_parenthesis,
  open_bracket,
  close_bracket,
  open_brace,
  close_brace,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::uint32_t place = 0, size = 0;
};

struct TokenList {
  std::vector<Token> tokens;   // the last one is `end` or `bad`
  std::string_view complaint;  // what is wrong with a bad token
};

// The source is UTF-8, below 4 GiB; texts and comments may hold NUL. Literals are only delimited here: see literals.h.
TokenList tokenize(std::string_view source);

// Letters, digits and '_', not starting with a digit: what can stand as a name without backticks, were it no keyword.
bool is_name(std::string_view) noexcept;
// true, false, null, in: never a name, not even of a field.
bool is_keyword(std::string_view) noexcept;
// Words that the language keeps for itself: no names of variables and functions, but fine as names of fields.
bool is_reserved(std::string_view) noexcept;

}  // namespace seawall::cel::detail
