"""Images made to harm, a machine that fails, processes that are killed: each ends in a clear error or a stated part.

Every call has a time limit and a memory limit. Big inputs are made of pieces that repeat: quick to make, small on disk.
"""
import gzip
import hashlib
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import tarfile
import time
import zlib

import pytest

import support
from support import (APPLICATION, CONFIG, DEBIAN_BASE, FOLDER, INDEX, LAYER, MANIFEST, Layer, Layout, Link, digest_of, files_below,
                     ids_of, image_in, layer, names_of, notices_of, package_json, package_lock, packages_of, tar_of, tiny_disk,
                     without_times)

MEMORY = 512 << 20
GOOD = layer(APPLICATION, "COPY app /app")


def ends_well(done, *codes):
    """A clear message, no crash, little memory."""
    assert done.code in codes, f"{done.code}: {done.err[:500]}"
    assert done.peak < MEMORY, f"{done.peak >> 20} MiB"
    assert done.code == 0 or done.err.startswith("seawall: ") or json.loads(done.out)["partial"]
    return done


def scan_bad(seawall, target, *codes, timeout=30):
    return ends_well(seawall.measured("scan", "-o", "json", target, timeout=timeout), *(codes or (3,)))


def header(name, kind=b"0", size=0, link=""):
    """A ustar header as it is, whatever it claims."""
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, link
    entry.size = size
    return entry.tobuf(tarfile.GNU_FORMAT)


def claims(name, kind, size):
    """A header with a size as big as base-256 takes, without the content."""
    block = bytearray(header(name, kind))
    block[124:136] = b"\x80" + size.to_bytes(11, "big")
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def padded(data):
    return data + bytes(-len(data) % 512)


END = bytes(1024)


class StreamedLayer:
    """A gzip layer written piece by piece into a layout; pieces that repeat are compressed once."""

    def __init__(self, layout, level=1):
        self.path = layout.folder / "blobs" / "sha256" / "growing"
        self.file = open(self.path, "wb")
        self.level, self.plain, self.size, self.crc = level, hashlib.sha256(), 0, 0
        self.file.write(b"\x1f\x8b\x08\0\0\0\0\0\0\xff")

    def piece(self, data, times=1):
        squeeze = zlib.compressobj(self.level, zlib.DEFLATED, -15)
        packed = squeeze.compress(data) + squeeze.flush(zlib.Z_FULL_FLUSH)
        for _ in range(times):
            self.plain.update(data)
            self.crc = zlib.crc32(data, self.crc)
            self.file.write(packed)
        self.size += len(data) * times

    def finish(self):
        self.file.write(b"\x03\0" + struct.pack("<II", self.crc, self.size & 0xFFFFFFFF))
        self.file.close()
        with open(self.path, "rb") as f:
            digest = "sha256:" + hashlib.file_digest(f, "sha256").hexdigest()
        self.path.rename(self.path.with_name(digest.split(":")[1]))
        size = (self.path.with_name(digest.split(":")[1])).stat().st_size
        return Layer(b"", "sha256:" + self.plain.hexdigest(), LAYER + "+gzip", digest=digest, size=size, missing=True)


# Files that can't be read


BROKEN = {"package-lock.json": b"[" * 200000, "Cargo.lock": b"[[package]\nname = ", "app.jar": b"PK\x03\x04" + b"x" * 2000,
          "pom.xml": b"<project><", "var/lib/rpm/rpmdb.sqlite": b"SQLite format 3\0" + b"\xff" * 4000}


@pytest.mark.parametrize("path", BROKEN)
def test_a_broken_file_is_a_stated_part(seawall, tmp_path, path):
    """Exit code 3, its name, the same from the cache; and what else there is."""
    target = image_in(tmp_path / "i", GOOD, layer({path: BROKEN[path]}))
    for _ in range(2):
        done = scan_bad(seawall, target)
        assert done.code == 3 and done.json()["partial"] and names_of(done.json()) == {"lodash", "leftish"}
        assert [f"layer 2: {path}" in text for text in notices_of(done.json())] == [True], notices_of(done.json())
    # A file that an upper layer deletes is in no container.
    gone = layer({os.path.join(os.path.dirname(path), ".wh." + os.path.basename(path)): b""})
    done = scan_bad(seawall, image_in(tmp_path / "gone", GOOD, layer({path: BROKEN[path]}), gone), 0)
    assert not done.json()["partial"] and not notices_of(done.json())


# Bombs


def test_a_gzip_bomb_is_read_through_in_bounded_memory(seawall, tmp_path):
    layout = Layout(tmp_path / "i")
    bomb = StreamedLayer(layout, 9)
    bomb.piece(claims("app/package-lock.json", b"0", 512 << 20))
    bomb.piece(bytes(1 << 20), 512)
    bomb.piece(END)
    done = scan_bad(seawall, layout.tag(layout.image(bomb.finish(), GOOD)).target, 0, 3)
    assert names_of(done.json()) == {"lodash", "leftish"} and done.json()["partial"]
    assert any("layer 1: app/package-lock.json: larger than" in text for text in notices_of(done.json()))


