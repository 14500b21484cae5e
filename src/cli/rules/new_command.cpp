// `seawall rules new`: a rule that works and its test cases, to be changed.
#include <algorithm>

#include "base/files.h"
#include "base/text.h"
#include "cli/context.h"
#include "cli/exit_codes.h"
#include "cli/rules/commands.h"
#include "kube/schema.h"
#include "rulebook/rule_file.h"
#include "rulebook/rulebook.h"

namespace seawall::cli {
namespace {

constexpr std::string_view pod_rule = R"(apiVersion: seawall.dev/v1
kind: Policy
metadata: {name: ID}
spec:
  # What holds where the rule passes, in one line.
  title: Images carry a tag that stays what it is
  # Why it matters.
  description: What was pushed last as latest is what runs, and nobody can say what that is.
  severity: medium # low, medium, high, critical
  remedy: Name a version, or better a digest, in the image reference.
  # It judges everything that makes pods: variables.pod is the pod or its template, variables.containers are all its containers.
  podSpec: true
  validations:
    # True where all is well. Fields may be missing: say what that means.
    - expression: variables.containers.all(c, c.?image.orValue('').contains('@') || !c.?image.orValue('').endsWith(':latest'))
      message: The image has the tag latest, which is whatever was pushed last.
)";

constexpr std::string_view pod_tests = R"(apiVersion: seawall.dev/v1
kind: RuleTest
rule: ID
cases:
  - name: a version is fine
    pod: {containers: [{name: web, image: 'nginx:1.29'}]}
    expect: pass
  - name: latest is refused, in init containers too
    pod:
      initContainers: [{name: setup, image: 'busybox:latest'}]
      containers: [{name: web, image: 'nginx:1.29'}]
    expect: fail
    paths: ['spec.initContainers[0].image']
  - name: a container without an image is another rule's matter
    pod: {containers: [{name: web}]}
    expect: pass
)";

constexpr std::string_view kind_rule = R"(apiVersion: seawall.dev/v1
kind: Policy
metadata: {name: ID}
spec:
  # What holds where the rule passes, in one line.
  title: Each KIND says who owns it
  # Why it matters.
  description: Who finds something wrong with it should not have to ask around.
  severity: low # low, medium, high, critical
  remedy: Set the label LABEL to the name of a team.
  kinds: [GROUP_KIND]
  # What users may set; expressions read it as params.label.
  parameters: {label: owner}
  validations:
    # True where all is well. Fields may be missing: say what that means.
    - expression: object.?metadata.?labels.orValue({}).exists(key, key == params.label)
      message: The label that names its owner is missing.
)";

constexpr std::string_view kind_tests = R"(apiVersion: seawall.dev/v1
kind: RuleTest
rule: ID
cases:
  - name: an owner is named
    object: {apiVersion: API_VERSION, kind: KIND, metadata: {name: web, labels: {owner: shop}}}
    expect: pass
  - name: other labels do not tell
    object: {apiVersion: API_VERSION, kind: KIND, metadata: {name: web, labels: {app: web}}}
    expect: fail
  - name: without labels it fails
    object: {apiVersion: API_VERSION, kind: KIND, metadata: {name: web}}
    expect: fail
  - name: the label may be another
    object: {apiVersion: API_VERSION, kind: KIND, metadata: {name: web, labels: {team: shop}}}
    params: {label: team}
    expect: pass
)";

struct NewRule {
  std::string rule, tests;
};

struct Replacement {
  std::string_view name, value;
};

std::string filled(std::string_view text, std::initializer_list<Replacement> replacements) {
  std::string out(text);
  for (const auto& each : replacements) out = replace_all(out, each.name, each.value);
  return out;
}

