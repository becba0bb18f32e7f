"""Holds every #include below harness/ against the USES of harness/CMakeLists.txt.

A static library that is not linked cannot be called, but its headers could still be read through
another layer's include path; this catches that. It also holds the table in docs/architecture.md
against the same list, and checks that the check itself can fail."""

import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
LAYER = re.compile(r"faultline_layer\(\s*(\w+)([^)]*)\)", re.DOTALL)
SOURCES = {".cpp", ".h", ".hpp", ".in"}


def layers_of(cmake):
    """Layer -> the layers that it may use, from the text of harness/CMakeLists.txt."""
    layers = {}
    for name, rest in LAYER.findall(cmake):
        words = rest.split()
        uses = []
        if "USES" in words:
            for word in words[words.index("USES") + 1:]:
                if word == "LIBRARIES":
                    break
                uses.append(word)
        for other in uses:
            if other not in layers:
                raise SystemExit(f"{name} uses {other}, which is not above it in harness/CMakeLists.txt")
        layers[name] = set(uses)
    return layers


def wrong_includes(layer, allowed, layers, text):
    """What a file of `layer` includes and may not."""
    wrong = []
    for path in INCLUDE.findall(text):
        first = path.split("/")[0]
        if first == "cli" and layer != "cli":
            wrong.append(path)
        elif first in layers and first != layer and first not in allowed:
            wrong.append(path)
        elif "/" not in path or ".." in path:
            wrong.append(path + " (write it as layer/file.h)")
    return wrong


def undocumented(layers, document):
    """Rows of the table `| layer | uses |` in the architecture page that differ from CMake."""
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]*) \|", document, re.MULTILINE))
    wrong = []
    for name, uses in layers.items():
        stated = set(re.findall(r"\w+", rows.get(name, "").replace("—", "")))
        if name not in rows or stated != uses:
            wrong.append(f"docs/architecture.md says {name} uses {sorted(stated)}, CMake says {sorted(uses)}")
    return wrong


def self_test(layers):
    assert wrong_includes("core", set(), layers, '#include "model/pipeline.h"\n')
    assert wrong_includes("report", layers["report"], layers, '  #  include "run/execute.h"\n')
    assert wrong_includes("run", layers["run"], layers, '#include "cli/output.h"\n')
    assert wrong_includes("run", layers["run"], layers, '#include "../core/error.h"\n')
    assert not wrong_includes("run", layers["run"], layers, '#include "core/error.h"\n#include <vector>\n')


def main():
    root = pathlib.Path(sys.argv[1])
    layers = layers_of((root / "harness/CMakeLists.txt").read_text())
    self_test(layers)
    problems, files = [], 0
    for file in sorted((root / "harness").rglob("*")):
        if file.suffix not in SOURCES or not file.is_file():
            continue
        files += 1
        layer = file.relative_to(root / "harness").parts[0]
        if layer == "cli":
            allowed = set(layers)
        elif layer in layers:
            allowed = layers[layer]
        else:
            problems.append(f"{file.relative_to(root)}: harness/{layer} is no layer of harness/CMakeLists.txt")
            continue
        for path in wrong_includes(layer, allowed, layers, file.read_text()):
            problems.append(f"{file.relative_to(root)}: a {layer} file may not include {path}")
    problems += undocumented(layers, (root / "docs/architecture.md").read_text())
    for problem in problems:
        print(problem)
    if problems or files == 0:
        sys.exit(1)
    print(f"{files} files of {len(layers)} layers include only what they may")


if __name__ == "__main__":
    main()
