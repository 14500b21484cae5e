#!/usr/bin/env python3
"""Holds every #include "..." below src/ to the floor plan in src/layers.txt.

A room may name itself and the rooms on its line, which stand above it. The longest declared prefix of a path is its
room; room/detail/ is private to the room. Prints each violation; exit code 1 where there is one."""
import pathlib
import re
import sys

SOURCE = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "src")
INCLUDE = re.compile(r'\s*#\s*include\s*"([^"]+)"')


def read_plan():
    plan, wrong = {}, []
    for number, line in enumerate((SOURCE / "layers.txt").read_text().splitlines(), 1):
        line = line.split("#")[0].strip()
        if not line:
            continue
        room, _, dependencies = line.partition(":")
        wrong += [f"layers.txt:{number}: {d} is not declared above {room}" for d in dependencies.split() if d not in plan]
        if room in plan:
            wrong.append(f"layers.txt:{number}: {room} is declared twice")
        plan[room] = set(dependencies.split())
    return plan, wrong


def room_of(path, plan):
    return max((r for r in plan if path.startswith(r + "/")), key=len, default=None)


def check_include(path, name, plan):
    room, target = room_of(path, plan), room_of(name, plan)
    if target is None:
        # Unit tests may use the fakes beside the house.
        return None if path.endswith("_test.cpp") and name.startswith("fakes/") else f"{name} is in no declared room"
    if target == room:
        return None
    if target not in plan[room]:
        return f"room {room} may not name {target}"
    return f"{name} is private to {target}" if name.startswith(target + "/detail/") else None


def main():
    plan, wrong = read_plan()
    includes = 0
    for path in sorted(p for p in SOURCE.rglob("*") if p.suffix in (".h", ".cpp", ".c")):
        name = path.relative_to(SOURCE).as_posix()
        room = room_of(name, plan)
        if room is None:
            wrong.append(f"{name}:1: is in no declared room")
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if match := INCLUDE.match(line):
                includes += 1
                if problem := check_include(name, match[1], plan):
                    wrong.append(f"{name}:{number}: {problem}")
    print("\n".join(wrong + [f"layers: {includes} includes, {len(plan)} rooms, {'ok' if not wrong else f'{len(wrong)} wrong'}"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
