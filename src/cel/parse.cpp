#include "cel/parse.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "cel/detail/lexer.h"
#include "cel/detail/literals.h"
#include "cel/detail/macros.h"
#include "cel/detail/operators.h"

namespace seawall::cel {
namespace {

using detail::Level;
using detail::Token;
using detail::TokenKind;

// Within these the arena of an Ast always suffices, whatever the options say.
constexpr std::size_t most_bytes = std::size_t{16} << 20;
constexpr std::uint32_t most_nodes = 500'000;
// A level of nesting takes 1.5 KiB of stack, with AddressSanitizer 9.
constexpr unsigned most_depth = 500;

// Which elements of one aggregate are optional.
class OptionalMarks {
 public:
  void mark(std::size_t element) {
    words_.resize(std::max(words_.size(), element / 64 + 1));
    words_[element / 64] |= std::uint64_t{1} << (element % 64);
  }
  std::span<const std::uint64_t> words() const noexcept { return words_; }

 private:
  std::vector<std::uint64_t> words_;
};

// Recursive descent: one function a rule of the grammar, the rule above it. Nodes of unfinished lists wait in
// `pending_`, so that no rule needs a list of its own.
class Parser {
 public:
  Parser(std::string_view source, const ParseOptions& options)
      : options_(options), builder_(source), list_(detail::tokenize(builder_.source())) {}

  Result<Ast> run() && {
    const auto* root = SW_TRY(expression());
    if (!at(TokenKind::end)) return unexpected("an operator or the end of the expression");
    return std::move(builder_).finish(*root);
  }

 private:
  using Parsed = Result<Node*>;

  // Expr = Or ["?" Or ":" Expr]
  Parsed expression() {
    if (depth_ == options_.depth) return exhausted("the expression is nested too deeply");
    ++depth_;
    auto* made = SW_TRY(conditional());
    --depth_;
    return made;
  }

  Parsed conditional() {
    auto* condition = SW_TRY(disjunction());
    if (!at(TokenKind::question)) return condition;
    auto place = advance().place;
    auto* chosen = SW_TRY(disjunction());
    SW_TRY(expect(TokenKind::colon, "':' and the other value of '?'"));
    auto* otherwise = SW_TRY(expression());
    return call(op::conditional, place, {condition, chosen, otherwise});
  }

  // Or = And {"||" And}
  Parsed disjunction() {
    return chain(TokenKind::logical_or, op::logical_or, [this] { return conjunction(); });
  }

  // And = Relation {"&&" Relation}
  Parsed conjunction() {
    return chain(TokenKind::logical_and, op::logical_and, [this] { return binary(Level::relations); });
  }

  // Long chains become balanced trees: the order of evaluation is the same, the height is not.
  template <class Term>
  Parsed chain(TokenKind sign, std::string_view function, Term term) {
    auto* first = SW_TRY(term());
    if (!at(sign)) return first;
    auto terms = pending_.size(), places = places_.size();
    pending_.push_back(first);
    while (at(sign)) {
      places_.push_back(advance().place);
      pending_.push_back(SW_TRY(term()));
    }
    auto* made = balanced(function, since(terms), std::span(places_).subspan(places));
    pending_.resize(terms);
    places_.resize(places);
    return checked(*made);
  }

  Node* balanced(std::string_view function, std::span<Node* const> terms, std::span<const std::uint32_t> places) {
    if (places.empty()) return terms[0];
    auto middle = places.size() / 2;
    Node* sides[] = {balanced(function, terms.first(middle + 1), places.first(middle)),
                     balanced(function, terms.subspan(middle + 1), places.subspan(middle + 1))};
    return &builder_.call(function, places[middle], sides);
  }

  // Relation = Sum {("<" | "in" ...) Sum}, Sum = Product {("+" | "-") Product}, Product = Unary {("*" | "/" | "%")
  // Unary}
  Parsed binary(Level weakest) {
    auto* left = SW_TRY(unary());
    while (true) {
      const auto* infix = detail::find_infix(token().kind);
      if (infix == nullptr || infix->level < weakest) return left;
      auto place = advance().place;
      auto* right = SW_TRY(binary(above(infix->level)));
      left = SW_TRY(call(infix->function, place, {left, right}));
    }
  }

  // Unary = Member | "!" {"!"} Member | "-" {"-"} Member; two of a kind cancel out.
  Parsed unary() {
    if (at(TokenKind::exclamation)) return prefixed(TokenKind::exclamation, op::logical_not);
    if (at(TokenKind::minus) && !at_signed_number()) return prefixed(TokenKind::minus, op::negate);
    return member();
  }

