#include "base/files.h"

namespace seawall {

static std::string_view without_end_slashes(std::string_view path) noexcept {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

std::string path_join(std::string_view first, std::string_view second) {
  while (second.starts_with('/')) second.remove_prefix(1);
  std::string out(first);
  if (!out.empty() && !second.empty() && !out.ends_with('/')) out.push_back('/');
  return out.append(second);
}

std::string_view base_name(std::string_view path) noexcept {
  path = without_end_slashes(path);
  auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view parent_path(std::string_view path) noexcept {
  auto slash = without_end_slashes(path).rfind('/');
  if (slash == std::string_view::npos) return path.substr(0, path.starts_with('/') ? 1 : 0);
  auto parent = without_end_slashes(path.substr(0, slash));
  return parent.empty() ? path.substr(0, 1) : parent;
}

std::string normal_path(std::string_view path) {
  std::string out;
  out.reserve(path.size());
  while (!path.empty()) {
    auto part = path.substr(0, path.find('/'));
    path.remove_prefix(part.size() == path.size() ? part.size() : part.size() + 1);
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      auto slash = out.rfind('/');
      out.resize(slash == std::string::npos ? 0 : slash);
      continue;
    }
    if (!out.empty()) out.push_back('/');
    out.append(part);
  }
  return out;
}

}  // namespace seawall
