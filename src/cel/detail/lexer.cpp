#include "cel/detail/lexer.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace seawall::cel::detail {
namespace {

constexpr bool starts_name(char c) noexcept { return is_alpha(c) || c == '_'; }
constexpr bool continues_name(char c) noexcept { return is_alnum(c) || c == '_'; }
constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
constexpr bool is_hex_digit(char c) noexcept { return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f'); }
constexpr bool fits_backticks(char c) noexcept {
  return continues_name(c) || c == '.' || c == '-' || c == '/' || c == ' ';
}

struct Keyword {
  std::string_view word;
  TokenKind kind;
};
constexpr Keyword keywords[] = {{"true", TokenKind::keyword_true},
                                {"false", TokenKind::keyword_false},
                                {"null", TokenKind::keyword_null},
                                {"in", TokenKind::keyword_in}};

struct Sign {
  std::string_view text;
  TokenKind kind;
};
constexpr Sign long_signs[] = {{"==", TokenKind::equals},      {"!=", TokenKind::not_equals},
                               {"<=", TokenKind::less_equals}, {">=", TokenKind::greater_equals},
                               {"&&", TokenKind::logical_and}, {"||", TokenKind::logical_or}};
constexpr Sign short_signs[] = {{"<", TokenKind::less},
                                {">", TokenKind::greater},
                                {"+", TokenKind::plus},
                                {"-", TokenKind::minus},
                                {"*", TokenKind::star},
                                {"/", TokenKind::slash},
                                {"%", TokenKind::percent},
                                {"!", TokenKind::exclamation},
                                {"?", TokenKind::question},
                                {":", TokenKind::colon},
                                {",", TokenKind::comma},
                                {".", TokenKind::dot},
                                {"(", TokenKind::open_parenthesis},
                                {")", TokenKind::close_parenthesis},
                                {"[", TokenKind::open_bracket},
                                {"]", TokenKind::close_bracket},
                                {"{", TokenKind::open_brace},
                                {"}", TokenKind::close_brace}};

// Kind of the sign that a character is on its own; `bad` for all others.
constexpr auto sign_of = [] {
  std::array<TokenKind, 256> kinds{};
  kinds.fill(TokenKind::bad);
  for (const auto& sign : short_signs) kinds[static_cast<unsigned char>(sign.text[0])] = sign.kind;
  return kinds;
}();

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) { list_.tokens.reserve(source.size() / 3 + 8); }

  TokenList run() && {
    std::size_t end_of_last = 0;
    while (true) {
      skip_blanks();
      if (at_ == source_.size()) break;
      begin_ = at_;
      auto kind = next();
      if (kind == TokenKind::bad) at_ = std::max(at_, begin_ + 1);
      push(kind, begin_, at_ - begin_);
      if (kind == TokenKind::bad) return std::move(list_);
      end_of_last = at_;
    }
    // Blanks and comments at the end are no place to look for what is missing.
    push(TokenKind::end, end_of_last, 0);
    return std::move(list_);
  }

