// What packages state as their licence, in the terms of SPDX.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace seawall::report::detail {

struct Licence {
  enum class Form : unsigned char {
    id,          // on SPDX's list: "Apache-2.0"
    expression,  // of such ids: "MIT OR GPL-2.0-or-later"
    name,        // anything else, printable
  } form = Form::name;
  std::string text;
};

// Understands ids and expressions in any case and the commonest other spellings ("GPL-2+", "ASL 2.0", "Expat").
Licence licence_from(std::string_view stated);

// Sorted without case.
std::span<const std::string_view> spdx_licence_ids() noexcept;
std::span<const std::string_view> spdx_exception_ids() noexcept;

}  // namespace seawall::report::detail
