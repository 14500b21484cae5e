#include "cli/check/policy_choice.h"

#include <algorithm>

#include "base/files.h"
#include "base/spelling.h"
#include "base/text.h"
#include "codec/json.h"
#include "codec/yaml.h"

namespace seawall::cli {
namespace {

constexpr std::string_view default_set = "default";
constexpr std::uint64_t largest_parameters = std::uint64_t{16} << 20;

// Values for policies, from a file: of one policy (a mapping of names), of several (a mapping of ids to such), or
// the parameter object that a ValidatingAdmissionPolicy names.
class Parameters {
 public:
  static Result<Parameters> read(const std::string& path);
  std::string of(const rulebook::Policy& policy) const;

 private:
  codec::Document document_;
};

Result<Parameters> Parameters::read(const std::string& path) {
  Parameters made;
  if (path.empty()) return made;
  auto text = SW_TRY(in("--params", read_file(path, largest_parameters)));
  made.document_ = SW_TRY(in(path, codec::parse_yaml(text)));
  if (made.document_.root() && !made.document_.root().is_object())
    return fail(Code::invalid, path + ": expected a mapping of parameters");
  return made;
}

std::string json_of(codec::Value value) { return codec::JsonWriter().value(value).take(); }

// Parameters, of which some stand in groups that are no parameters themselves, as Kubescape has them.
std::string without_groups(codec::Value parameters, const std::string& defaults) {
  auto known = codec::parse_json(defaults);
  auto is_parameter = [&](codec::Member member) {
    return !member.value.is_object() || !known || known->root().has(codec::Key(member.key));
  };
  codec::JsonWriter json;
  json.begin_object();
  for (auto member : parameters.members()) {
    if (is_parameter(member))
      json.key(member.key).value(member.value);
    else
      for (auto inner : member.value.members()) json.key(inner.key).value(inner.value);
  }
  json.end_object();
  return json.take();
}

std::string Parameters::of(const rulebook::Policy& policy) const {
  auto root = document_.root();
  if (!root) return {};
  if (policy.native) return root.text_or("kind") == policy.param_kind ? json_of(root) : "";
  if (auto own = root[policy.header.id]) return json_of(own);
  for (const auto& name : policy.header.known_as)
    if (auto own = root[name]) return json_of(own);
  for (auto member : root.members())
    if (member.key.contains('/')) return {};  // by ids, and none of them is this policy's
  // A Gatekeeper constraint holds them, too.
  if (auto own = root.path("spec", "parameters"); own && root.has(codec::Key("kind"))) return json_of(own);
  return without_groups(root, policy.parameters);
}

std::optional<unsigned> minor_of(const std::string& text) {
  return text.empty() ? std::optional(rulebook::newest_minor) : rulebook::kubernetes_minor(text);
}

Result<unsigned> version(const Settings& settings, std::string_view option) {
  auto text = settings.text(option);
  if (auto minor = minor_of(text)) return *minor;
  return fail(Code::invalid, "--" + std::string(option) + ": '" + text + "' is no version of Kubernetes, as v1.30 is");
}

bool is_file(const std::string& name) { return status_of(name, Links::followed).has_value(); }

}  // namespace

std::vector<Option> policy_options() {
  constexpr auto here = OptionSources::command_line;
  return {{.name = "params",
           .value = "FILE",
           .help = "Parameters of the policies: a mapping, or a mapping of rule ids to mappings.",
           .sources = here},
          {.name = "kubernetes-version",
           .value = "VERSION",
           .help = "The Kubernetes that is judged for, as v1.30; the newest where it is not given.",
           .sources = here},
          {.name = "pod-security-version",
           .value = "VERSION",
           .help = "The version of the Pod Security Standards; that of Kubernetes where it is not given.",
           .sources = here}};
}

std::string unknown_rule(std::string_view name, const std::vector<std::string_view>& known) {
  return "'" + std::string(name) + "' is neither a file nor a rule or set of rules; `seawall rules list` names them." +
         did_you_mean(name, known);
}

Result<PolicyChoice> choose_policies(const std::vector<std::string>& wanted, const Settings& settings) {
  auto parameters = SW_TRY(Parameters::read(settings.text("params")));
  auto kubernetes = SW_TRY(version(settings, "kubernetes-version"));
  auto pod_security =
      settings.text("pod-security-version").empty() ? kubernetes : SW_TRY(version(settings, "pod-security-version"));
  std::vector<std::string> files, names, unknown;
  for (const auto& each : wanted) (is_file(each) ? files : names).push_back(each);
  if (files.empty() && names.empty()) names.emplace_back(default_set);
  auto shipped = rulebook::Rulebook::shipped(names, unknown);
  if (!unknown.empty()) return fail(Code::invalid, unknown_rule(unknown.front(), rulebook::Rulebook::shipped_names()));
  auto own = rulebook::Rulebook::load(files);
  PolicyChoice choice;
  admission::BindOptions bound{.kubernetes_minor = kubernetes,
                               .pod_security_minor = pod_security,
                               .parameters_of = [&](const auto& policy) { return parameters.of(policy); }};
  choice.from_files = own.policies();
  for (const auto* book : {&own, &shipped}) {
    std::ranges::copy(book->mistakes(), std::back_inserter(choice.mistakes));
    std::ranges::move(admission::bind(*book, bound, choice.mistakes), std::back_inserter(choice.policies));
  }
  return choice;
}

}  // namespace seawall::cli
