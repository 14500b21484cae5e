#include "archive/tar_path.h"

namespace seawall::archive {

std::optional<std::string> inside_path(std::string_view name) {
  std::string path;
  path.reserve(name.size());
  for (std::size_t begin = 0; begin <= name.size();) {
    auto end = std::min(name.find('/', begin), name.size());
    auto part = name.substr(begin, end - begin);
    begin = end + 1;
    if (part == "..") return std::nullopt;
    if (part.empty() || part == ".") continue;
    if (!path.empty()) path += '/';
    path += part;
  }
  if (path.find('\0') != std::string::npos) return std::nullopt;
  return path;
}

}  // namespace seawall::archive
