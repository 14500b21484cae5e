#include <cstdlib>

#include "cli/commands.h"
#include "cli/context.h"

namespace seawall::cli {

std::vector<Option> registry_options() {
  using enum OptionKind;
  return {
      {.name = "username",
       .value = "NAME",
       .help = "For the registry, with the password in SEAWALL_PASSWORD; else docker's config.json is asked."},
      {.name = "mirror",
       .kind = list,
       .value = "[REGISTRY=]HOST",
       .help = "Ask this mirror before the registry itself."},
      {.name = "plain-http", .kind = flag, .help = "Allow registries without TLS beyond this machine."},
  };
}

Result<oci::OpenOptions> image_options(const Settings& settings) {
  oci::OpenOptions options;
  auto platform = settings.text("platform");
  if (platform == "all")
    options.platforms = oci::Choice::Platforms::all;
  else if (!platform.empty())
    options.platform = SW_TRY(in("--platform", oci::Platform::parse(platform)));
  auto& registry = options.registry;
  registry.client = client_options(settings);
  if (settings.flag("plain-http")) registry.plain_http = oci::PlainHttp::allowed;
  registry.store = std::make_shared<const oci::CredentialStore>(oci::CredentialStore::from_environment());
  if (auto user = settings.text("username"); !user.empty()) {
    const char* password = std::getenv("SEAWALL_PASSWORD");
    registry.credentials = {
        .user = user, .password = password != nullptr ? password : "", .identity_token = {}, .registry_token = {}};
  }
  for (const auto& m : settings.list("mirror"))
    registry.mirrors.push_back(SW_TRY(in("--mirror", oci::Mirror::parse(m))));
  return options;
}

}  // namespace seawall::cli