@pytest.mark.skipif(not shutil.which("zstd"), reason="no zstd program")
def test_a_zstd_bomb_is_stopped_by_its_ratio(seawall, tmp_path):
    packed = subprocess.run("head -c 1073741824 /dev/zero | zstd -c", shell=True, capture_output=True, check=True).stdout
    assert len(packed) < 1 << 18
    bomb = Layer(packed, "sha256:" + "0" * 64, LAYER + "+zstd")
    done = scan_bad(seawall, image_in(tmp_path / "i", GOOD, bomb))
    assert done.json()["partial"] and names_of(done.json()) == {"lodash", "leftish"}
    assert any("layer 2" in text for text in notices_of(done.json()))


def test_a_million_entries_in_a_layer(seawall, tmp_path):
    layout = Layout(tmp_path / "i")
    many = StreamedLayer(layout)
    thousand = {}
    for outer in range(1000):
        digits = b"%03d" % outer
        # Headers differ in three digits of the folder and so in their sums: a sheet of a thousand for each sum.
        if sum(digits) not in thousand:
            thousand[sum(digits)] = (digits, b"".join(header(f"a-fold{digits.decode()}/b{i:03}.txt") for i in range(1000)))
        made_for, sheet = thousand[sum(digits)]
        many.piece(sheet.replace(b"a-fold" + made_for, b"a-fold" + digits))
    many.piece(END)
    done = scan_bad(seawall, layout.tag(layout.image(many.finish(), GOOD)).target, 0, 3)
    assert names_of(done.json()) == {"lodash", "leftish"} and done.seconds < 20


def test_a_hundred_thousand_lockfiles_of_one_name(seawall, tmp_path):
    layout = Layout(tmp_path / "i")
    many = StreamedLayer(layout)
    one = package_lock(lodash="4.17.20").encode()
    many.piece((header("app/package-lock.json", size=len(one)) + padded(one)) * 1000, 100)
    many.piece(END)
    done = scan_bad(seawall, layout.tag(layout.image(many.finish())).target, 0, 3)
    assert done.code == 3 or packages_of(done.json()) == {("npm", "lodash", "4.17.20")}


def test_sparse_files_that_claim_terabytes(seawall, tmp_path):
    old = bytearray(claims("app/package-lock.json", b"S", 512))
    old[386:398], old[398:410], old[483:495] = b"%011o\0" % (1 << 32), b"%011o\0" % 512, b"\x80" + (1 << 42).to_bytes(11, "big")
    old[148:156] = b" " * 8
    old[148:156] = b"%06o\0 " % sum(old)
    scan_bad(seawall, image_in(tmp_path / "i", layer(bytes(old) + bytes(512) + END), GOOD), 0, 3)


@pytest.mark.parametrize("kind", [b"x", b"g", b"L", b"K"])
@pytest.mark.parametrize("size", [1 << 24, 1 << 40, (1 << 63) - 1, 1 << 80])
def test_extended_headers_of_any_size(seawall, tmp_path, kind, size):
    content = bytes(1 << 24) if size == 1 << 24 else b"30 path=a\n"
    done = scan_bad(seawall, image_in(tmp_path / "i", layer(claims("x", kind, size) + padded(content) + END), GOOD))
    assert done.json()["partial"] and names_of(done.json()) == {"lodash", "leftish"}


def test_files_that_claim_more_than_there_is(seawall, tmp_path):
    for i, size in enumerate((1 << 30, 1 << 62, 1 << 80)):
        done = scan_bad(seawall, image_in(tmp_path / str(i), layer(claims("app/package-lock.json", b"0", size) + END), GOOD))
        assert names_of(done.json()) == {"lodash", "leftish"}


def test_a_lockfile_of_a_hundred_megabytes(seawall, tmp_path):
    layout = Layout(tmp_path / "i")
    big = StreamedLayer(layout)
    big.piece(claims("app/package-lock.json", b"0", 100 << 20) + b"{" + b" " * 511)
    big.piece(b"[" * (1 << 20), 99)
    big.piece(bytes((1 << 20) - 512) + END)
    scan_bad(seawall, layout.tag(layout.image(big.finish(), GOOD)).target, 0, 3)


def test_one_package_in_a_hundred_thousand_places(seawall, tmp_path):
    layout = Layout(tmp_path / "i")
    many = StreamedLayer(layout)
    for n in range(100):
        one = json.dumps({"name": "x", "version": "1.0.0", "license": f"L-{n}"}).encode()
        many.piece(b"".join(header(f"a{n:03}/{i:03}/node_modules/x/package.json", size=len(one)) + padded(one) for i in range(1000)))
    many.piece(END)
    done = scan_bad(seawall, layout.tag(layout.image(many.finish())).target, 0, 3)
    assert packages_of(done.json()) == {("npm", "x", "1.0.0")}


LISTS = {"requirements.txt": "a-fold{:05}==1\n", "app/Gemfile.lock": "    a-fold{:05} (1)\n", "yarn.lock": "a-fold{:05}@1:\n  version \"1\"\n\n",
         "var/lib/dpkg/status": "Package: a-fold{:05}\nStatus: install ok installed\nVersion: 1\n\n",
         "lib/apk/db/installed": "P:a-fold{:05}\nV:1\nA:x\n\n", "package-lock.json": '"a-fold{:05}":{{"version":"1.0.0"}},'}


