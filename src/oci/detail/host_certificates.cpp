#include "oci/detail/host_certificates.h"

#include "base/files.h"

namespace seawall::oci::detail {
namespace {

constexpr std::uint64_t max_certificate = std::uint64_t{1} << 20;

Result<net::ClientOptions> with_folder(net::ClientOptions options, const std::string& folder) {
  for (auto& name : SW_TRY(list_directory(folder))) {
    auto path = path_join(folder, name);
    if (name.ends_with(".crt")) options.ca_pem += SW_TRY(read_file(path, max_certificate)) + "\n";
    if (!name.ends_with(".cert") || !options.client_certificate.empty()) continue;
    auto key = path.substr(0, path.size() - 5) + ".key";
    if (!exists(key)) return fail(Code::invalid, path + ": its key " + key + " is missing");
    options.client_certificate = path;
    options.client_key = key;
  }
  return options;
}

}  // namespace

Result<net::ClientOptions> with_host_certificates(net::ClientOptions options, const std::vector<std::string>& folders,
                                                  const std::string& host) {
  // A host from a reference is a name and a port; still, it must not lead out of the folder.
  if (host.find('/') != std::string::npos || host.starts_with('.')) return options;
  for (auto& parent : folders)
    if (auto folder = path_join(parent, host); exists(folder)) return with_folder(std::move(options), folder);
  return options;
}

}  // namespace seawall::oci::detail
