"""Installs the build into one folder, moves it to another, and uses it there as a stranger would:
builds a plugin with find_package(faultline), lists it, and runs a scenario with it."""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def run(*command, expect=0, **options):
    """Runs a command, shows what it said when it does not end as expected, and returns its output."""
    print("+", *command, flush=True)
    done = subprocess.run([str(part) for part in command], text=True, capture_output=True, **options)
    if done.returncode != expect:
        sys.exit(f"exit code {done.returncode}, expected {expect}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--cmake", required=True)
    arguments.add_argument("--build", required=True)
    arguments.add_argument("--generator", required=True)
    given = arguments.parse_args()
    # Nothing of the caller may help the installed tree to find anything.
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("LD_LIBRARY_PATH", "FAULTLINE_PLUGIN_PATH", "FAULTLINE_KEEPER", "CMAKE_PREFIX_PATH")}

    with tempfile.TemporaryDirectory(prefix="faultline-install-") as scratch:
        scratch = pathlib.Path(scratch)
        run(given.cmake, "--install", given.build, "--prefix", scratch / "installed", env=environment)
        prefix = scratch / "a folder it was not built for"
        shutil.move(scratch / "installed", prefix)

        for path in ("bin/faultline", "lib/faultline/libduckdb.so", "lib/faultline/plugins/noop.so",
                     "lib/faultline/faultline-keeper", "share/faultline/scenarios/demand_forecast/forecast.py",
                     "include/faultline/plugin.hpp", "share/faultline/scenarios/store_sales/scenario.json",
                     "share/faultline/schema/scenario.schema.json",
                     "lib/cmake/faultline/faultlineConfig.cmake"):
            assert (prefix / path).exists(), f"{path} was not installed"
        needed = run("ldd", prefix / "bin/faultline", env=environment)
        duckdb = [line for line in needed.splitlines() if "libduckdb.so" in line]
        assert duckdb and str(prefix) in duckdb[0], f"libduckdb.so is not the installed one: {duckdb}"
        package = "\n".join(file.read_text() for file in (prefix / "lib/cmake/faultline").iterdir())
        assert given.build not in package, "the package names the build folder"

        shutil.copytree(HERE / "outside", scratch / "outside")
        run(given.cmake, "-S", scratch / "outside", "-B", scratch / "built", "-G", given.generator,
            f"-DCMAKE_PREFIX_PATH={prefix}", env=environment)
        run(given.cmake, "--build", scratch / "built", env=environment)
        assert (scratch / "built/doubler.so").exists()

        faultline = prefix / "bin/faultline"
        listed = json.loads(run(faultline, "plugins", "--json", "--plugin-path", scratch / "built",
                                env=environment, cwd=scratch))
        names = [plugin["name"] for plugin in listed["plugins"]]
        assert "doubler" in names and "noise" in names, names
        assert not listed["rejected"], listed["rejected"]
        page = run(faultline, "plugins", "doubler", "--plugin-path", scratch / "built", env=environment)
        assert "Multiplies numbers" in page and "factor" in page, page

        run(faultline, "run", scratch / "outside/scenario.json", "--out", scratch / "out",
            "--plugin-path", scratch / "built", expect=1, env=environment, cwd=scratch)
        result = json.loads((scratch / "out/result.json").read_text())
        effects = [entry for entry in result["attribution"] if entry["index"] == "effect"]
        # 1 + 2 + … + 10, doubled.
        assert [entry["estimate"] for entry in effects] == [55], effects
        assert result["verdict"] == "deviated"

        # A step that is a program needs the keeper, found relative to the binary.
        run(faultline, "run", prefix / "share/faultline/scenarios/demand_forecast/scenario.json", "--out",
            scratch / "demand", expect=1, env=environment, cwd=scratch)
    print("a plugin was built and used outside the tree")


if __name__ == "__main__":
    main()
