#include "kube/manifest_files.h"

#include <stdlib.h>

#include <algorithm>
#include <utility>

#include "base/files.h"
#include "base/input_file.h"
#include "kube/detail/manifest_document.h"

namespace seawall::kube {
namespace {

constexpr std::size_t most_files = 100'000;
constexpr unsigned deepest_folder = 64;

bool is_manifest_name(std::string_view name) {
  return name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json");
}

// Without symbolic links; empty where there is nothing.
std::string real_path(const std::string& path) {
  std::unique_ptr<char, decltype(&free)> real(realpath(path.c_str(), nullptr), &free);
  return real ? real.get() : "";
}

class FileReader {
 public:
  explicit FileReader(const ManifestOptions& options) : left_(options) {}

  void read_path(const std::string& path) {
    auto status = status_of(path);
    if (!status) return mistake(path, std::move(status).error());
    auto kind = status->kind;
    if (kind == FileKind::symlink) {
      auto target = status_of(real_path(path));
      kind = target ? target->kind : FileKind::other;
    }
    if (kind == FileKind::directory) return read_folder(path);
    if (kind == FileKind::regular) return add(path, InputFile::open(path));
    // A pipe, as the shell's <(helm template ...) gives it.
    auto source = open_source(path);
    if (!source) return mistake(path, std::move(source).error());
    read_stream(**source, path);
  }

  void read_stream(Source& source, const std::string& name) {
    auto text = read_all(source, bytes_left());
    if (!text) return mistake(name, std::move(text).error());
    keep(name, std::move(*text));
  }

  Manifests take() && {
    read_kept();
    return std::move(out_);
  }

 private:
  std::size_t bytes_left() const { return left_.limits.bytes - kept_bytes_; }

  // A folder that was named, and the way to what lies below it.
  struct Root {
    std::string path, real;
    Directory directory;
  };

  void read_folder(const std::string& path) {
    auto directory = Directory::open(path);
    if (!directory) return mistake(path, std::move(directory).error());
    walk({path, real_path(path), std::move(*directory)}, "", 0);
  }

  void walk(const Root& root, const std::string& below, unsigned depth) {
    auto path = below.empty() ? root.path : path_join(root.path, below);
    if (depth > deepest_folder) return mistake(path, {Code::exhausted, "folders are nested too deeply"});
    auto names = list_directory(path);
    if (!names) return mistake(path, std::move(names).error());
    for (const auto& name : *names)
      if (!name.starts_with('.')) visit(root, below.empty() ? name : path_join(below, name), depth);
  }

  void visit(const Root& root, const std::string& below, unsigned depth) {
    auto path = path_join(root.path, below);
    auto status = status_of(path);
    if (!status) return mistake(path, std::move(status).error());
    if (status->kind == FileKind::directory) return walk(root, below, depth + 1);
    if (!is_manifest_name(below)) return;
    if (status->kind == FileKind::regular) return add(path, InputFile::open_below(root.directory, below));
    if (status->kind != FileKind::symlink) return;
    // Opened by where it leads, with no link on the way: what it leads to later does not matter.
    auto target = real_path(path);
    auto inside = root.real == "/" ? root.real : root.real + "/";
    if (target.starts_with(inside)) add(path, InputFile::open_below(root.directory, target.substr(inside.size())));
  }

  void add(const std::string& path, const Result<InputFile>& file) {
    if (files_++ == most_files) mistake(path, {Code::exhausted, "too many files, the rest is not read"});
    if (files_ > most_files) return;
    auto text = !file ? std::unexpected(file.error()) : file->read(bytes_left());
    if (!text) return mistake(path, std::move(text).error());
    keep(path, std::move(*text));
  }

  // Many small files are read together, so that several threads have something to do.
  void keep(const std::string& name, std::string text) {
    kept_bytes_ += text.size();
    kept_.push_back({name, std::move(text)});
  }

  void read_kept() {
    detail::read_texts(out_, std::exchange(kept_, {}), left_);
    kept_bytes_ = 0;
  }

  // In the order of the files.
  void mistake(const std::string& path, Error error) {
    read_kept();
    detail::add_mistake(out_, {error.code, std::move(error.what), {path}});
  }

  Manifests out_;
  ManifestOptions left_;  // limits minus what was read
  std::size_t files_ = 0;
  std::vector<detail::ManifestFile> kept_;
  std::size_t kept_bytes_ = 0;
};

}  // namespace

Manifests read_manifest_files(const std::vector<std::string>& paths, Source& standard_input,
                              const ManifestOptions& options) {
  FileReader reader(options);
  for (const auto& path : paths) {
    if (path == "-")
      reader.read_stream(standard_input, "<stdin>");
    else
      reader.read_path(path);
  }
  return std::move(reader).take();
}

}  // namespace seawall::kube
