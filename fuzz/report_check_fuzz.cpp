// Room report: any text in what a check found, every format out.
#include "base/result.h"
#include "base/text.h"
#include "codec/json.h"
#include "fuzz.h"
#include "report/check_report.h"

namespace {

using namespace seawall;

// Takes one line of the input after the other.
class Texts {
 public:
  explicit Texts(std::string_view data) : lines_(split(data, '\n')) {}
  bool any() const { return next_ < lines_.size(); }
  std::string take() { return any() ? std::string(lines_[next_++]) : ""; }

 private:
  std::vector<std::string_view> lines_;
  std::size_t next_ = 0;
};

model::PolicyResult result_of(Texts& texts, const model::RuleInfo& rule, std::size_t number) {
  model::PolicyResult result{.rule = &rule, .binding = {}, .verdict = static_cast<model::Verdict>(number % 4)};
  auto file = texts.take();
  for (std::size_t i = 0; i < number % 3; ++i)
    result.findings.push_back({texts.take(), i == 1, {texts.take(), texts.take()}, {file, i, i}});
  result.fix = texts.take();
  result.patch = number % 2 == 0 ? "[]" : texts.take();
  if (number % 5 == 0) result.exempted = texts.take();
  if (number % 3 == 0) result.edit = model::TextEdit{file, 1, 2, texts.take()};
  return result;
}

}  // namespace

SW_FUZZ(check_formats, "=a\nb\n<c>\n@d | `e`\nhttps://f.example/g\n") {
  Texts texts(data);
  model::RuleInfo rule{.id = texts.take(), .title = texts.take(), .description = texts.take(), .remedy = texts.take()};
  rule.references = {texts.take()};
  rule.known_as = {texts.take()};
  model::CheckReport report;
  for (std::size_t number = 0; texts.any() && number < 100; ++number) {
    model::ObjectResults object{{texts.take(), texts.take(), texts.take(), texts.take()}, {texts.take(), 1, 1}, {}};
    object.results.push_back(result_of(texts, rule, number));
    report.objects.push_back(std::move(object));
  }
  report.mistakes.push_back(texts.take());
  using Detail = report::CheckOptions::Detail;
  for (const auto& format : report::check_formats())
    for (auto detail : {Detail::ranked, Detail::everything}) {
      auto text = format.write(report, {.width = 60, .detail = detail});
      SW_CHECK(text.find('\x1b') == std::string::npos);
      bool json = format.suffix == ".json" || format.suffix == ".sarif";
      SW_CHECK(!json || codec::parse_json(text, {.bytes = 64 << 20, .nodes = 1 << 22, .depth = 64}));
    }
}
