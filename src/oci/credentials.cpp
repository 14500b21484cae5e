#include "oci/credentials.h"

#include <cstdlib>

#include "base/files.h"
#include "base/process.h"
#include "base/text.h"
#include "codec/base64.h"
#include "codec/json.h"

namespace seawall::oci {
namespace {

constexpr std::size_t max_config = std::size_t{4} << 20;
constexpr codec::Limits limits{.bytes = max_config, .nodes = 100'000, .depth = 32};

// docker.io's credentials are stored under the name it had at first.
constexpr std::string_view docker_io_names[] = {"https://index.docker.io/v1/", "index.docker.io", "docker.io",
                                                "registry-1.docker.io"};

// "https://host/v1/" is "host" for our purposes.
std::string_view bare_name(std::string_view key) {
  for (std::string_view scheme : {"https://", "http://"})
    if (key.starts_with(scheme)) key.remove_prefix(scheme.size());
  while (key.ends_with('/')) key.remove_suffix(1);
  for (std::string_view version : {"/v1", "/v2"})
    if (key.ends_with(version)) key.remove_suffix(version.size());
  return key;
}

bool is_same_registry(std::string_view key, std::string_view registry) {
  auto name = bare_name(key);
  if (equal_ignoring_case(name, registry)) return true;
  if (registry != "docker.io") return false;
  for (auto alias : docker_io_names)
    if (equal_ignoring_case(name, bare_name(alias))) return true;
  return false;
}

// How many characters of registry/repository the key covers by whole parts; 0 for none.
std::size_t coverage(std::string_view key, std::string_view registry, std::string_view repository) {
  auto name = bare_name(key);
  if (is_same_registry(key, registry)) return registry.size();
  auto slash = name.find('/');
  if (slash == name.npos || !equal_ignoring_case(name.substr(0, slash), registry)) return 0;
  auto path = name.substr(slash + 1);
  if (!repository.starts_with(path)) return 0;
  return repository.size() == path.size() || repository[path.size()] == '/' ? name.size() : 0;
}

// Helper names become program names: nothing but what a file name needs.
bool is_helper_name(std::string_view name) {
  if (name.empty() || name.size() > 100) return false;
  for (char c : name)
    if (!is_alnum(c) && c != '-' && c != '_' && c != '.') return false;
  return true;
}

Result<Credentials> from_auth(codec::Value entry) {
  Credentials credentials{.user = std::string(entry.text_or("username")),
                          .password = std::string(entry.text_or("password")),
                          .identity_token = std::string(entry.text_or("identitytoken")),
                          .registry_token = std::string(entry.text_or("registrytoken"))};
  auto packed = entry.text_or("auth");
  if (packed.empty()) return credentials;
  auto plain = codec::from_base64(packed);
  auto halves = plain ? cut(*plain, ":") : std::nullopt;
  if (!halves) return fail(Code::invalid, "auth is not base64 of user:password");
  credentials.user = halves->left;
  // Docker pads the password with NULs.
  credentials.password = halves->right.substr(0, halves->right.find('\0'));
  return credentials;
}

Result<std::optional<Credentials>> from_helper(const CredentialHelper& helper, const std::string& name,
                                               const std::string& server) {
  if (!is_helper_name(name)) return fail(Code::invalid, "credential helper with a name that is no program's");
  if (!helper) return std::nullopt;
  auto context = "docker-credential-" + name;
  auto output = helper(name, server);
  // The helper knows nothing of this registry, or isn't installed: docker goes on without it too.
  if (!output && output.error().code == Code::not_found) return std::nullopt;
  if (!output) return std::unexpected(std::move(output.error()).in(context));
  auto document = codec::parse_json(*output, limits);
  if (!document) return fail(Code::denied, context + ": its output is not JSON");
  auto user = document->root().text_or("Username"), secret = document->root().text_or("Secret");
  if (user.empty() && secret.empty()) return std::nullopt;
  if (user == "<token>") return Credentials{.identity_token = std::string(secret)};
  return Credentials{.user = std::string(user), .password = std::string(secret)};
}

// The key under which a helper is asked: docker.io by its first name, others by host.
std::string server_name(std::string_view registry) {
  return registry == "docker.io" ? std::string(docker_io_names[0]) : std::string(registry);
}

Result<std::optional<Credentials>> from_helpers(codec::Value root, std::string_view registry,
                                                const CredentialHelper& helper) {
  for (auto member : root["credHelpers"].members())
    if (is_same_registry(member.key, registry))
      return from_helper(helper, std::string(member.value.text()), server_name(registry));
  auto store = root.text_or("credsStore");
  if (store.empty()) return std::nullopt;
  return from_helper(helper, std::string(store), server_name(registry));
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

Result<std::string> run_helper(const std::string& name, const std::string& server) {
  auto done = SW_TRY(run_process({"docker-credential-" + name, "get"}, {.input = server}));
  if (done.exit_code == 0) return std::move(done.out);
  // The protocol has no code for it: docker's own client compares this text too.
  if (done.out.find("credentials not found") != std::string::npos) return fail(Code::not_found, "no credentials");
  return fail(Code::denied, "exit code " + std::to_string(done.exit_code));
}

}  // namespace

CredentialStore CredentialStore::from_environment() {
  auto home = environment("HOME"), runtime = environment("XDG_RUNTIME_DIR"), docker = environment("DOCKER_CONFIG");
  std::vector<std::string> places = {environment("REGISTRY_AUTH_FILE")};
  if (!docker.empty()) places.push_back(path_join(docker, "config.json"));
  if (!runtime.empty()) places.push_back(path_join(runtime, "containers/auth.json"));
  if (!home.empty()) places.push_back(path_join(home, ".config/containers/auth.json"));
  if (!home.empty() && docker.empty()) places.push_back(path_join(home, ".docker/config.json"));
  std::erase_if(places, [](auto& place) { return place.empty() || !exists(place); });
  return CredentialStore(std::move(places), run_helper);
}

Result<std::optional<Credentials>> credentials_in(std::string_view config_json, std::string_view registry,
                                                  std::string_view repository, const CredentialHelper& helper) {
  auto document = SW_TRY(codec::parse_json(config_json, limits));
  auto root = document.root();
  auto helped = SW_TRY(from_helpers(root, registry, helper));
  if (helped) return helped;
  codec::Value best;
  std::size_t covered = 0;
  for (auto member : root["auths"].members()) {
    auto covers = coverage(member.key, registry, repository);
    if (covers <= covered) continue;
    covered = covers;
    best = member.value;
  }
  if (covered == 0) return std::nullopt;
  auto credentials = SW_TRY(in("auths", from_auth(best)));
  if (credentials.anonymous()) return std::nullopt;
  return credentials;
}

CredentialStore::CredentialStore(std::vector<std::string> files, CredentialHelper helper)
    : files_(std::move(files)), helper_(std::move(helper)) {}

Result<Credentials> CredentialStore::find(std::string_view registry, std::string_view repository) const {
  for (auto& file : files_) {
    auto text = SW_TRY(read_file(file, max_config));
    auto found = SW_TRY(in(file, credentials_in(text, registry, repository, helper_)));
    if (found) return std::move(*found);
  }
  return Credentials{};
}

}  // namespace seawall::oci
