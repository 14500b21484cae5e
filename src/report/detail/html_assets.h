// The style and the script of the HTML report, and their digests for its content security policy.
#pragma once

#include <string_view>

namespace seawall::report::detail {

std::string_view html_style() noexcept;
std::string_view html_script() noexcept;
// Base64 of SHA-256; tests/scenarios/test_formats.py holds them to the texts.
std::string_view html_style_sha256() noexcept;
std::string_view html_script_sha256() noexcept;

}  // namespace seawall::report::detail