@pytest.mark.parametrize("name", LISTS)
def test_lists_of_a_million_packages(seawall, tmp_path, name):
    """Two layers that are read at once, each with a list that would fill the memory."""
    layout = Layout(tmp_path / "i")
    sheet = "".join(map(LISTS[name].format, range(50000))).encode()
    start = {"app/Gemfile.lock": b"GEM\n  specs:\n", "package-lock.json": b'{"lockfileVersion":1,"dependencies":{'}.get(name, b"")
    layers = []
    for place in ("", "second/") if "lib" not in name else ("", ""):
        many = StreamedLayer(layout)
        size = len(start) + len(sheet) * 20
        many.piece(claims(place + name, b"0", size) + start)
        for letter in b"bcdefghijklmnopqrstu":
            many.piece(sheet.replace(b"-fold", b"-%cold" % letter))
        many.piece(bytes(-size % 512) + END)
        layers.append(many.finish())
    done = scan_bad(seawall, layout.tag(layout.image(GOOD, *layers)).target, 0, 3)
    assert {"lodash", "leftish"} <= names_of(done.json())
    assert done.code == 3 or notices_of(done.json())


ENDLESS = [("requirements.txt", b"\n"), ("requirements.txt", b"a,"), ("requirements.txt", b"\\\n"), ("yarn.lock", b"\n"), ("app/Gemfile.lock", b"\n"),
           ("go.mod", b"\n"), ("go.mod", b"a "), ("gradle.lockfile", b"\n"), ("usr/share/doc/a/copyright", b"License: x\n"),
           ("etc/os-release", b"ID_LIKE=a a\n"), ("var/lib/dpkg/status", b"Status: a a\n")]


@pytest.mark.parametrize("size", [60 << 20, 300 << 20])
@pytest.mark.parametrize("name,unit", ENDLESS, ids=lambda part: part if isinstance(part, str) else "")
def test_texts_of_nothing_but_lines_or_words(seawall, tmp_path, name, unit, size):
    """Next to nothing as a blob; a list of all their lines or words would be many times as large as they are."""
    layout = Layout(tmp_path / "i")
    many = StreamedLayer(layout)
    many.piece(claims(name, b"0", size))
    many.piece((unit * (1 << 20))[:1 << 20], size >> 20)
    many.piece(END)
    done = scan_bad(seawall, layout.tag(layout.image(many.finish(), GOOD)).target, 0, 3, timeout=60)
    assert {"lodash", "leftish"} <= names_of(done.json())


def test_links_with_long_names_by_the_hundred_thousand(seawall, tmp_path):
    layout = Layout(tmp_path / "i")
    layers = []
    for _ in range(2):
        many = StreamedLayer(layout)
        record = b"path=" + b"n" * 3000 + b"\n"
        extended = b"%d " % (len(record) + 5) + record
        many.piece((header("x", b"x", len(extended)) + padded(extended) + header("short", b"2", link="t" * 99)) * 100, 2000)
        many.piece(END)
        layers.append(many.finish())
    done = scan_bad(seawall, layout.tag(layout.image(GOOD, *layers)).target, 0, 3)
    assert names_of(done.json()) == {"lodash", "leftish"} and done.json()["partial"]


# Names


def test_long_and_deep_names(seawall, tmp_path):
    files = {"n" * 200000 + "/package-lock.json": package_lock(lodash="4.17.20"), "d/" * 20000 + "package-lock.json": package_lock(a="1.0.0"),
             "e/" * 500 + "package-lock.json": package_lock(chalk="5.0.0"), "link": Link("t/" * 100000)}
    done = scan_bad(seawall, image_in(tmp_path / "i", layer(files), GOOD), 0, 3)
    assert {"lodash", "leftish"} <= names_of(done.json()) and notices_of(done.json())


def test_nothing_is_written_where_paths_of_an_image_point(seawall, tmp_path):
    mark = f"seawall-evil-{os.getpid()}"
    inside = json.dumps({"name": "evil", "version": "1.0.0"})
    files = [(f"{up}{place}{mark}/package.json", inside) for up in ("/", "../", "../" * 20, "a/../../", "./../", "//") for place in ("", "tmp/")]
    files += [("out", Link("/tmp")), (f"out/{mark}", inside), ("up", Link("../../../../tmp")), (f"up/{mark}", inside),
              ("hard", Link("/etc/passwd", hard=True)), ("hard2", Link("../../etc/passwd", hard=True))]
    target = image_in(tmp_path / "i", layer(tar_of(files)), GOOD)
    before = files_below(tmp_path)
    done = scan_bad(seawall, target, 0, 3)
    changed = {p for p, state in files_below(tmp_path).items() if before.get(p) != state}
    assert all(p.startswith(str(seawall.home)) for p in changed)
    assert not any(os.path.lexists(f"{place}/{mark}") for place in ("", "/tmp", "..", seawall.work, seawall.work.parent, tmp_path))
    assert not any("root:" in json.dumps(p) for p in done.json()["packages"])


