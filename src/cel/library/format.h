// string.format(list): "%s", "%d", "%.3f", "%e", "%b", "%x", "%X", "%o", "%%".
#pragma once

#include "cel/detail/library.h"

namespace seawall::cel::library {

// As ext/strings from version 4 on.
Value format_plain(Call& call, Arguments arguments);
// As versions 1 to 3, which Kubernetes has: American English ("1,234.500000", "1.5×10⁰³"), and values inside lists
// and maps in the notation of the language.
Value format_localized(Call& call, Arguments arguments);

}  // namespace seawall::cel::library