 private:
  void push(TokenKind kind, std::size_t place, std::size_t size) {
    list_.tokens.push_back({kind, static_cast<std::uint32_t>(place), static_cast<std::uint32_t>(size)});
  }
  TokenKind bad(std::string_view complaint) {
    list_.complaint = complaint;
    return TokenKind::bad;
  }
  char peek(std::size_t ahead = 0) const noexcept { return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0'; }
  std::string_view rest() const noexcept { return source_.substr(at_); }
  template <class Predicate>
  void skip(Predicate belongs) {
    while (at_ < source_.size() && belongs(source_[at_])) ++at_;
  }

  void skip_blanks() {
    while (true) {
      skip(is_blank);
      if (!rest().starts_with("//")) return;
      skip([](char c) { return c != '\n'; });
    }
  }

  TokenKind next() {
    char c = peek();
    if (starts_name(c)) return starts_text() ? text() : name();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (c == '"' || c == '\'') return text();
    if (c == '`') return escaped_name();
    return sign();
  }

  TokenKind name() {
    skip(continues_name);
    auto word = source_.substr(begin_, at_ - begin_);
    for (const auto& keyword : keywords) {
      if (word == keyword.word) return keyword.kind;
    }
    return TokenKind::identifier;
  }

  TokenKind escaped_name() {
    ++at_;
    skip(fits_backticks);
    if (peek() != '`')
      return bad("a name in backticks is made of letters, digits, '_', '.', '-', '/' and spaces, and ends in '`'");
    ++at_;
    if (at_ - begin_ == 2) return bad("there is no name between the backticks");
    return TokenKind::escaped_identifier;
  }

  TokenKind number() {
    if (peek() == '0' && peek(1) == 'x' && is_hex_digit(peek(2))) {
      at_ += 2;
      skip(is_hex_digit);
      return integer();
    }
    skip(is_digit);
    bool floating = false;
    if (peek() == '.' && is_digit(peek(1))) {
      floating = true;
      ++at_;
      skip(is_digit);
    }
    if (exponent()) floating = true;
    return floating ? TokenKind::floating : integer();
  }

  bool exponent() {
    if (to_lower(peek()) != 'e') return false;
    std::size_t digits = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
    if (!is_digit(peek(digits))) return false;
    at_ += digits;
    skip(is_digit);
    return true;
  }

  TokenKind integer() {
    if (to_lower(peek()) != 'u') return TokenKind::integer;
    ++at_;
    return TokenKind::unsigned_integer;
  }

  // r"", b"", br"" and the same in capitals.
  bool starts_text() const noexcept {
    std::size_t prefix = 0;
    if (to_lower(peek(prefix)) == 'b') ++prefix;
    if (to_lower(peek(prefix)) == 'r') ++prefix;
    return prefix > 0 && (peek(prefix) == '"' || peek(prefix) == '\'');
  }

  TokenKind text() {
    bool bytes = to_lower(peek()) == 'b';
    if (bytes) ++at_;
    bool raw = to_lower(peek()) == 'r';
    if (raw) ++at_;
    bool triple = peek(1) == peek() && peek(2) == peek();
    auto quotes = source_.substr(at_, triple ? 3 : 1);
    at_ += quotes.size();
    if (!skip_to_end_of_text(quotes, raw)) {
      at_ = begin_ + 1;
      return bad(triple ? "the text that begins here is never closed"
                        : "the text that begins here is not closed on its line");
    }
    return bytes ? TokenKind::bytes : TokenKind::string;
  }

  bool skip_to_end_of_text(std::string_view quotes, bool raw) {
    while (at_ < source_.size()) {
      char c = source_[at_];
      if (c == quotes[0] && rest().starts_with(quotes)) {
        at_ += quotes.size();
        return true;
      }
      if (quotes.size() == 1 && (c == '\n' || c == '\r')) return false;
      // What follows a backslash is no quote; a line's end is still one.
      if (c == '\\' && !raw && peek(1) != '\n' && peek(1) != '\r') ++at_;
      ++at_;
    }
    at_ = source_.size();
    return false;
  }

  TokenKind sign() {
    for (const auto& sign : long_signs) {
      if (!rest().starts_with(sign.text)) continue;
      at_ += sign.text.size();
      return sign.kind;
    }
    auto kind = sign_of[static_cast<unsigned char>(peek())];
    if (kind == TokenKind::bad) return bad(complaint_about(peek()));
    ++at_;
    return kind;
  }

  static std::string_view complaint_about(char c) noexcept {
    switch (c) {
      case '=':
        return "unexpected '=': equality is written '=='";
      case '&':
        return "unexpected '&': logical and is written '&&'";
      case '|':
        return "unexpected '|': logical or is written '||'";
      case '\0':
        return "a NUL byte outside of texts and comments";
      default:
        return "a character that is no part of the language outside of texts and comments";
    }
  }

  std::string_view source_;
  std::size_t at_ = 0, begin_ = 0;
  TokenList list_;
};

}  // namespace

TokenList tokenize(std::string_view source) { return Lexer(source).run(); }

bool is_name(std::string_view text) noexcept {
  return !text.empty() && starts_name(text[0]) && std::ranges::all_of(text, continues_name);
}

bool is_keyword(std::string_view word) noexcept {
  return std::ranges::any_of(keywords, [&](const Keyword& keyword) { return keyword.word == word; });
}

bool is_reserved(std::string_view word) noexcept {
  constexpr std::string_view reserved[] = {"as",        "break",  "const",  "continue", "else", "for",
                                           "function",  "if",     "import", "let",      "loop", "package",
                                           "namespace", "return", "var",    "void",     "while"};
  return std::ranges::find(reserved, word) != std::end(reserved);
}

}  // namespace seawall::cel::detail
