#include "model/object_pattern.h"

#include <algorithm>

#include "base/text.h"

namespace seawall::model {

Result<ObjectPattern> ObjectPattern::parse(std::string_view text) {
  auto parts = split(text, '/');
  bool empty = std::ranges::any_of(parts, &std::string_view::empty);
  if (empty || parts.size() < 2 || parts.size() > 3)
    return fail(Code::invalid, "'" + std::string(text) + "' is no object: Kind/namespace/name or Kind/name");
  ObjectPattern made{.kind = lower(parts.front()), .name = std::string(parts.back()), .in_namespace = {}};
  if (parts.size() == 3) made.in_namespace = std::string(parts[1]);
  return made;
}

bool ObjectPattern::fits(const ObjectRef& object) const {
  return glob_match(kind, lower(object.kind)) && glob_match(name, object.name) &&
         (!in_namespace || glob_match(*in_namespace, object.in_namespace));
}

bool names_rule(std::string_view pattern, std::string_view id, const std::vector<std::string>& known_as) {
  auto wanted = lower(pattern);
  return glob_match(wanted, lower(id)) ||
         std::ranges::any_of(known_as, [&](const auto& name) { return glob_match(wanted, lower(name)); });
}

Result<SkipList> SkipList::parse(const std::vector<std::string>& patterns) {
  using Subject = Entry::Subject;
  SkipList made;
  for (const auto& text : patterns) {
    auto halves = cut(text, "/");
    if (!halves || halves->left.empty() || halves->right.empty())
      return fail(Code::invalid, "'" + text + "' is none of namespace/NAME, rule/ID, Kind/namespace/name, Kind/name");
    auto pattern = std::string(halves->right);
    // Kinds begin with a capital letter; Namespace/x is the object.
    if (halves->left == "namespace")
      made.entries_.push_back({Subject::in_namespace, text, std::move(pattern), {}});
    else if (halves->left == "rule")
      made.entries_.push_back({Subject::rule, text, std::move(pattern), {}});
    else
      made.entries_.push_back({Subject::object, text, {}, SW_TRY(ObjectPattern::parse(text))});
  }
  return made;
}

bool SkipList::Entry::fits(const ObjectRef& ref) const {
  if (subject == Subject::object) return object.fits(ref);
  if (subject != Subject::in_namespace) return false;
  // What lies in the namespace, and the namespace itself.
  return ref.in_namespace.empty() ? ref.kind == "Namespace" && glob_match(pattern, ref.name)
                                  : glob_match(pattern, ref.in_namespace);
}

bool SkipList::skips(const ObjectRef& object) {
  bool skipped = false;
  for (auto& entry : entries_)
    if (entry.fits(object)) entry.used = skipped = true;
  return skipped;
}

bool SkipList::skips_rule(std::string_view id, const std::vector<std::string>& known_as) {
  bool skipped = false;
  for (auto& entry : entries_)
    if (entry.subject == Entry::Subject::rule && names_rule(entry.pattern, id, known_as)) entry.used = skipped = true;
  return skipped;
}

std::vector<std::string> SkipList::unused() const {
  std::vector<std::string> out;
  for (const auto& entry : entries_)
    if (!entry.used) out.push_back(entry.written);
  return out;
}

}  // namespace seawall::model
