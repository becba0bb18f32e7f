"""What a run writes for people and for CI, and the subcommand that makes it again."""
import json
import pathlib
import tempfile
import xml.etree.ElementTree as tree

from harness import ROOT, faultline

STORE_SALES = ROOT / "scenarios" / "store_sales" / "scenario.json"
FILES = {"html": "report.html", "markdown": "report.md", "junit": "junit.xml"}


def run_into(out, *options):
    done = faultline("run", STORE_SALES, "--out", out, *options)
    assert done.returncode == 1, done.stderr
    return done


def test_any_number_of_jobs_gives_the_same_bytes(scratch):
    run_into(scratch / "one", "--quiet", "--jobs", 1)
    run_into(scratch / "two", "--quiet", "--jobs", 3)
    for file in FILES.values():
        assert (scratch / "one" / file).read_bytes() == (scratch / "two" / file).read_bytes(), file


def test_reports_are_made_again_without_the_pipeline(scratch):
    out = scratch / "again"
    said = run_into(out).stdout
    assert str(out / "report.html") in said.replace("\n  ", "")
    before = {file: (out / file).read_bytes() for file in FILES.values()}
    for name, file in FILES.items():
        (out / file).unlink()
        done = faultline("report", out, "--format", name, "--out", out / file)
        assert done.returncode == 0 and done.stdout == "", done.stderr
        assert (out / file).read_bytes() == before[file], file
        assert faultline("report", out, "--format", name).stdout.encode() == before[file], file
    assert faultline("report", out).stdout == said
    left = [path.name for path in out.iterdir() if path.name.endswith(".part")]
    assert not left, left


def test_junit_counts_add_up(scratch):
    out = scratch / "junit"
    run_into(out, "--quiet")
    root = tree.parse(out / "junit.xml").getroot()
    result = json.loads((out / "result.json").read_text())
    suite = root.find("testsuite[@name='faults']")
    cases = suite.findall("testcase")
    assert len(cases) == int(suite.get("tests")) == len(result["perturbations"]) + 1
    for kind, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert len(suite.findall(f"testcase/{kind}")) == int(suite.get(attribute))
    by_name = {case.get("name"): case for case in cases}
    assert by_name["sku_as_number (schema_drift)"].find("failure").get("type") == "silent"
    assert by_name["sku_renamed (schema_drift)"].find("error") is not None
    assert len(list(by_name["products_new_column (schema_drift)"])) == 0
    assert (out / "report.md").stat().st_size < 65_000


def test_refused(scratch):
    out = scratch / "refused"
    run_into(out, "--quiet")
    for words, said in ((("--format", "pdf"), "terminal, html, markdown, junit"),
                        (("--out", ""), "names no file")):
        done = faultline("report", out, *words)
        assert done.returncode == 3 and said in done.stderr, (words, done.stderr)
    done = faultline("report", scratch / "nowhere")
    assert done.returncode == 3 and "journal.jsonl" in done.stderr, done.stderr
    kept = (out / "report.html").read_bytes()
    done = faultline("report", scratch / "nowhere", "--format", "html", "--out", out / "report.html")
    assert done.returncode == 3
    assert (out / "report.html").read_bytes() == kept
    # A run that was cut off has a report too, and it says so.
    lines = (out / "journal.jsonl").read_text().splitlines(keepends=True)
    (scratch / "cut").mkdir()
    (scratch / "cut" / "journal.jsonl").write_text("".join(lines[:40]))
    page = faultline("report", scratch / "cut", "--format", "html").stdout
    assert "interrupted before its end" in page


def main():
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            with tempfile.TemporaryDirectory(prefix="faultline-reports-") as folder:
                test(pathlib.Path(folder))
            print("ok:", name)


if __name__ == "__main__":
    main()
