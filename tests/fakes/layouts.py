"""Composes OCI image layouts: small, with any layers, for one platform or many."""
import gzip
import hashlib
import io
import json
import tarfile

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"


def tar(files):
    """A tar of {path: bytes}."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for path, content in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


class Layout:
    def __init__(self, folder):
        self.folder, self.manifests = folder, []
        (folder / "blobs/sha256").mkdir(parents=True)
        (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')

    def blob(self, content, media_type):
        digest = hashlib.sha256(content).hexdigest()
        (self.folder / "blobs/sha256" / digest).write_bytes(content)
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content)}

    def image(self, layers, architecture="amd64", compression="gzip"):
        """The manifest's descriptor; `layers` are tars."""
        packed = [(gzip.compress(one, mtime=0), LAYER + "+gzip") if compression == "gzip" else (one, LAYER) for one in layers]
        config = {"os": "linux", "architecture": architecture, "config": {},
                  "history": [{"created_by": f"step {i}"} for i in range(len(layers))],
                  "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(one).hexdigest() for one in layers]}}
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": self.blob(json.dumps(config).encode(), CONFIG),
                    "layers": [self.blob(*one) for one in packed]}
        descriptor = self.blob(json.dumps(manifest).encode(), MANIFEST)
        return {**descriptor, "platform": {"os": "linux", "architecture": architecture}}

    def finish(self, *manifests, name=None):
        annotated = [{**one, "annotations": {"org.opencontainers.image.ref.name": name}} if name else one for one in manifests]
        (self.folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": annotated}))
        return self.folder


def single(folder):
    """An image of two layers; its layout and its manifest's digest."""
    layout = Layout(folder)
    manifest = layout.image([tar({"etc/a": b"one" * 1000}), tar({"etc/b": b"two", "etc/.wh.a": b""})])
    return layout.finish(manifest, name="latest"), manifest["digest"]


def several(folder, architectures):
    """An index of images that share a layer; its layout, and the digests by architecture."""
    layout = Layout(folder)
    shared = tar({"shared": b"s" * 5000})
    images = {one: layout.image([shared, tar({"arch": one.encode()})], one) for one in architectures}
    index = layout.blob(json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": list(images.values())}).encode(), INDEX)
    return layout.finish(index, name="latest"), {one: image["digest"] for one, image in images.items()}
