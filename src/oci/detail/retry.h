// Retries, as the whole room paces them.
#pragma once

#include "net/retry.h"

namespace seawall::oci::detail {

using net::Retry;
using net::retry_after;

}  // namespace seawall::oci::detail
