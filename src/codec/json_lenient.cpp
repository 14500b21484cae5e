#include "base/text.h"
#include "codec/detail/builder.h"
#include "codec/json.h"

namespace seawall::codec {
namespace {

// Makes strict JSON of lenient JSON by writing blanks over comments and trailing commas: places in errors stay true.
class Blanker {
 public:
  explicit Blanker(std::string_view input) : text_(input) {}

  Result<std::string> run() {
    while (at_ < text_.size()) {
      char c = text_[at_];
      if (c == '"')
        skip_string();
      else if (text_.compare(at_, 2, "//") == 0)
        blank_until(text_.find('\n', at_));
      else if (text_.compare(at_, 2, "/*") == 0)
        SW_TRY(blank_block());
      else
        take(c);
    }
    return std::move(text_);
  }

 private:
  void skip_string() {
    previous_ = '"';
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
      if (text_[at_] == '\\') ++at_;
    ++at_;
  }

  void blank_until(std::size_t end) {
    for (; at_ < std::min(end, text_.size()); ++at_)
      if (text_[at_] != '\n') text_[at_] = ' ';
  }

  Result<> blank_block() {
    auto end = text_.find("*/", at_ + 2);
    if (end == std::string::npos) return fail(Code::invalid, detail::place_of(text_, at_) + ": comment without end");
    blank_until(end + 2);
    return {};
  }

  // A comma is a trailing one where a value stands before it and a closing bracket behind it.
  void take(char c) {
    auto here = at_++;
    if (is_space(c)) return;
    bool closes = c == ']' || c == '}';
    if (closes && previous_ == ',' && after_value_) text_[comma_] = ' ';
    if (c == ',') {
      after_value_ = previous_ != '[' && previous_ != '{' && previous_ != ',' && previous_ != ':' && previous_ != 0;
      comma_ = here;
    }
    previous_ = c;
  }

  std::string text_;
  std::size_t at_ = 0;
  std::size_t comma_ = 0;
  char previous_ = 0;  // last character that is neither blank nor comment
  bool after_value_ = false;
};

}  // namespace

Result<Document> parse_json_lenient(std::string_view text, const Limits& limits) {
  auto input = SW_TRY(detail::checked_input(text, limits));
  return parse_json(SW_TRY(Blanker(input).run()), limits);
}

}  // namespace seawall::codec
