#include "model/exceptions.h"

#include <algorithm>

#include "base/text.h"

namespace seawall::model {
namespace {

constexpr std::size_t max_rules = 10'000;
constexpr Instant day = 24 * 60 * 60;
constexpr Instant warning_time = 7 * day;

Error bad_key(std::string_view key, std::string_view why) {
  return {Code::invalid, std::string(key) + ": " + std::string(why)};
}

// One text or a list of texts.
Result<std::vector<std::string>> texts(std::string_view key, codec::Value value) {
  std::vector<std::string> out;
  if (value.is_text()) out.emplace_back(value.text());
  for (auto item : value.items()) {
    if (!item.is_text()) return std::unexpected(bad_key(key, "every item is a text"));
    out.emplace_back(item.text());
  }
  if (out.empty() || std::ranges::any_of(out, &std::string::empty))
    return std::unexpected(bad_key(key, "wants a text or a list of texts"));
  return out;
}

Result<std::string> one_text(std::string_view key, codec::Value value) {
  if (!value.is_text() || trim(value.text()).empty()) return std::unexpected(bad_key(key, "wants a text"));
  return std::string(trim(value.text()));
}

Result<Instant> end_of(codec::Value value) {
  auto when = parse_instant(value.scalar());
  // Years beyond what a date can be here are how people write "never ends".
  if (!when && value.scalar().starts_with("9999-")) return Instant{0};
  if (!when) return std::unexpected(bad_key("until", "wants a date (2025-06-30)"));
  // A date names its whole day.
  return value.scalar().size() <= 10 ? *when + day : *when;
}

constexpr struct {
  std::string_view key;
  std::string Exception::* field;
} text_keys[] = {
    {"package", &Exception::package},
    {"purl", &Exception::purl},
    {"path", &Exception::path},
    {"image", &Exception::image},
    {"reason", &Exception::reason},
    {"owner", &Exception::owner},
    {"namespace", &Exception::in_namespace},
};

Result<> set_key(Exception& rule, std::string_view key, codec::Value value) {
  if (key == "id" || key == "ids") {
    rule.ids = SW_TRY(texts(key, value));
    return {};
  }
  if (key == "rule" || key == "rules") {
    rule.rules = SW_TRY(texts(key, value));
    return {};
  }
  if (key == "object" || key == "objects") {
    for (const auto& text : SW_TRY(texts(key, value)))
      rule.objects.push_back(SW_TRY(in(key, ObjectPattern::parse(text))));
    return {};
  }
  if (key == "until") {
    rule.until = SW_TRY(end_of(value));
    return {};
  }
  for (const auto& known : text_keys) {
    if (known.key != key) continue;
    rule.*known.field = SW_TRY(one_text(key, value));
    return {};
  }
  return std::unexpected(
      bad_key(key,
              "not a key of an ignore rule (id, package, purl, path, image; rule, object, namespace, path; reason, "
              "owner, until)"));
}

Result<Exception> rule_from(codec::Value value) {
  if (!value.is_object()) return fail(Code::invalid, "wants keys and values");
  Exception rule;
  for (auto [key, content] : value.members()) SW_TRY(set_key(rule, key, content));
  if (rule.reason.empty()) return std::unexpected(bad_key("reason", "is required"));
  bool about_findings = !rule.ids.empty() || !rule.package.empty() || !rule.purl.empty() || !rule.image.empty();
  if (rule.is_about_policies() && about_findings)
    return fail(Code::invalid,
                "id, package, purl and image are about findings, rule, object and namespace about "
                "policies: make two rules");
  if (rule.is_about_policies()) return rule;
  if (rule.ids.empty() && rule.package.empty() && rule.purl.empty() && rule.path.empty())
    return std::unexpected(bad_key("id",
                                   "an id, a package, a purl or a path is required, or for policies a rule, an "
                                   "object or a namespace"));
  return rule;
}

// Ids are compared without case: people write ghsa-... as they like.
bool fits_one_id(std::string_view pattern, std::string_view id) {
  if (pattern.find_first_of("*?[") == std::string_view::npos) return equal_ignoring_case(pattern, id);
  return glob_match(lower(pattern), lower(id));
}

bool fits_id(const Exception& rule, const Finding& finding) {
  if (rule.ids.empty()) return true;
  auto fits = [&](std::string_view id) {
    return std::ranges::any_of(rule.ids, [&](const auto& pattern) { return fits_one_id(pattern, id); });
  };
  return fits(finding.id) || std::ranges::any_of(finding.aliases, fits) ||
         (!finding.advisory.empty() && fits(finding.advisory));
}

bool fits_text(std::string_view pattern, std::string_view text) { return pattern.empty() || glob_match(pattern, text); }

// A package that also lies elsewhere is still reported: the rule speaks of its own path only.
bool fits_path(const Exception& rule, const Package& package) {
  if (rule.path.empty()) return true;
  auto pattern = std::string_view(rule.path);
  while (pattern.starts_with('/')) pattern.remove_prefix(1);
  return !package.locations.empty() &&
         std::ranges::all_of(package.locations, [&](const auto& l) { return glob_match(pattern, l.path); });
}

bool fits_image(const Exception& rule, const TargetInfo& target) {
  return rule.image.empty() || glob_match(rule.image, target.name) || rule.image == target.digest ||
         std::ranges::any_of(target.tags, [&](const auto& tag) { return glob_match(rule.image, tag); });
}

bool fits(const Exception& rule, const Finding& finding, const TargetInfo& target) {
  return !rule.is_about_policies() && fits_id(rule, finding) && fits_text(rule.package, finding.package.name) &&
         fits_text(rule.purl, finding.purl) && fits_path(rule, finding.package) && fits_image(rule, target);
}

bool fits(const Exception& rule, const ObjectResults& object, const PolicyResult& result) {
  if (!rule.is_about_policies()) return false;
  auto names = [&](const auto& pattern) { return names_rule(pattern, result.rule->id, result.rule->known_as); };
  if (!rule.rules.empty() && !std::ranges::any_of(rule.rules, names)) return false;
  auto is_object = [&](const auto& pattern) { return pattern.fits(object.object); };
  if (!rule.objects.empty() && !std::ranges::any_of(rule.objects, is_object)) return false;
  auto file = std::string_view(object.where.file);
  while (file.starts_with("./")) file.remove_prefix(2);
  return fits_text(rule.in_namespace, object.object.in_namespace) && fits_text(rule.path, file);
}

}  // namespace

Result<Exceptions> Exceptions::parse(codec::Value ignore) {
  Exceptions set;
  if (!ignore) return set;
  if (!ignore.is_array()) return fail(Code::invalid, "ignore: wants a list of rules");
  if (ignore.size() > max_rules) return fail(Code::exhausted, "ignore: more than 10000 rules");
  for (auto item : ignore.items()) {
    auto rule = rule_from(item);
    if (!rule)
      return std::unexpected(std::move(rule.error()).in("ignore: rule " + std::to_string(set.rules_.size() + 1)));
    set.rules_.push_back(std::move(*rule));
  }
  set.matched_.resize(set.rules_.size());
  return set;
}

std::optional<std::size_t> Exceptions::match(const Finding& finding, const TargetInfo& target, Instant now) const {
  for (std::size_t i = 0; i < rules_.size(); ++i)
    if (!rules_[i].expired(now) && fits(rules_[i], finding, target)) return i;
  return std::nullopt;
}

std::optional<std::size_t> Exceptions::count_and_match(const Finding& finding, const TargetInfo& target, Instant now) {
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!fits(rules_[i], finding, target)) continue;
    ++matched_[i];
    if (!first && !rules_[i].expired(now)) first = i;
  }
  return first;
}