// Of several kinds of one name the first that Kubernetes lists; the newest version of it stands last.
Result<const kube::ApiKind*> known_kind(std::string_view wanted) {
  auto slash = wanted.rfind('/');
  auto group = slash == std::string_view::npos ? std::string_view() : wanted.substr(0, slash);
  auto name = wanted.substr(slash + 1);
  for (const auto& kind : kube::builtin_schemas().kinds())
    if (kind.kind == name && (slash == std::string_view::npos || kind.group == group)) return &kind;
  return fail(Code::invalid, "--kind: Kubernetes has no kind '" + std::string(wanted) +
                                 "'; Service and networking.k8s.io/Ingress are kinds");
}

Result<NewRule> new_rule(const std::string& id, const std::string& wanted_kind) {
  if (wanted_kind.empty()) return NewRule{filled(pod_rule, {{"ID", id}}), filled(pod_tests, {{"ID", id}})};
  const auto* kind = SW_TRY(known_kind(wanted_kind));
  auto prefix = kind->group.empty() ? std::string() : std::string(kind->group) + "/";
  auto group_kind = prefix + std::string(kind->kind), api_version = prefix + std::string(kind->version);
  return NewRule{filled(kind_rule, {{"ID", id}, {"GROUP_KIND", group_kind}, {"KIND", kind->kind}, {"LABEL", "owner"}}),
                 filled(kind_tests, {{"ID", id}, {"API_VERSION", api_version}, {"KIND", kind->kind}})};
}

Result<> refuse(const std::string& id, std::initializer_list<std::string> files) {
  if (!rulebook::is_rule_id(id) || !id.contains('/'))
    return fail(Code::invalid, "'" + id + "' is no id: a set, a slash and a name in lower case, as acme/no-latest-tag");
  if (std::ranges::binary_search(rulebook::Rulebook::shipped_names(), id))
    return fail(Code::invalid, "'" + id + "' is a rule that Seawall ships; take another id");
  for (const auto& file : files)
    if (exists(file)) return fail(Code::invalid, file + " is there already");
  return {};
}

Result<> write_rule(const Settings& settings) {
  const auto& id = settings.arguments().front();
  auto folder = settings.text("directory");
  auto name = id.substr(id.rfind('/') + 1);
  auto path = folder.empty() ? name : path_join(folder, name);
  auto rule_file = path + ".yaml", test_file = path + ".test.yaml";
  SW_TRY(refuse(id, {rule_file, test_file}));
  auto made = SW_TRY(new_rule(id, settings.text("kind")));
  if (!folder.empty()) SW_TRY(make_directories(folder));
  SW_TRY(write_file(rule_file, made.rule));
  SW_TRY(write_file(test_file, made.tests));
  return print(rule_file + "\n" + test_file +
               "\n\nIt is an example that works. Change both files, then:\n  seawall rules test " + rule_file +
               "\n  seawall check -f MANIFESTS --policy " + rule_file + "\n");
}

int run_new(const Settings& settings) {
  auto done = write_rule(settings);
  return done ? exit_clean : report_error(done.error());
}

}  // namespace

Command rules_new_command() {
  constexpr auto here = OptionSources::command_line;
  return {.name = "rules new",
          .summary = "Begin a rule: write one that works, with its test cases, to be changed",
          .details = "The files are named after the last part of the id. Files that are there are never overwritten.",
          .arguments = {{.name = "ID", .help = "A set, a slash and a name: acme/no-latest-tag."}},
          .options = {{.name = "directory",
                       .value = "DIR",
                       .help = "Where to write them, if not here; it is made where it is not there.",
                       .letter = 'd',
                       .sources = here},
                      {.name = "kind",
                       .value = "KIND",
                       .help = "Judge objects of this kind, as Service or networking.k8s.io/Ingress, instead of pods.",
                       .sources = here}},
          .examples = {{"seawall rules new acme/no-latest-tag -d policies", "a rule about pods"},
                       {"seawall rules new acme/owned-services --kind Service -d policies", "about another kind"}},
          .run = run_new};
}

}  // namespace seawall::cli
