// Packs rule files for the programs that ship them: rule-packer OUTPUT FOLDER...
#include <cstdio>

#include "base/files.h"
#include "rulebook/pack.h"

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "usage: rule-packer OUTPUT FOLDER...\n");
    return 2;
  }
  auto pack = seawall::rulebook::pack_rules({arguments + 2, arguments + count});
  if (pack) {
    auto written = seawall::write_file(arguments[1], *pack);
    if (written) return 0;
    std::fprintf(stderr, "rule-packer: %s\n", written.error().what.c_str());
    return 1;
  }
  std::fprintf(stderr, "rule-packer: %s\n", pack.error().what.c_str());
  return 1;
}
