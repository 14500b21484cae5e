#include "base/regex.h"

#include <re2/re2.h>

namespace seawall {

struct Regex::Impl {
  Impl(std::string_view pattern, const re2::RE2::Options& options)
      : re(re2::StringPiece(pattern.data(), pattern.size()), options) {}
  re2::RE2 re;
};

Regex::Regex(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

static re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

Result<Regex> Regex::compile(std::string_view pattern, std::size_t memory) {
  re2::RE2::Options options(re2::RE2::Quiet);
  options.set_max_mem(static_cast<std::int64_t>(memory));
  auto impl = std::make_unique<Impl>(pattern, options);
  if (!impl->re.ok())
    return fail(Code::invalid, "regular expression '" + std::string(pattern) + "': " + impl->re.error());
  return Regex(std::move(impl));
}

bool Regex::search(std::string_view text) const { return re2::RE2::PartialMatch(piece(text), impl_->re); }

bool Regex::matches(std::string_view text) const { return re2::RE2::FullMatch(piece(text), impl_->re); }

std::optional<Regex::Span> Regex::find(std::string_view text, std::size_t from) const {
  re2::StringPiece match;
  if (from > text.size()) return std::nullopt;
  if (!impl_->re.Match(piece(text), from, text.size(), re2::RE2::UNANCHORED, &match, 1)) return std::nullopt;
  return Span{static_cast<std::size_t>(match.data() - text.data()), match.size()};
}

std::string_view Regex::pattern() const noexcept { return impl_->re.pattern(); }

}  // namespace seawall
