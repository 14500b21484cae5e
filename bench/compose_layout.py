#!/usr/bin/env python3
"""Tars as the gzip layers of an image: compose_layout.py LAYOUT TAR... (an OCI layout with the tag `bench`)."""
import concurrent.futures
import hashlib
import json
import os
import subprocess
import sys


def compress(tar):
    packed = tar + ".gz"
    if not os.path.exists(packed):
        with open(packed + ".part", "wb") as out:
            subprocess.run(["gzip", "-n", "-6", "-c", tar], stdout=out, check=True)
        os.rename(packed + ".part", packed)
    return packed


def digest_of(path):
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def main():
    layout, tars = sys.argv[1], sys.argv[2:]
    blobs = f"{layout}/blobs/sha256"
    os.makedirs(blobs, exist_ok=True)

    def blob(data, media_type):
        digest = hashlib.sha256(data).hexdigest()
        with open(f"{blobs}/{digest}", "wb") as f:
            f.write(data)
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(data)}

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        packed = list(pool.map(compress, tars))
    layers, diff_ids, history = [], [], []
    for tar, path in zip(tars, packed):
        digest = digest_of(path)
        if not os.path.exists(f"{blobs}/{digest}"):
            os.link(path, f"{blobs}/{digest}")
        layers.append({"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": f"sha256:{digest}", "size": os.path.getsize(path)})
        diff_ids.append("sha256:" + digest_of(tar))
        history.append({"created": "2025-01-01T00:00:00Z", "created_by": f"COPY {os.path.basename(tar)} /"})
    config = {"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": diff_ids}, "history": history}
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "config": blob(json.dumps(config).encode(), "application/vnd.oci.image.config.v1+json"), "layers": layers}
    entry = blob(json.dumps(manifest).encode(), manifest["mediaType"])
    entry["annotations"] = {"org.opencontainers.image.ref.name": "bench"}
    with open(f"{layout}/index.json", "w", encoding="utf-8") as f:
        json.dump({"schemaVersion": 2, "manifests": [entry]}, f)
    with open(f"{layout}/oci-layout", "w", encoding="utf-8") as f:
        f.write('{"imageLayoutVersion": "1.0.0"}')
    print(f"{len(layers)} layers, {sum(l['size'] for l in layers) / 1e6:.0f} MB compressed", file=sys.stderr)


if __name__ == "__main__":
    main()
