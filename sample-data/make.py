#!/usr/bin/env python3
"""Makes everything in sample-data/ but this program and its README.

    python3 sample-data/make.py            writes the files
    python3 sample-data/make.py --check    compares the files with what would be written; exit code 1 if they differ

Needs Python 3.11 or newer and nothing else. The output depends on nothing but this program and specs/.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True  # compare() would count the compiled files

from making import check_files, check_set, defects, ledger, parties, verify  # noqa: E402

HERE = Path(__file__).resolve().parent


def main():
    """Makes or compares."""
    files = {**story("joint-test-clean", []), **story("joint-test", all_seeds()), **check_files.files(), **check_set.files()}
    if sys.argv[1:] == ["--check"]:
        return compare(files)
    for name, data in files.items():
        path = HERE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    print(f"{len(files)} files written", file=sys.stderr)
    return 0


def all_seeds():
    """Every seeded defect."""
    clean = defects.clean_files()
    planted = defects.csv_defects(clean[defects.CSV]) + defects.sjis_defects(clean[defects.SJIS])
    return planted + defects.bank_defects(clean[defects.BANK]) + defects.text_defects()


def story(folder, seeds):
    """The files of a joint test by path, with `seeds` planted."""
    data = {name: b"".join(records) for name, records in defects.clean_files().items()}
    verify.atena(data[defects.CSV], "utf-8")
    verify.atena(data[defects.SJIS], "cp932")
    verify.zengin(data[defects.BANK])
    text = texts({})
    clean = {**data, **text}
    wrong = {}
    for seed in seeds:
        word = seed.extra.get("misbehaviour")
        if word:
            wrong.setdefault(seed.extra["stand_in"], []).append(word)
    out = {**{n: ledger.plant(d, [s for s in seeds if s.patch and s.file == n]) for n, d in data.items()}, **texts(wrong)}
    for seed in seeds:
        if seed.text[1]:
            out[seed.file] = replace_once(out[seed.file], seed.text[1], seed.text[0])
    prove(out, clean, seeds)
    out["expected-findings.toml"] = ledger.write(seeds).encode()
    return {f"{folder}/{name}": content for name, content in out.items()}


def texts(misbehaviours):
    """Plan, profiles, request, secrets."""
    files = {"plan.toml": parties.plan(misbehaviours, (defects.CSV, defects.SJIS, defects.BANK))}
    files |= {f"{row[0]}/profile.toml": parties.profile(party) for party, row in parties.PARTIES.items()}
    files["vendor-b/requests/fuban-new.json"] = parties.request()
    files |= parties.SECRETS
    return {name: text.encode() for name, text in files.items()}


def replace_once(data, old, new):
    """The data with one occurrence of a text replaced; there must be exactly one."""
    assert data.count(old.encode()) == 1, old
    return data.replace(old.encode(), new.encode())


def prove(out, clean, seeds):
    """Taking out every defect, the last one first, gives the clean files byte for byte."""
    files = dict(out)
    places = sorted((s for s in seeds if s.patch), key=lambda s: s.patch.at, reverse=True)
    for seed in places:
        offset = ledger.seeded_offset(seed, seeds)
        files[seed.file] = ledger.take_out(files[seed.file], offset, seed.patch.seeded, seed.patch.clean)
    for seed in seeds:
        if seed.text[0]:
            files[seed.file] = replace_once(files[seed.file], *seed.text)
    assert files == clean, [name for name in clean if files[name] != clean[name]]
    assert len({(s.file, s.record) for s in seeds if s.patch}) == len([s for s in seeds if s.patch])
    assert len({(s.rule, case, s.field) for s in seeds for case in s.cases}) == sum(len(s.cases) for s in seeds)


def compare(files):
    """Reports files that differ from what would be written, and files that should not be there."""
    kept = {"make.py", "README.md", ".gitattributes"}
    there = {str(p.relative_to(HERE)) for p in HERE.rglob("*") if p.is_file() and "making" not in p.relative_to(HERE).parts}
    wrong = [f"not made by make.py: {name}" for name in sorted(there - set(files) - kept)]
    for name, data in files.items():
        path = HERE / name
        if not path.is_file():
            wrong.append(f"missing: {name}")
        elif path.read_bytes() != data:
            wrong.append(f"differs: {name}")
    print("\n".join(wrong) or "sample data are as make.py writes them", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
