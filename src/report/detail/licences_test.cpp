#include "report/detail/licences.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/text.h"

using namespace seawall;
using namespace seawall::report::detail;

TEST_CASE("licences as packages state them") {
  using Form = Licence::Form;
  struct Case {
    std::string_view stated;
    Form form;
    std::string_view text;
  };
  constexpr Case cases[] = {
      {"MIT", Form::id, "MIT"},
      {"apache-2.0", Form::id, "Apache-2.0"},
      {"Apache License, Version 2.0", Form::id, "Apache-2.0"},
      {"GPL-2+", Form::id, "GPL-2.0-or-later"},
      {"MIT OR Apache-2.0", Form::expression, "MIT OR Apache-2.0"},
      {"(mit or GPL-2+) and BSD-3-Clause", Form::expression, "(MIT OR GPL-2.0-or-later) AND BSD-3-Clause"},
      {"GPL-2.0-only WITH Classpath-exception-2.0", Form::expression, "GPL-2.0-only WITH Classpath-exception-2.0"},
      {"LGPL-2.1-only WITH nothing", Form::name, "LGPL-2.1-only WITH nothing"},
      {"MPL-1.1+", Form::expression, "MPL-1.1+"},
      {"MIT OR", Form::name, "MIT OR"},
      {"(MIT", Form::name, "(MIT"},
      {"MIT) OR (MIT", Form::name, "MIT) OR (MIT"},
      {"MIT Apache-2.0", Form::name, "MIT Apache-2.0"},
      {"MIT WITH Classpath-exception-2.0 WITH Classpath-exception-2.0", Form::name,
       "MIT WITH Classpath-exception-2.0 WITH Classpath-exception-2.0"},
      {"see \x1b[31mfile", Form::name, "see \\x1b[31mfile"},
      {"", Form::name, ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.stated);
    auto licence = licence_from(c.stated);
    CHECK(licence.form == c.form);
    CHECK(licence.text == c.text);
  }
}

TEST_CASE("the lists are in order") {
  auto low = [](std::string_view id) { return lower(id); };
  CHECK(std::ranges::is_sorted(spdx_licence_ids(), {}, low));
  CHECK(std::ranges::is_sorted(spdx_exception_ids(), {}, low));
}