  Parsed prefixed(TokenKind sign, std::string_view function) {
    auto place = token().place;
    bool odd = false;
    while (skip(sign)) odd = !odd;
    auto* operand = SW_TRY(member());
    return odd ? call(function, place, {operand}) : operand;
  }

  // Member = Primary {"." ["?"] Selector | "." Selector "(" [Exprs] ")" | "[" ["?"] Expr "]"}
  Parsed member() {
    auto* made = SW_TRY(primary());
    while (true) {
      if (at(TokenKind::dot)) {
        made = SW_TRY(selection(made));
      } else if (at(TokenKind::open_bracket)) {
        made = SW_TRY(index(made));
      } else {
        return made;
      }
    }
  }

  Parsed selection(Node* target) {
    advance();
    bool optional = SW_TRY(optional_mark());
    const auto& name = token();
    auto field = SW_TRY(field_name());
    if (optional) {
      auto& literal = builder_.node(NodeKind::literal, name.place);
      literal.constant = Value::string(field);
      return call(op::optional_select, name.place, {target, &literal});
    }
    if (at(TokenKind::open_parenthesis) && name.kind == TokenKind::identifier) return method(target, name);
    auto& made = builder_.node(NodeKind::select, name.place, {{target}});
    made.text = field;
    return checked(made);
  }

  Parsed method(Node* target, const Token& name) {
    auto begin = pending_.size();
    pending_.push_back(target);
    SW_TRY(arguments());
    auto children = since(begin);
    auto* made = SW_TRY(detail::expand_macro(
        builder_, {.name = text(name), .place = name.place, .target = target, .arguments = children.subspan(1)},
        options_));
    if (made == nullptr) {
      made = &builder_.node(NodeKind::method, name.place, children);
      made->text = text(name);
    }
    pending_.resize(begin);
    return checked(*made);
  }

  Parsed index(Node* target) {
    auto place = advance().place;
    bool optional = SW_TRY(optional_mark());
    auto* key = SW_TRY(expression());
    SW_TRY(expect(TokenKind::close_bracket, "']'"));
    return call(optional ? op::optional_index : op::index, place, {target, key});
  }

  Parsed primary() {
    switch (token().kind) {
      case TokenKind::identifier:
      case TokenKind::dot:
        return name();
      case TokenKind::open_parenthesis:
        return parenthesised();
      case TokenKind::open_bracket:
        return list();
      case TokenKind::open_brace:
        return map();
      case TokenKind::minus:
        if (at_signed_number()) return number();
        return unexpected("a value");
      case TokenKind::integer:
      case TokenKind::unsigned_integer:
      case TokenKind::floating:
        return number();
      case TokenKind::string:
      case TokenKind::bytes:
        return text_literal();
      case TokenKind::keyword_true:
        return literal(advance(), Value::boolean(true));
      case TokenKind::keyword_false:
        return literal(advance(), Value::boolean(false));
      case TokenKind::keyword_null:
        return literal(advance(), Value());
      default:
        return unexpected("a value");
    }
  }

  Parsed parenthesised() {
    advance();
    auto* made = SW_TRY(expression());
    SW_TRY(expect(TokenKind::close_parenthesis, "')' or an operator"));
    return made;
  }

  // ["."] IDENT ["(" [Exprs] ")"], or the name of a record: ["."] IDENT {"." IDENT} "{" ...
  Parsed name() {
    auto begin = next_;
    if (at(TokenKind::dot)) advance();
    if (!at(TokenKind::identifier)) return unexpected("a name after '.'");
    auto end = end_of_dotted_name();
    if (list_.tokens[end].kind == TokenKind::open_brace) return record(begin, end);
    const auto& word = advance();
    if (detail::is_reserved(text(word))) {
      return wrong(word.place,
                   "'" + std::string(text(word)) + "' is a reserved word: it names no variable or function");
    }
    auto full = spelled(begin, next_);
    if (at(TokenKind::open_parenthesis)) return function(full, word.place);
    auto& made = builder_.node(NodeKind::identifier, word.place);
    made.text = full;
    return checked(made);
  }

  Parsed function(std::string_view name, std::size_t place) {
    auto begin = pending_.size();
    SW_TRY(arguments());
    auto children = since(begin);
    auto* made =
        SW_TRY(detail::expand_macro(builder_, {.name = name, .place = place, .arguments = children}, options_));
    if (made == nullptr) made = &builder_.call(name, place, children);
    pending_.resize(begin);
    return checked(*made);
  }

