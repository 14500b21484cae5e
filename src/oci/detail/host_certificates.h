// Docker's folder of certificates for a host: FOLDER/HOST[:PORT]/*.crt are CAs, NAME.cert with NAME.key the client's.
// Threads: safe. Fails: invalid (a certificate without its key), denied (unreadable).
#pragma once

#include <string>
#include <vector>

#include "net/http.h"

namespace seawall::oci::detail {

// The options with what the first folder that knows the host adds; a certificate the caller gave comes first.
Result<net::ClientOptions> with_host_certificates(net::ClientOptions, const std::vector<std::string>& folders,
                                                  const std::string& host);

}  // namespace seawall::oci::detail
