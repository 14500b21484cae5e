#include "base/files.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/fsuid.h>
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

TEST_CASE("a link stays, what it points to is replaced") {
  struct Case {
    std::string_view name, link, target, file;
  };
  const Case cases[] = {
      {"to a file beside it", "link", "file", "file"},
      {"to a file that is not there yet", "dangling", "new", "new"},
      {"to another link", "second", "link", "file"},
      {"to a whole path", "absolute", "", "file"},
      {"through a folder", "winding", "../FOLDER/file", "file"},
  };
  Scratch scratch;
  REQUIRE(write_file(scratch.at("file"), "old"));
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto target = c.target.empty() ? scratch.at("file") : std::string(c.target);
    if (auto at = target.find("FOLDER"); at != std::string::npos) target.replace(at, 6, base_name(scratch.path));
    REQUIRE(::symlink(target.c_str(), scratch.at(c.link).c_str()) == 0);
    auto before = status_of(scratch.at(c.file));
    REQUIRE(write_file(scratch.at(c.link), c.name));
    CHECK(read_link(scratch.at(c.link)).value() == target);
    CHECK(read_file(scratch.at(c.file), 100).value() == c.name);
    auto after = status_of(scratch.at(c.link), Links::followed);
    CHECK((!before || before->inode != after->inode));
    CHECK(after->size == c.name.size());
  }
  CHECK(list_directory(scratch.path)->size() == 7);  // and nothing beside them
}

TEST_CASE("a pipe is written, not replaced") {
  Scratch scratch;
  auto path = scratch.at("pipe");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  REQUIRE(::symlink("pipe", scratch.at("link").c_str()) == 0);
  int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  REQUIRE(reader >= 0);
  REQUIRE(write_file(path, "one "));
  REQUIRE(write_file(scratch.at("link"), "two"));
  char seen[16];
  CHECK(std::string_view(seen, static_cast<std::size_t>(::read(reader, seen, sizeof seen))) == "one two");
  ::close(reader);
  CHECK(status_of(path)->kind == FileKind::other);
  CHECK(list_directory(scratch.path)->size() == 2);
}

TEST_CASE("a device is written, not replaced") {
  REQUIRE(write_file("/dev/null", "gone"));
  CHECK(status_of("/dev/null")->kind == FileKind::other);
  CHECK(write_file("/dev/full", "x").error().code == Code::exhausted);
}

TEST_CASE("an open descriptor is written where it stands") {
  Scratch scratch;
  auto path = scratch.at("file");
  int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  REQUIRE(fd >= 0);
  for (std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    REQUIRE(::write(fd, "<", 1) == 1);
    REQUIRE(write_file(std::string(folder) + std::to_string(fd), folder));
    REQUIRE(::write(fd, ">", 1) == 1);
  }
  CHECK(read_file(path, 100).value() == "</dev/fd/></proc/self/fd/>");
  ::close(fd);
}

TEST_CASE("what cannot be written names the path and leaves nothing behind") {
  Scratch scratch;
  REQUIRE(::symlink("second", scratch.at("first").c_str()) == 0);
  REQUIRE(::symlink("first", scratch.at("second").c_str()) == 0);
  REQUIRE(::symlink("absent/file", scratch.at("dangling").c_str()) == 0);
  REQUIRE(write_file(scratch.at("file"), "old"));
  struct Case {
    std::string_view name;
    std::string path;
    Code code;
  };
  const Case cases[] = {
      {"a loop of links", scratch.at("first"), Code::invalid},
      {"a link into a folder that is not there", scratch.at("dangling"), Code::not_found},
      {"a folder", scratch.path, Code::invalid},
      {"a file as a folder", scratch.at("file/x"), Code::not_found},
      {"a folder that is not there", scratch.at("absent/file"), Code::not_found},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto error = write_file(c.path, "new").error();
    CHECK(error.code == c.code);
    CHECK(error.what.starts_with(c.path + ": "));
    CHECK(error.what.contains("; "));  // what to do
    CHECK_FALSE(error.what.contains(".part-"));
  }
  CHECK(list_directory(scratch.path)->size() == 4);
}

TEST_CASE("a folder that takes no file leaves the old one") {
  Scratch scratch;
  auto path = scratch.at("file");
  REQUIRE(write_file(path, "old"));
  ::chmod(path.c_str(), 0666);
  ::chmod(scratch.path.c_str(), 0555);
  ::setfsuid(65534);  // of this thread only: root may write anywhere
  auto done = write_file(path, "new");
  ::setfsuid(::geteuid());
  ::chmod(scratch.path.c_str(), 0755);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == Code::denied);
  CHECK(done.error().what.starts_with(path + ": "));
  CHECK_FALSE(done.error().what.contains(".part-"));
  CHECK(read_file(path, 10).value() == "old");
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