  // "(" [Expr {"," Expr}] ")"
  Result<> arguments() {
    advance();
    if (skip(TokenKind::close_parenthesis)) return {};
    while (true) {
      pending_.push_back(SW_TRY(expression()));
      if (skip(TokenKind::close_parenthesis)) return {};
      SW_TRY(expect(TokenKind::comma, "',' or ')' after an argument"));
    }
  }

  // "[" [["?"] Expr {"," ["?"] Expr}] [","] "]"
  Parsed list() {
    auto place = advance().place;
    auto begin = pending_.size();
    OptionalMarks marks;
    SW_TRY(elements(TokenKind::close_bracket, "',' or ']' after an element", [&](std::size_t element) -> Result<> {
      if (SW_TRY(optional_mark())) marks.mark(element);
      pending_.push_back(SW_TRY(expression()));
      return {};
    }));
    return aggregate(builder_.node(NodeKind::list, place, since(begin)), begin, marks);
  }

  // "{" [["?"] Expr ":" Expr {"," ...}] [","] "}"
  Parsed map() {
    auto place = advance().place;
    auto begin = pending_.size();
    OptionalMarks marks;
    SW_TRY(elements(TokenKind::close_brace, "',' or '}' after an entry", [&](std::size_t entry) -> Result<> {
      if (SW_TRY(optional_mark())) marks.mark(entry);
      pending_.push_back(SW_TRY(expression()));
      SW_TRY(expect(TokenKind::colon, "':' and the value of the key"));
      pending_.push_back(SW_TRY(expression()));
      return {};
    }));
    return aggregate(builder_.node(NodeKind::map, place, since(begin)), begin, marks);
  }

  // "{" [["?"] Selector ":" Expr {"," ...}] [","] "}" after a name
  Parsed record(std::size_t name_begin, std::size_t name_end) {
    auto place = list_.tokens[name_begin].place;
    auto name = spelled(name_begin, name_end);
    next_ = name_end + 1;
    auto begin = pending_.size(), first_name = names_.size();
    OptionalMarks marks;
    SW_TRY(elements(TokenKind::close_brace, "',' or '}' after a field", [&](std::size_t field) -> Result<> {
      if (SW_TRY(optional_mark())) marks.mark(field);
      names_.push_back(SW_TRY(field_name()));
      SW_TRY(expect(TokenKind::colon, "':' and the value of the field"));
      pending_.push_back(SW_TRY(expression()));
      return {};
    }));
    auto& made = builder_.node(NodeKind::record, place, since(begin));
    made.text = name;
    made.texts = builder_.keep(std::span<const std::string_view>(names_).subspan(first_name));
    names_.resize(first_name);
    return aggregate(made, begin, marks);
  }

  // What stands between brackets: elements, commas between them, perhaps one at the end.
  template <class Element>
  Result<> elements(TokenKind close, std::string_view expected, Element element) {
    for (std::size_t count = 0; !skip(close); ++count) {
      // A lone comma is an empty list's.
      if (count == 0 && at(TokenKind::comma) && list_.tokens[next_ + 1].kind == close) {
        advance();
        continue;
      }
      SW_TRY(element(count));
      if (!at(close)) SW_TRY(expect(TokenKind::comma, expected));
    }
    return {};
  }

  Parsed aggregate(Node& made, std::size_t begin, const OptionalMarks& marks) {
    pending_.resize(begin);
    made.optional_elements = builder_.keep(marks.words());
    return checked(made);
  }

  Parsed number() {
    auto place = token().place;
    auto negative = skip(TokenKind::minus) ? detail::Negative::yes : detail::Negative::no;
    const auto& digits = advance();
    auto value = detail::read_number(digits, text(digits), negative);
    if (!value) return wrong(place + value.error().offset, value.error().what);
    return literal({.place = place}, *value);
  }

  Parsed text_literal() {
    const auto& written = advance();
    auto value = detail::read_text(written, text(written), builder_.arena());
    if (!value) return wrong(written.place + value.error().offset, value.error().what);
    return literal(written, *value);
  }

  Parsed literal(const Token& written, const Value& value) {
    auto& made = builder_.node(NodeKind::literal, written.place);
    made.constant = value;
    return checked(made);
  }

  // "?" where it marks what follows as optional.
  Result<bool> optional_mark() {
    if (!at(TokenKind::question)) return false;
    if (!options_.optional_syntax) return wrong(token().place, "optional syntax ('?') is not available here");
    advance();
    return true;
  }

  // Reserved words are fine as names of fields, keywords only in backticks.
  Result<std::string_view> field_name() {
    if (at(TokenKind::identifier)) return text(advance());
    if (!at(TokenKind::escaped_identifier)) return unexpected("the name of a field");
    auto name = text(advance());
    return name.substr(1, name.size() - 2);
  }

