#include "kube/manifest_files.h"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdlib>

#include "base/files.h"

namespace seawall::kube {
namespace {

class Folder {
 public:
  Folder() {
    std::string pattern = "/tmp/seawall-manifests-XXXXXX";
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~Folder() { CHECK(std::system(("rm -r '" + path + "'").c_str()) == 0); }
  Folder(const Folder&) = delete;

  std::string at(const std::string& name) const { return path_join(path, name); }
  void write(const std::string& name, std::string_view pod) const {
    REQUIRE(make_directories(std::string(parent_path(at(name)))));
    auto text = "apiVersion: v1\nkind: Pod\nmetadata: {name: " + std::string(pod) + "}\n";
    REQUIRE(write_file(at(name), text, 0644, Durable::no));
  }
  void link(const std::string& target, const std::string& name) const {
    REQUIRE(::symlink(target.c_str(), at(name).c_str()) == 0);
  }

  std::string path;
};

std::string names(const Manifests& read) {
  std::string out;
  for (const auto& m : read.manifests) out += std::string(m.name) + " ";
  return out;
}

Manifests read(const std::vector<std::string>& paths, const ManifestOptions& options = {}) {
  MemorySource nothing("");
  return read_manifest_files(paths, nothing, options);
}

TEST_CASE("a folder gives its manifests in order") {
  Folder folder;
  folder.write("b.yml", "b");
  folder.write("a.yaml", "a");
  folder.write("c/x.json", "cx");
  folder.write("c/d/y.yaml", "cdy");
  folder.write("z.yaml", "z");
  folder.write("notes.txt", "notes");
  folder.write(".hidden/a.yaml", "hidden");
  auto found = read({folder.path});
  CHECK(found.mistakes.empty());
  CHECK(names(found) == "a b cdy cx z ");
  CHECK(found.manifests[2].where().text() == folder.at("c/d/y.yaml") + ":1:1");
  CHECK(names(read({folder.at("notes.txt"), folder.at("a.yaml")})) == "notes a ");
}

TEST_CASE("links lead to files of the same folder only") {
  Folder folder, outside;
  outside.write("secret.yaml", "secret");
  folder.write("..data/a.yaml", "a");
  folder.link("..data/a.yaml", "a.yaml");
  folder.link(outside.at("secret.yaml"), "secret.yaml");
  folder.link(outside.path, "out");
  folder.link(".", "round");
  folder.link("nowhere", "gone.yaml");
  auto found = read({folder.path});
  CHECK(names(found) == "a ");
  CHECK(found.mistakes.empty());
  // What the user names is followed.
  CHECK(names(read({folder.at("secret.yaml"), folder.at("out")})) == "secret secret ");
}

TEST_CASE("the standard input is a file, too") {
  MemorySource input("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\nx\n");
  auto found = read_manifest_files({"-"}, input);
  CHECK(names(found) == "a ");
  REQUIRE(found.mistakes.size() == 1);
  CHECK(found.mistakes[0].text() == "<stdin>:5:1: not an object");
}

TEST_CASE("what can't be read is a mistake of the file") {
  Folder folder;
  folder.write("a.yaml", "a");
  auto missing = read({folder.at("b.yaml"), folder.at("a.yaml")});
  CHECK(names(missing) == "a ");
  REQUIRE(missing.mistakes.size() == 1);
  CHECK(missing.mistakes[0].code == Code::not_found);
  CHECK(missing.mistakes[0].where == SourcePlace{folder.at("b.yaml")});
}

TEST_CASE("the budget is one for all files") {
  Folder folder;
  folder.write("a.yaml", "a");
  folder.write("b.yaml", "b");
  auto bytes = read({folder.path}, {.limits = {.bytes = 60}});
  CHECK(names(bytes) == "a ");
  REQUIRE(bytes.mistakes.size() == 1);
  CHECK(bytes.mistakes[0].code == Code::exhausted);
  auto nodes = read({folder.path}, {.limits = {.nodes = 7}});
  CHECK(names(nodes) == "a ");
  REQUIRE(nodes.mistakes.size() == 1);
  CHECK(nodes.mistakes[0].where.line == 3);
}

}  // namespace
}  // namespace seawall::kube
