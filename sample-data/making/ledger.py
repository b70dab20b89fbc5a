"""Writes expected-findings.toml and takes defects out again."""

import json

HEAD = '''# 仕込んだ不適合と、それぞれが上げるべき指摘。make.py が作る。
# record は1から数え、byte_offset はこのフォルダにあるファイルの0からのバイト位置。field は項目のローマ字名（レコード種別のある様式では 種別.ローマ字名）。
# remove は仕込みの取り除き方: offset にある seeded（16進）を clean に替える。または seeded_text を clean_text に替える。
# What was seeded, and the finding each must raise. `remove` takes exactly one defect out.
schema = "renkei.expected-findings/v1"
'''


def seeded_offset(seed, seeds):
    """Where a patch stands in the seeded file: earlier patches of the file shift it."""
    earlier = (s.patch for s in seeds if s.patch and s.file == seed.file and s.patch.at < seed.patch.at)
    return seed.patch.at + sum(len(p.seeded) - len(p.clean) for p in earlier)


def plant(data, seeds):
    """The seeded file from the clean one."""
    for patch in sorted((s.patch for s in seeds), key=lambda p: p.at, reverse=True):
        end = patch.at + len(patch.clean)
        assert data[patch.at : end] == patch.clean
        data = data[: patch.at] + patch.seeded + data[end:]
    return data


def take_out(data, offset, seeded, clean):
    """The file without one defect, by what the ledger says."""
    assert data[offset : offset + len(seeded)] == seeded, offset
    return data[:offset] + clean + data[offset + len(seeded) :]


def write(seeds):
    """The ledger as TOML."""
    out = [HEAD]
    for seed in seeds:
        out.append(f'\n[[seed]]\nid = "{seed.id}"\ntitle = {{ ja = {text(seed.ja)}, en = {text(seed.en)} }}\n{removal(seed, seeds)}')
        out += [finding(seed, case, seeds) for case in seed.cases]
    return "".join(out)


def removal(seed, seeds):
    """How to take the defect out."""
    if seed.patch:
        offset = seeded_offset(seed, seeds)
        how = f'offset = {offset}, seeded = "{seed.patch.seeded.hex()}", clean = "{seed.patch.clean.hex()}"'
    else:
        how = f"seeded_text = {text(seed.text[0])}, clean_text = {text(seed.text[1])}"
    return f'remove = {{ file = "{seed.file}", {how} }}\n'


def finding(seed, case, seeds):
    """The finding that the defect must raise in a case."""
    lines = [f'seed = "{seed.id}"', f'rule = "{seed.rule}"']
    if case:
        lines.append(f'case = "{case}"')
    if seed.patch:
        lines.append(f'file = "{seed.file.rpartition("/")[2]}"')
        if seed.record is not None:
            lines.append(f"record = {seed.record}")
        if seed.field:
            lines.append(f'field = "{seed.field}"')
        lines.append(f"byte_offset = {seeded_offset(seed, seeds) + seed.places}")
    if "item" in seed.extra:
        lines.append(f'item = "{seed.extra["item"]}"')
    return "\n[[finding]]\n" + "\n".join(lines) + f"\ncount = {seed.count}\n"


def text(value):
    """A TOML basic string; JSON's escapes are a part of TOML's."""
    return json.dumps(value, ensure_ascii=False)
