// Opens a file by its path within a directory; no part may be a symbolic link and none may lead out.
// Fails: errno (ELOOP: a link, EXDEV: out of the directory).
#pragma once

#include <string>

#include "base/detail/descriptor.h"

namespace seawall::detail {

Descriptor open_below(int directory, const std::string& path, int flags);
// The same part by part, for kernels before 5.6 and sandboxes that do not know openat2.
Descriptor open_below_by_parts(int directory, const std::string& path, int flags);

}  // namespace seawall::detail
