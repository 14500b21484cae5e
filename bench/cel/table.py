"""The table of bench/cel.sh: medians of the rounds in the folder given, ours beside each peer's."""
import collections
import json
import pathlib
import statistics
import sys

WANTED = {"comparison": (12, 50), "string set": (12, 50), "regex": (10, 15)}

figures = collections.defaultdict(lambda: collections.defaultdict(list))
for path in pathlib.Path(sys.argv[1]).glob("*.jsonl"):
    who = path.stem.rsplit(".", 1)[0]
    for line in path.read_text().splitlines():
        row = json.loads(line)
        for key, value in row.items():
            if key != "name":
                figures[row["name"]][who, key].append(value)

print("| expression | ours ns | by hand | x | cel-go ns | ratio (wanted) | ours with cost | cel-go with cost | ratio (wanted) |"
      " compile us | cel-go | allocations | cel-js ns | bufbuild ns |")
print("|---" * 14 + "|")
for name, found in figures.items():
    def of(who, key):
        return statistics.median(found[who, key]) if found.get((who, key)) else float("nan")

    plain, cost = WANTED.get(name, (20, 50))
    ours, ours_cost = of("ours", "ns"), of("ours", "ns_with_cost")
    print(f"| {name} | {ours:.0f} | {of('ours', 'ns_by_hand'):.0f} | {ours / of('ours', 'ns_by_hand'):.1f} | {of('cel-go', 'ns'):.0f} |"
          f" **{of('cel-go', 'ns') / ours:.1f}** ({plain}) | {ours_cost:.0f} | {of('cel-go', 'ns_with_cost'):.0f} |"
          f" **{of('cel-go', 'ns_with_cost') / ours_cost:.1f}** ({cost}) | {of('ours', 'compile_us'):.1f} | {of('cel-go', 'compile_us'):.0f} |"
          f" {of('ours', 'allocations'):g} | {of('cel-js', 'ns'):.0f} | {of('bufbuild', 'ns'):.0f} |")
