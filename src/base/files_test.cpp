#include "base/files.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace seawall {
namespace {

// A directory of its own for one test case, removed with all that is directly in it.
struct Scratch {
  std::string path;
  Scratch() {
    char name[] = "/tmp/seawall-test-XXXXXX";
    path = ::mkdtemp(name);
  }
  ~Scratch() {
    for (const auto& name : list_directory(path).value_or(std::vector<std::string>{})) ::unlink(at(name).c_str());
    ::rmdir(path.c_str());
  }
  std::string at(std::string_view name) const { return path_join(path, name); }
};

TEST_CASE("a file is written whole and read back") {
  Scratch scratch;
  auto path = scratch.at("file");
  REQUIRE(write_file(path, "first"));
  REQUIRE(write_file(path, "second", 0600));
  CHECK(read_file(path, 6).value() == "second");
  CHECK(read_file(path, 5).error().code == Code::exhausted);
  CHECK(read_head(path, 3).value() == "sec");
  CHECK(read_head(path, 100).value() == "second");
  CHECK(status_of(path)->mode == 0600);
  CHECK(status_of(path)->size == 6);
  CHECK(list_directory(scratch.path).value() == std::vector<std::string>{"file"});
}

TEST_CASE("big and empty files") {
  Scratch scratch;
  auto path = scratch.at("file");
  std::string big(300000, 'x');
  REQUIRE(write_file(path, big));
  CHECK(read_file(path, UINT64_MAX).value() == big);
  CHECK(MappedFile::open(path)->view() == big);
  REQUIRE(write_file(path, ""));
  CHECK(read_file(path, 0).value().empty());
  CHECK(MappedFile::open(path)->view().empty());
}

TEST_CASE("files whose size the system does not know are read to the end") {
  CHECK(read_file("/proc/self/maps", 1 << 24)->size() > 100);
  CHECK(read_file("/proc/self/maps", 10).error().code == Code::exhausted);
}

TEST_CASE("what cannot be read says why") {
  Scratch scratch;
  CHECK(read_file(scratch.at("absent"), 10).error().code == Code::not_found);
  CHECK(read_file(scratch.path, 10).error().code == Code::invalid);
  auto pipe = scratch.at("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(read_file(pipe, 10).error().code == Code::invalid);  // and does not wait for a writer
  CHECK(MappedFile::open(pipe).error().code == Code::invalid);
  CHECK(status_of(pipe)->kind == FileKind::other);
  CHECK(write_file(scratch.at("absent/file"), "x").error().code == Code::not_found);
  CHECK(read_link(pipe).error().code == Code::invalid);
  CHECK(remove_file(scratch.at("absent")).error().code == Code::not_found);
}

TEST_CASE("links are seen, not followed, by status_of") {
  Scratch scratch;
  auto link = scratch.at("link");
  REQUIRE(::symlink("nowhere", link.c_str()) == 0);
  CHECK(status_of(link)->kind == FileKind::symlink);
  CHECK(read_link(link).value() == "nowhere");
  CHECK_FALSE(exists(link));
}

TEST_CASE("directories are made with their parents") {
  Scratch scratch;
  auto deep = scratch.at("a/b");
  REQUIRE(make_directories(deep + "/"));
  REQUIRE(make_directories(deep));
  CHECK(status_of(deep)->kind == FileKind::directory);
  REQUIRE(write_file(scratch.at("file"), ""));
  CHECK(make_directories(scratch.at("file/x")).error().code == Code::conflict);
  ::rmdir(deep.c_str());
  ::rmdir(scratch.at("a").c_str());
}

TEST_CASE("an unlinked file has no name and is mapped back") {
  Scratch scratch;
  auto file = UnlinkedFile::create(scratch.path);
  REQUIRE(file);
  REQUIRE(file->append("one "));
  REQUIRE(file->append("two"));
  CHECK(file->size() == 7);
  auto moved = std::move(*file);
  auto map = moved.map();
  CHECK(map->view() == "one two");
  CHECK(list_directory(scratch.path)->empty());
}

TEST_CASE("a lock is held once") {
  Scratch scratch;
  auto path = scratch.at("lock");
  auto first = FileLock::acquire(path, FileLock::Wait::no);
  REQUIRE(first);
  CHECK(FileLock::acquire(path, FileLock::Wait::no).error().code == Code::conflict);
  {
    auto released = std::move(*first);
  }
  CHECK(FileLock::acquire(path, FileLock::Wait::yes));
}

TEST_CASE("paths") {
  CHECK(path_join("a/b", "c") == "a/b/c");
  CHECK(path_join("a/", "/c") == "a/c");
  CHECK(path_join("/", "c") == "/c");
  CHECK(path_join("", "c") == "c");
  CHECK(path_join("a", "") == "a");
  CHECK(base_name("a/b") == "b");
  CHECK(base_name("b/") == "b");
  CHECK(base_name("/") == "");
  CHECK(parent_path("a/b") == "a");
  CHECK(parent_path("a//b/") == "a");
  CHECK(parent_path("/a") == "/");
  CHECK(parent_path("/") == "/");
  CHECK(parent_path("a") == "");
}

TEST_CASE("normal paths stay inside the root") {
  struct Case {
    std::string_view path, normal;
  };
  constexpr Case cases[] = {
      {"", ""},        {"/", ""},         {"a//b/./c/", "a/b/c"}, {"../../etc", "etc"}, {"/a/../../b", "b"},
      {"a/b/..", "a"}, {"a/b/../..", ""}, {"...", "..."},         {"./a", "a"},         {"a/..b", "a/..b"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.path);
    CHECK(normal_path(c.path) == c.normal);
  }
}

}  // namespace
}  // namespace seawall