void Exceptions::apply(Report& report, Instant now) {
  std::vector<Finding> kept;
  for (auto& finding : report.findings) {
    auto rule = count_and_match(finding, report.target, now);
    if (!rule) {
      kept.push_back(std::move(finding));
      continue;
    }
    finding.ignored_by = describe(*rule) + ": " + rules_[*rule].reason;
    report.ignored.push_back(std::move(finding));
  }
  report.findings = std::move(kept);
  if (std::exchange(told_, true)) return;
  auto told = ends(About::findings, now);
  report.notices.insert(report.notices.end(), told.begin(), told.end());
}

std::optional<std::size_t> Exceptions::count_and_match(const ObjectResults& object, const PolicyResult& result,
                                                       Instant now) {
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!fits(rules_[i], object, result)) continue;
    ++matched_[i];
    if (!first && !rules_[i].expired(now)) first = i;
  }
  return first;
}

std::vector<Notice> Exceptions::apply(std::vector<ObjectResults>& objects, Instant now) {
  for (auto& object : objects)
    for (auto& result : object.results) {
      if (!result.counts()) continue;
      if (auto rule = count_and_match(object, result, now))
        result.exempted = describe(*rule) + ": " + rules_[*rule].reason;
    }
  return ends(About::policies, now);
}

std::vector<Notice> Exceptions::ends(About about, Instant now) const {
  std::vector<Notice> notices;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const auto& rule = rules_[i];
    if (rule.is_about_policies() != (about == About::policies)) continue;
    if (rule.expired(now))
      notices.push_back({Notice::Level::warning, describe(i) + " expired on " + to_date(rule.until - 1)});
    else if (rule.until != 0 && rule.until - now < warning_time)
      notices.push_back({Notice::Level::info, describe(i) + " expires on " + to_date(rule.until - 1)});
  }
  return notices;
}

std::vector<Exceptions::AuditLine> Exceptions::audit(Instant now) const {
  std::vector<AuditLine> lines;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    auto state = matched_[i] ? AuditLine::State::used : AuditLine::State::unused;
    if (rules_[i].expired(now)) state = AuditLine::State::expired;
    lines.push_back({state, i, matched_[i]});
  }
  return lines;
}

std::string Exceptions::describe(std::size_t index) const {
  const auto& rule = rules_[index];
  std::string subject = join(rule.ids.empty() ? rule.rules : rule.ids, " ");
  for (const auto* scope : {&rule.package, &rule.purl, &rule.path})
    if (subject.empty()) subject = *scope;
  if (subject.empty()) subject = rule.in_namespace.empty() ? "objects" : "namespace " + rule.in_namespace;
  auto out = "ignore rule " + std::to_string(index + 1) + " (" + subject;
  if (!rule.owner.empty()) out += ", owner " + rule.owner;
  return out + ")";
}

}  // namespace seawall::model
