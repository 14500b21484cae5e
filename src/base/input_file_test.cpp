#include "base/input_file.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "base/detail/open_below.h"

namespace seawall {
namespace {

struct Scratch {
  std::string path;
  Scratch() {
    char name[] = "/tmp/seawall-test-XXXXXX";
    path = ::mkdtemp(name);
  }
  ~Scratch() { std::filesystem::remove_all(path); }
  std::string at(std::string_view name) const { return path_join(path, name); }
};

const SnapshotLimits small_memory{.memory = 1024, .file = 1 << 20};

TEST_CASE("a snapshot stays as it was when its file is cut and written anew") {
  Scratch scratch;
  auto path = scratch.at("file");
  for (std::size_t size : {0U, 10U, 1024U, 1025U, 300'000U}) {
    CAPTURE(size);
    std::string bytes(size, 'x');
    REQUIRE(write_file(path, bytes));
    auto file = InputFile::open(path);
    REQUIRE(file);
    auto snapshot = file->snapshot(small_memory);
    REQUIRE(snapshot);
    REQUIRE(::truncate(path.c_str(), 0) == 0);
    CHECK(snapshot->view() == bytes);
    // Cut after it was opened: what is left is read, no more.
    auto late = file->snapshot(small_memory);
    REQUIRE(late);
    CHECK(late->view().empty());
  }
}

TEST_CASE("of a partial copy only what was fetched is there, and stays") {
  Scratch scratch;
  auto path = scratch.at("file");
  REQUIRE(write_file(path, std::string(600'000, 'x')));
  auto file = InputFile::open(path);
  REQUIRE(file);
  auto copy = PartialCopy::of(*file, small_memory);
  REQUIRE(copy);
  auto view = copy->view();
  REQUIRE(view.size() == 600'000);
  REQUIRE(copy->fetch(view.substr(10, 300'000)));
  CHECK(view.substr(0, 10) == std::string(10, '\0'));
  CHECK(view.substr(10, 300'000) == std::string(300'000, 'x'));
  CHECK(view.substr(300'010) == std::string(299'990, '\0'));
  REQUIRE(::truncate(path.c_str(), 400'000) == 0);
  REQUIRE(copy->fetch(view.substr(300'010)));
  CHECK(view.substr(10, 399'990) == std::string(399'990, 'x'));
  CHECK(view.substr(400'000) == std::string(200'000, '\0'));
  CHECK(PartialCopy::of(*file, {.memory = 0, .file = 1000}).error().code == Code::exhausted);
}

TEST_CASE("a file that grows after it was opened is held to the limits") {
  Scratch scratch;
  auto path = scratch.at("file");
  REQUIRE(write_file(path, "short"));
  auto file = InputFile::open(path);
  REQUIRE(file);
  REQUIRE(::truncate(path.c_str(), 5000) == 0);
  CHECK(file->snapshot(small_memory)->view().size() == 5000);
  REQUIRE(::truncate(path.c_str(), (1 << 20) + 1) == 0);
  CHECK(file->snapshot(small_memory).error().code == Code::exhausted);
  CHECK(InputFile::open(path)->snapshot(small_memory).error().code == Code::exhausted);
  CHECK(file->read(1024).error().code == Code::exhausted);
  CHECK(file->head(7)->size() == 7);
}

// A tree with a file, and a secret beside it that links lead to.
struct Tree : Scratch {
  Tree() {
    REQUIRE(make_directories(at("root/a/b")));
    REQUIRE(make_directories(at("outside/b")));
    REQUIRE(write_file(at("root/a/b/file"), "inside"));
    REQUIRE(write_file(at("outside/b/file"), "secret"));
    REQUIRE(::symlink("a/b/file", at("root/link").c_str()) == 0);
    REQUIRE(::mkfifo(at("root/pipe").c_str(), 0600) == 0);
  }
};

TEST_CASE("files of a tree are opened without following a link, even one that was put there meanwhile") {
  Tree tree;
  auto root = Directory::open(tree.at("root"));
  REQUIRE(root);
  CHECK(InputFile::open_below(*root, "a/b/file")->read(100).value() == "inside");
  for (std::string path : {"link", "../outside/b/file", "/etc/passwd", "a/b", "pipe"}) {
    CAPTURE(path);
    CHECK(InputFile::open_below(*root, path).error().code == Code::invalid);
  }
  CHECK(InputFile::open_below(*root, "a/none").error().code == Code::not_found);
  // The folder becomes a link that leads out; the root itself is moved away and replaced.
  REQUIRE(::rename(tree.at("root/a").c_str(), tree.at("root/c").c_str()) == 0);
  REQUIRE(::symlink("../outside", tree.at("root/a").c_str()) == 0);
  CHECK(InputFile::open_below(*root, "a/b/file").error().code == Code::invalid);
  REQUIRE(::rename(tree.at("root").c_str(), tree.at("moved").c_str()) == 0);
  REQUIRE(::symlink("outside", tree.at("root").c_str()) == 0);
  CHECK(InputFile::open_below(*root, "c/b/file")->read(100).value() == "inside");
}

TEST_CASE("opening part by part refuses what the kernel's own call refuses") {
  Tree tree;
  auto root = Directory::open(tree.at("root"));
  REQUIRE(root);
  REQUIRE(::symlink("a", tree.at("root/folder-link").c_str()) == 0);
  struct Case {
    std::string path;
    int error;  // 0: opens
  };
  const Case cases[] = {{"a/b/file", 0},
                        {"link", ELOOP},
                        {"folder-link/b/file", ELOOP},
                        {"../outside/b/file", EXDEV},
                        {"a/../../outside/b/file", EXDEV},
                        {"/etc/passwd", EXDEV},
                        {"a/none", ENOENT},
                        {"a/b/file/x", ENOTDIR}};
  for (const auto& c : cases) {
    CAPTURE(c.path);
    for (auto* open : {&detail::open_below, &detail::open_below_by_parts}) {
      auto fd = open(root->descriptor(), c.path, O_RDONLY | O_CLOEXEC);
      CHECK((fd ? 0 : errno) == c.error);
    }
  }
}

}  // namespace
}  // namespace seawall
