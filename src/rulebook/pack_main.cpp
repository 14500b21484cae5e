// Packs rule files for the programs that ship them: rule-packer RULES SOURCES FOLDER..., where RULES is what is judged
// by and SOURCES the files as they are written.
#include <cstdio>

#include "base/files.h"
#include "rulebook/pack.h"

using namespace seawall;

static Result<> write_packs(const std::string& rules, const std::string& sources,
                            const std::vector<std::string>& folders) {
  SW_TRY(write_file(rules, SW_TRY(rulebook::pack_rules(folders))));
  return write_file(sources, SW_TRY(rulebook::pack_sources(folders)));
}

int main(int count, char** arguments) {
  if (count < 4) {
    std::fprintf(stderr, "usage: rule-packer RULES SOURCES FOLDER...\n");
    return 2;
  }
  auto done = write_packs(arguments[1], arguments[2], {arguments + 3, arguments + count});
  if (done) return 0;
  std::fprintf(stderr, "rule-packer: %s\n", done.error().what.c_str());
  return 1;
}