def test_loops_of_links(seawall, tmp_path):
    files = {"a": Link("b"), "b": Link("a"), "self": Link("self"), "d/up": Link(".."), "d/d": Link("."),
             "etc/os-release": Link("../usr/os-release"), "usr/os-release": Link("../etc/os-release"),
             "x/package-lock.json": Link("y/package-lock.json", hard=True), "y/package-lock.json": Link("x/package-lock.json", hard=True)}
    upper = {"a/app/package-lock.json": package_lock(chalk="5.0.0"), "self/package-lock.json": package_lock(chalk="5.0.0"),
             "d/up/d/up/d/d/d/package-lock.json": package_lock(chalk="5.0.0")}
    done = scan_bad(seawall, image_in(tmp_path / "i", layer(files), layer(upper), GOOD), 0)
    assert {"lodash", "leftish"} <= names_of(done.json())


def test_ten_thousand_links_that_lead_to_each_other(seawall, tmp_path):
    chain = {f"l{i}": Link(f"l{i + 1}") for i in range(10000)} | {"l10000": Link("app")}
    upper = {f"l{i}/package-lock.json": package_lock(chalk="5.0.0") for i in range(0, 10000, 5)}
    done = scan_bad(seawall, image_in(tmp_path / "i", layer(chain), layer(upper)), 0)
    assert done.seconds < 10


def test_of_entries_with_one_name_the_last_counts(seawall, tmp_path):
    twice = [("app/package-lock.json", package_lock(lodash="4.17.20")), ("app/package-lock.json", package_lock(lodash="4.17.21"))]
    assert packages_of(seawall.scan(image_in(tmp_path / "i", layer(tar_of(twice))))) == {("npm", "lodash", "4.17.21")}
    gone = [("app/package-lock.json", package_lock(lodash="4.17.20")), ("app/package-lock.json", "x" * 100)]
    # The one that counts can't be read, which is told.
    assert not packages_of(scan_bad(seawall, image_in(tmp_path / "j", layer(tar_of(gone)))).json())


@pytest.mark.parametrize("name", ["\x1b[2J", "a\nb", "\xff\xfe", "a\\b", "con\u202etxt"])
def test_names_of_any_bytes(seawall, tmp_path, name):
    files = {f"{name}/node_modules/x/package.json": package_json("x", "1.0.0")}
    done = scan_bad(seawall, image_in(tmp_path / "i", layer(files)), 0)
    assert names_of(done.json()) == {"x"}


# Layers that are not what they should be


WHOLE = gzip.compress(tar_of({f"f{i}": random.Random(i).randbytes(5000) for i in range(20)} | APPLICATION), 6, mtime=0)


