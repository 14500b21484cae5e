// Random bytes of the kernel, fit for keys and nonces. Threads: safe.
#pragma once

#include <cstddef>
#include <string>

namespace seawall {

std::string random_bytes(std::size_t count);

}  // namespace seawall