  // Index of the token after IDENT {"." IDENT}, starting here.
  std::size_t end_of_dotted_name() const noexcept {
    auto end = next_ + 1;
    while (list_.tokens[end].kind == TokenKind::dot && list_.tokens[end + 1].kind == TokenKind::identifier) end += 2;
    return end;
  }

  // Tokens as one text, without the blanks and comments that may stand between them.
  std::string_view spelled(std::size_t begin, std::size_t end) {
    const auto& tokens = list_.tokens;
    auto place = tokens[begin].place;
    std::size_t size = 0;
    for (auto at = begin; at < end; ++at) size += tokens[at].size;
    if (tokens[end - 1].place + tokens[end - 1].size - place == size) return builder_.source().substr(place, size);
    std::string joined;
    for (auto at = begin; at < end; ++at) joined += text(tokens[at]);
    return builder_.keep(joined);
  }

  Parsed call(std::string_view function, std::size_t place, std::initializer_list<Node*> arguments) {
    return checked(builder_.call(function, place, {arguments.begin(), arguments.size()}));
  }

  // Every node passes here after its children: the place where limits are kept.
  Parsed checked(Node& made) {
    if (made.height > 2 * options_.depth) return exhausted("the expression is nested too deeply");
    if (builder_.count() > options_.nodes) return exhausted("the expression has too many parts");
    return &made;
  }

  std::span<Node* const> since(std::size_t begin) const noexcept { return std::span(pending_).subspan(begin); }

  const Token& token() const noexcept { return list_.tokens[next_]; }
  std::string_view text(const Token& token) const noexcept { return builder_.source().substr(token.place, token.size); }
  bool at(TokenKind kind) const noexcept { return token().kind == kind; }
  bool at_signed_number() const noexcept {
    if (!at(TokenKind::minus)) return false;
    auto after = list_.tokens[next_ + 1].kind;
    return after == TokenKind::integer || after == TokenKind::floating;
  }
  // Never past the last token, which nothing accepts.
  const Token& advance() noexcept { return list_.tokens[next_++]; }
  bool skip(TokenKind kind) noexcept {
    if (!at(kind)) return false;
    ++next_;
    return true;
  }
  Result<> expect(TokenKind kind, std::string_view expected) {
    if (!skip(kind)) return unexpected(expected);
    return {};
  }

  std::unexpected<Error> unexpected(std::string_view expected) const {
    const auto& found = token();
    if (found.kind == TokenKind::bad) return wrong(found.place, list_.complaint);
    constexpr std::size_t longest_shown = 40;
    auto shown = text(found);
    auto what = found.kind == TokenKind::end   ? std::string("end of the expression")
                : shown.size() > longest_shown ? "'" + to_utf8(shown.substr(0, longest_shown)) + "...'"
                                               : "'" + std::string(shown) + "'";
    return wrong(found.place, "unexpected " + what + ": expected " + std::string(expected));
  }
  std::unexpected<Error> wrong(std::size_t place, std::string_view message) const {
    return fail(Code::invalid, with_place(builder_.source(), place, message));
  }
  std::unexpected<Error> exhausted(std::string_view message) const {
    return fail(Code::exhausted, with_place(builder_.source(), token().place, message));
  }

  const ParseOptions& options_;
  AstBuilder builder_;
  detail::TokenList list_;
  std::size_t next_ = 0;
  unsigned depth_ = 0;
  std::vector<Node*> pending_;
  std::vector<std::string_view> names_;
  std::vector<std::uint32_t> places_;  // of the operators of unfinished chains
};

Result<> check_bytes(std::string_view source, std::size_t limit) {
  if (source.size() > limit) {
    return fail(Code::exhausted, "the expression has " + std::to_string(source.size()) + " bytes, more than the " +
                                     std::to_string(limit) + " allowed");
  }
  if (auto good = utf8_prefix(source); good != source.size()) {
    return fail(Code::invalid, with_place(source, good, "the expression is not valid UTF-8 from here on"));
  }
  return {};
}

}  // namespace

Result<Ast> parse(std::string_view source, const ParseOptions& options) {
  auto limits = options;
  limits.bytes = std::min(limits.bytes, most_bytes);
  limits.nodes = std::min(limits.nodes, most_nodes);
  limits.depth = std::min(limits.depth, most_depth);
  SW_TRY(check_bytes(source, limits.bytes));
  return Parser(source, limits).run();
}

}  // namespace seawall::cel