@pytest.mark.parametrize("keep", [0, 1, 9, 10, 11, 300, 600, len(WHOLE) // 2, len(WHOLE) - 9, len(WHOLE) - 8, len(WHOLE) - 1])
def test_a_truncated_layer_is_an_error_alone_and_a_stated_part_beside_others(seawall, tmp_path, keep):
    cut = Layer(WHOLE[:keep], digest_of(gzip.decompress(WHOLE)), LAYER + "+gzip")
    done = scan_bad(seawall, image_in(tmp_path / "alone", cut))
    assert done.out == "" and "sha256:" in done.err or "layer" in done.err or "corrupt" in done.err or "ends" in done.err
    done = scan_bad(seawall, image_in(tmp_path / "beside", layer(DEBIAN_BASE), cut))
    assert done.json()["partial"] and names_of(done.json()) == {"libssl3", "bash"}
    assert any(text.startswith("layer 2 (sha256:") for text in notices_of(done.json()))
    assert ids_of(done.json()) == {"CVE-2024-1004", "CVE-2024-1005"}


def test_what_was_read_in_part_is_not_kept_as_whole(seawall, tmp_path):
    cut = Layer(WHOLE[:len(WHOLE) // 2], digest_of(gzip.decompress(WHOLE)), LAYER + "+gzip")
    target = image_in(tmp_path / "i", layer(DEBIAN_BASE), cut)
    assert [seawall("scan", target).code for _ in range(2)] == [3, 3]


LIES = {
    "another content than its digest": {"digest": "sha256:" + "1" * 64},
    "another content than its diff_id": {"diff_id": "sha256:" + "2" * 64},
    "longer than announced": {"size": 10},
    "shorter than announced": {"size": 1 << 40},
    "an unknown media type": {"media_type": "application/vnd.example.unknown"},
    "encrypted": {"media_type": LAYER + "+gzip+encrypted"},
    "absent": {"missing": True},
    "foreign, with addresses": {"missing": True, "urls": ("https://registry.invalid/layer",),
                                "media_type": "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"},
    "no tar": {"blob": gzip.compress(os.urandom(5000))},
    "of a digest that is none": {"digest": "sha256:xyz", "missing": True},
    "of a digest that is a path": {"digest": "sha256:../../../../etc/passwd", "missing": True},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_layer_that_is_not_what_the_image_says(seawall, tmp_path, lie):
    done = scan_bad(seawall, image_in(tmp_path / "i", layer(DEBIAN_BASE), layer(APPLICATION, **LIES[lie])), 2, 3, timeout=10)
    if done.out:
        assert done.json()["partial"] and names_of(done.json()) == {"libssl3", "bash"}
        assert any("layer 2" in text for text in notices_of(done.json()))
    assert "root:" not in done.out + done.err


def test_a_layer_with_rubbish_behind_its_end_is_read(seawall, tmp_path):
    plain = tar_of(APPLICATION) + bytes(4096)
    assert names_of(seawall.scan(image_in(tmp_path / "i", layer(plain)))) == {"lodash", "leftish"}


# Manifests


def layout_with(folder, index):
    layout = Layout(folder)
    (layout.folder / "index.json").write_bytes(index if isinstance(index, bytes) else json.dumps(index).encode())
    return layout.target


BAD_INDEXES = {
    "empty": b"", "no JSON": b"{", "a list": b"[]", "no manifests": {"schemaVersion": 2, "manifests": []},
    "manifests that are no list": {"schemaVersion": 2, "manifests": {"a": 1}},
    "a descriptor without digest": {"schemaVersion": 2, "manifests": [{"mediaType": MANIFEST, "size": 3}]},
    "a digest that climbs": {"schemaVersion": 2, "manifests": [{"mediaType": MANIFEST, "digest": "sha256:../../index.json", "size": 3}]},
    "a negative size": {"schemaVersion": 2, "manifests": [{"mediaType": MANIFEST, "digest": "sha256:" + "0" * 64, "size": -1}]},
    "an absent blob": {"schemaVersion": 2, "manifests": [{"mediaType": MANIFEST, "digest": "sha256:" + "0" * 64, "size": 3}]},
    "a huge number": b'{"schemaVersion": 2, "manifests": [{"size": 1e999}]}', "depth": b"[" * 100000,
    "big and empty": b'{"schemaVersion":2,"manifests":[' + b" " * (20 << 20) + b"]}",
}


@pytest.mark.parametrize("case", BAD_INDEXES)
def test_a_bad_index_is_a_clear_error(seawall, tmp_path, case):
    done = scan_bad(seawall, layout_with(tmp_path / "i", BAD_INDEXES[case]), 2, 3, timeout=10)
    assert done.out == ""


def test_indexes_within_indexes_have_an_end(seawall, tmp_path):
    layout = Layout(tmp_path / "i")
    inner = layout.image(GOOD)
    for _ in range(300):
        inner = layout.document({"schemaVersion": 2, "mediaType": INDEX, "manifests": [inner]}, INDEX)
    scan_bad(seawall, layout.tag(inner).target, 2, 3, timeout=10)


def test_an_index_that_contains_itself_has_an_end(seawall, tmp_path):
    layout = Layout(tmp_path / "i")
    name = "sha256:" + "a" * 64
    itself = {"mediaType": INDEX, "digest": name, "size": 300}
    layout.blob(json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [itself, itself]}).encode().ljust(300), INDEX, name)
    scan_bad(seawall, layout.tag(itself).target, 2, 3, timeout=10)


def test_an_index_of_many_that_double_at_every_step_has_an_end(seawall, tmp_path):
    layout = Layout(tmp_path / "i")
    inner = layout.image(GOOD)
    for _ in range(30):
        inner = layout.document({"schemaVersion": 2, "mediaType": INDEX, "manifests": [inner, inner]}, INDEX)
    layout.tag(inner)
    ends_well(seawall.measured("scan", "--platform", "all", "-o", "json", layout.target, timeout=10), 0, 2, 3)


def test_an_image_of_a_hundred_thousand_layers(seawall, tmp_path):
    layout = Layout(tmp_path / "i")
    one = layout.blob(GOOD.blob, GOOD.media_type)
    config = layout.document({"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": [GOOD.diff_id] * 100000}}, CONFIG)
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [one] * 100000}
    ends_well(seawall.measured("scan", "-o", "json", layout.tag(layout.document(manifest, MANIFEST)).target, timeout=20), 0, 2, 3)


BAD_CONFIGS = {"no JSON": b"{", "a list": b"[]", "empty": b"{}", "fewer diff_ids": {"rootfs": {"diff_ids": []}},
               "diff_ids that are none": {"rootfs": {"diff_ids": ["x"]}}, "history that is none": {"rootfs": {"diff_ids": [GOOD.diff_id]}, "history": 3},
               "more history than layers": {"rootfs": {"diff_ids": [GOOD.diff_id]}, "history": [{"created_by": "x"}] * 50}}


@pytest.mark.parametrize("case", BAD_CONFIGS)
def test_a_bad_config_is_a_clear_error_or_does_not_matter(seawall, tmp_path, case):
    layout = Layout(tmp_path / "i")
    text = BAD_CONFIGS[case]
    config = layout.blob(text if isinstance(text, bytes) else json.dumps(text).encode(), CONFIG)
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layout.blob(GOOD.blob, GOOD.media_type)]}
    done = scan_bad(seawall, layout.tag(layout.document(manifest, MANIFEST)).target, 0, 2, 3)
    assert not done.out or names_of(done.json()) == {"lodash", "leftish"}


