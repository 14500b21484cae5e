#include "archive/tar_path.h"

#include <algorithm>

namespace seawall::archive {
namespace {

bool drop_last_part(std::string& path) {
  if (path.empty()) return false;
  auto slash = path.rfind('/');
  path.resize(slash == std::string::npos ? 0 : slash);
  return true;
}

}  // namespace

std::optional<std::string> inside_path(std::string_view name) {
  if (name.find('\0') != std::string_view::npos) return std::nullopt;
  std::string path;
  path.reserve(name.size());
  for (std::size_t begin = 0; begin < name.size();) {
    auto end = std::min(name.find('/', begin), name.size());
    auto part = name.substr(begin, end - begin);
    begin = end + 1;
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (!drop_last_part(path)) return std::nullopt;
      continue;
    }
    if (!path.empty()) path += '/';
    path += part;
  }
  return path;
}

}  // namespace seawall::archive