@pytest.mark.parametrize("keep", [0.0, 0.1, 0.5, 0.9])
def test_a_truncated_archive_is_a_clear_error(seawall, tmp_path, keep):
    path = tmp_path / "saved.tar"
    support.docker_archive(path, layer({f"f{i}": os.urandom(3000) for i in range(30)}), GOOD)
    path.write_bytes(path.read_bytes()[:int(path.stat().st_size * keep)])
    scan_bad(seawall, f"docker-archive:{path}", 2, 3)
    scan_bad(seawall, path, 2, 3)
    scan_bad(seawall, f"oci-archive:{path}", 2, 3)


BAD_SBOMS = {"empty": b"", "no JSON": b"{", "another JSON": b'{"a": 1}', "CycloneDX of lists": b'{"bomFormat":"CycloneDX","components":{"a":[]}}',
             "depth": b'{"bomFormat":"CycloneDX","components":' + b"[" * 100000, "binary": os.urandom(3000),
             "SPDX without packages": b'{"spdxVersion":"SPDX-2.3","packages":7}'}


@pytest.mark.parametrize("case", BAD_SBOMS)
def test_a_bad_sbom_is_a_clear_error_or_empty(seawall, tmp_path, case):
    (tmp_path / "x.json").write_bytes(BAD_SBOMS[case])
    scan_bad(seawall, f"sbom:{tmp_path}/x.json", 0, 2, 3)


def test_a_list_of_one_package_a_hundred_thousand_times(seawall, tmp_path):
    one = '{"type":"library","name":"a","version":"1","purl":"pkg:npm/a@1"}'
    (tmp_path / "many.json").write_text('{"bomFormat":"CycloneDX","specVersion":"1.5","components":[' + ",".join([one] * 100_000) + "]}")
    for form in ("cyclonedx", "spdx"):
        done = seawall.measured("sbom", "-o", form, f"sbom:{tmp_path}/many.json", timeout=30)
        assert done.code == 0 and done.seconds < 15


def test_a_key_given_twice_at_every_depth_of_an_sbom(seawall, tmp_path):
    nested = '{"purl":"pkg:npm/lodash@4.17.20"}'
    for _ in range(40):
        nested = f'{{"components":[{nested}],"components":[{nested}]}}' if len(nested) < 1 << 16 else f'{{"components":[],"components":[{nested}]}}'
    (tmp_path / "sboms").mkdir()
    (tmp_path / "sboms" / "a.json").write_text(f'{{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{nested}]}}')
    done = seawall.measured("rematch", "--no-cache", tmp_path / "sboms", timeout=30)
    assert done.code == 0 and "1 distinct packages" in done.out and done.seconds < 10


def test_a_source_tree_made_to_harm(seawall, tmp_path):
    deep = tmp_path / "tree"
    here = os.open(tmp_path, os.O_RDONLY)
    os.mkdir("tree", dir_fd=here)
    for part in ["tree"] + ["d" * 100] * 300:
        if part != "tree":
            os.mkdir(part, dir_fd=here)
        below = os.open(part, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    (deep / "package-lock.json").write_bytes(b"[" * 200000)
    (deep / "yarn.lock").write_bytes(os.urandom(20000))
    (deep / "app.jar").write_bytes(b"PK\x03\x04" + os.urandom(20000))
    (deep / "pom.xml").write_text('<!DOCTYPE a [<!ENTITY x "yyyyyyyyyy"><!ENTITY z "&x;&x;&x;&x;">]><project>&z;</project>')
    done = scan_bad(seawall, f"dir:{deep}", 0, 3)
    assert notices_of(done.json())
    shutil.rmtree(deep)


# A machine that fails


IMAGE = [layer({f"l{n}/f{i}": random.Random(n * 100 + i).randbytes(20000) for i in range(20)} |
               {f"l{n}/node_modules/p{n}/package.json": package_json(f"p{n}", "1.0.0")}) for n in range(6)]


def test_a_full_disk_costs_the_cache_only(seawall, tmp_path):
    target = image_in(tmp_path / "i", *IMAGE)
    fresh = seawall.scan("--no-cache", target)
    with tiny_disk(tmp_path / "disk", "4k") as disk:
        done = seawall("scan", "-o", "json", target, env={"SEAWALL_CACHE_DIR": str(disk / "cache")})
        assert done.code == 0 and any("kept" in text for text in notices_of(done.json()))
        assert {p["name"] for p in done.json()["packages"]} == names_of(fresh)


def test_a_full_disk_leaves_no_part_of_a_result(seawall, tmp_path):
    target = image_in(tmp_path / "i", *IMAGE)
    with tiny_disk(tmp_path / "disk", "8k") as disk:
        (disk / "out.json").write_text("old")
        done = seawall("scan", f"-ojson={disk}/out.json", target)
        assert done.code == 3 and "out.json" in done.err
        assert os.listdir(disk) == ["out.json"] and (disk / "out.json").read_text() == "old"


def test_a_full_disk_leaves_the_database_as_it_was(seawall, tmp_path, database):
    feeds = support.write_feeds(tmp_path / "feeds", [support.osv(f"GHSA-{i:04}-aaaa-bbbb", "npm", f"p{i}") for i in range(300)])
    with tiny_disk(tmp_path / "disk", "24k") as disk:
        shutil.copy(database, disk / "a.db")
        done = seawall("db", "build", "--from", feeds, "-o", disk / "a.db")
        assert done.code == 3 and "a.db" in done.err
        assert os.listdir(disk) == ["a.db"] and (disk / "a.db").read_bytes() == database.read_bytes()


def test_a_full_disk_for_a_big_file_is_a_stated_part(seawall, tmp_path):
    layout = Layout(tmp_path / "i")
    big = StreamedLayer(layout)
    big.piece(claims("app/package-lock.json", b"0", 20 << 20))
    big.piece(b" " * (1 << 20), 20)
    big.piece(END)
    target = layout.tag(layout.image(layer(DEBIAN_BASE), big.finish())).target
    with tiny_disk(tmp_path / "disk", "64k") as disk:
        done = seawall("scan", "-o", "json", target, env={"TMPDIR": str(disk)})
        ends_well(done, 0, 3)
        assert done.json()["partial"] == (done.code == 3) and {"libssl3", "bash"} <= names_of(done.json())


def test_a_cache_that_cannot_be_written_is_told_and_done_without(seawall, tmp_path):
    (tmp_path / "file").write_text("in the way")
    target = image_in(tmp_path / "i", *IMAGE)
    report = seawall.scan(target, env={"SEAWALL_CACHE_DIR": str(tmp_path / "file" / "cache")})
    assert names_of(report) == {f"p{n}" for n in range(6)} and any("kept" in text for text in notices_of(report))


def test_a_read_only_cache_is_used_and_not_written(seawall, tmp_path):
    target, other = image_in(tmp_path / "i", *IMAGE[:3]), image_in(tmp_path / "j", *IMAGE)
    with tiny_disk(tmp_path / "disk", "4m") as disk:
        place = {"SEAWALL_CACHE_DIR": str(disk / "cache")}
        warm = seawall.scan(target, env=place)
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        before = files_below(disk)
        assert without_times(seawall.scan(target, env=place)) == without_times(warm)
        assert names_of(seawall.scan(other, env=place)) == {f"p{n}" for n in range(6)}
        assert files_below(disk) == before


def test_damaged_cache_entries_are_read_again(seawall, tmp_path):
    target = image_in(tmp_path / "i", *IMAGE)
    whole = without_times(seawall.scan(target))
    entries = [p for p in (seawall.cache / "layers").rglob("*") if p.is_file()]
    assert len(entries) == 6
    for damage in (lambda b: b[:len(b) // 2], lambda b: b"", lambda b: b[:-1] + bytes([b[-1] ^ 1]), lambda b: os.urandom(len(b)), lambda b: b + b"x"):
        for entry in entries:
            entry.write_bytes(damage(entry.read_bytes()))
        assert without_times(seawall.scan(target)) == whole


def test_killed_scans_leave_a_good_cache(seawall, tmp_path):
    target = image_in(tmp_path / "i", *IMAGE)
    whole = without_times(seawall.scan("--no-cache", target))
    chance = random.Random(7)
    for _ in range(25):
        seawall("cache", "clean")
        process = seawall.start("scan", target, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.002, 0.06))
        process.kill()
        process.wait()
        assert without_times(seawall.scan(target)) == whole
    assert seawall("cache", "clean").code == 0
    assert not [p for p in seawall.cache.rglob("*") if p.is_file()]


def test_killed_builds_leave_the_old_database(seawall, tmp_path, database):
    feeds = support.write_feeds(tmp_path / "feeds", [support.osv(f"GHSA-{i:04}-aaaa-bbbb", "npm", f"p{i}") for i in range(300)])
    shutil.copy(database, tmp_path / "a.db")
    chance = random.Random(7)
    for _ in range(10):
        process = seawall.start("db", "build", "--from", feeds, "-o", tmp_path / "a.db", stdout=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.002, 0.05))
        process.kill()
        process.wait()
        assert seawall("db", "status", "--db", tmp_path / "a.db").code == 0


def test_scans_of_one_image_at_once(seawall, tmp_path):
    target = image_in(tmp_path / "i", *IMAGE)
    processes = [seawall.start("scan", "-o", "json", target, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(6)]
    results = [process.communicate(timeout=30) for process in processes]
    assert [process.returncode for process in processes] == [0] * 6
    assert all(without_times(json.loads(out)) == without_times(json.loads(results[0][0])) and not err for out, err in results)
    assert without_times(seawall.scan(target)) == without_times(json.loads(results[0][0]))


def test_an_interrupted_scan_ends_at_once(seawall, tmp_path):
    # Whoever runs the tests in the background may have made the signal one that is ignored.
    process = seawall.start("sbom", "-", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=5)
    assert process.returncode in (-signal.SIGINT, 130)


# Outputs that are no files


def test_outputs_through_pipes_links_and_devices(seawall, tmp_path):
    target = image_in(tmp_path / "i", GOOD)
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to("real.json")
    assert seawall("sbom", f"-ojson={tmp_path}/link.json", target).code == 0
    assert (tmp_path / "link.json").is_symlink() and names_of(json.loads((tmp_path / "real.json").read_text()))
    os.mkfifo(tmp_path / "pipe")
    process = seawall.start("sbom", f"-ojson={tmp_path}/pipe", target)
    with open(tmp_path / "pipe") as pipe:
        assert names_of(json.load(pipe))
    assert process.wait(timeout=10) == 0 and not (tmp_path / "pipe").is_file()
    done = seawall("sbom", "-ojson=/dev/stdout", target)
    assert done.code == 0 and names_of(done.json()) and os.path.islink("/dev/stdout")
    assert names_of(seawall("sbom", "-ojson=-", target).json())
    done = seawall("sbom", f"-ojson={tmp_path}/absent/out.json", target)
    assert done.code == 3 and f"{tmp_path}/absent/out.json" in done.err and ".part-" not in done.err


@pytest.mark.parametrize("command", ["build", "export"])
def test_a_database_goes_where_it_is_wanted(seawall, tmp_path, database, command):
    """The same of links, pipes and devices as of reports."""
    feeds = support.write_feeds(tmp_path / "feeds")
    said = {"build": ["--from", feeds, "-o"], "export": ["--db", database]}[command]

    def write(path):
        return seawall("db", command, *said, path)

    assert write(tmp_path / "plain.db").code == 0
    wanted = (tmp_path / "plain.db").read_bytes()
    (tmp_path / "link.db").symlink_to("real.db")
    assert write(tmp_path / "link.db").code == 0
    assert (tmp_path / "link.db").is_symlink() and (tmp_path / "real.db").read_bytes() == wanted
    (tmp_path / "loop.db").symlink_to("loop.db")
    done = write(tmp_path / "loop.db")
    assert done.code == 2 and f"{tmp_path}/loop.db: " in done.err
    assert write("/dev/null").code == 0 and not os.path.isfile("/dev/null")
    os.mkfifo(tmp_path / "pipe")
    process = seawall.start("db", command, *said, tmp_path / "pipe")
    assert (tmp_path / "pipe").read_bytes() == wanted and process.wait(timeout=10) == 0
    process = seawall.start("db", command, *said, "/dev/stdout", stdout=subprocess.PIPE)
    assert process.communicate(timeout=10)[0] == wanted and process.returncode == 0
    with open(tmp_path / "log", "wb") as log:
        log.write(b"before ")
        log.flush()
        assert seawall.start("db", command, *said, "/dev/stdout", stdout=log).wait(timeout=10) == 0
    assert (tmp_path / "log").read_bytes() == b"before " + wanted


# Without a network


def alone():
    """A prefix that takes the network away from a program."""
    for prefix in (["unshare", "-n"], ["unshare", "-rn"]):
        if shutil.which("unshare") and subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
            return prefix
    pytest.skip("no network namespace may be made here")


def test_offline_makes_any_connection_an_error(seawall):
    began = time.monotonic()
    for target in ("registry.invalid/team/app:1", "127.0.0.1:1/app", "docker-hub-name"):
        done = seawall("scan", "--offline", target)
        assert done.code == 3 and "offline" in done.err and done.out == ""
    assert time.monotonic() - began < 5


@pytest.mark.skipif(not shutil.which("strace"), reason="no strace")
def test_offline_opens_no_socket(seawall, tmp_path):
    log = tmp_path / "calls"
    before = ["strace", "-f", "-e", "trace=%network", "-o", log]
    if subprocess.run([*before, "true"], capture_output=True).returncode:
        pytest.skip("tracing is not permitted here")
    image = image_in(tmp_path / "i", layer(DEBIAN_BASE), GOOD)
    assert seawall("scan", "--offline", "registry.invalid/team/app:1", before=before).code == 3
    assert "socket(" not in log.read_text()
    assert seawall("scan", image, before=before).code == 0
    assert "socket(" not in log.read_text()


def test_everything_but_registries_works_without_a_network(seawall, tmp_path):
    before = alone()
    image = image_in(tmp_path / "i", layer(DEBIAN_BASE), GOOD)
    for arguments in (["scan", image], ["sbom", image], ["db", "status"], ["cache", "status"], ["options"]):
        assert seawall(*arguments, before=before).code == 0, arguments
    done = seawall("scan", "--offline", "127.0.0.1:1/app:1", before=before)
    assert done.code == 3 and done.out == ""


# Memory


def test_a_layer_of_three_hundred_megabytes_takes_little_memory(seawall, tmp_path):
    layout = Layout(tmp_path / "i")
    big = StreamedLayer(layout, 0)
    for i in range(300):
        file = os.urandom(1 << 20)
        big.piece(header(f"usr/share/data/{i}.bin", size=len(file)) + file)
    one = package_lock(lodash="4.17.20").encode()
    big.piece(header("app/package-lock.json", size=len(one)) + padded(one) + END)
    target = layout.tag(layout.image(big.finish())).target
    done = ends_well(seawall.measured("scan", "-o", "json", target), 0)
    assert names_of(done.json()) == {"lodash"}
    assert done.peak < 200 << 20, f"{done.peak >> 20} MiB"
    shutil.rmtree(layout.folder)
