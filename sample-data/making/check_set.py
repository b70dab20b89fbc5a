"""A set of files for `renkei check FOLDER`: a small pack of its own, a delivery that is sound, and one with defects."""

import gzip
import hashlib

PACK = '''id = "mihon-kumi"
version = "1"
title = { ja = "ファイルの組の見本", en = "Sample of a set of files" }
document = { ja = "見本", en = "sample" }
source = "renkei の見本（架空）"
licence = "MIT OR Apache-2.0"
fidelity = "illustrative"
'''

ATENA = '''id = "atena"
title = { ja = "宛名", en = "Addressees" }
form = "delimited"
name_pattern = "{renkei:9(3)}A_{dantai:dantaicode}_{at:YYYYMMDDhhmmss}_{part:9(1)}of{parts:9(1)}_{extent:all|diff}.csv"

[set]
part = "part"
parts = "parts"
extent = "extent"
full = "all"

[[companion]]
name = "{file}.sha256"
kind = "digest"
'''

ATENA_FIELDS = """no,name,roman,type,length,pk,output,sensitive
1,宛名番号,atenabango,9,15,1,required,number
2,氏名,shimei,N,100,,required,name
"""

SETAI = '''id = "setai-in"
title = { ja = "世帯員", en = "Members of households" }
form = "delimited"
name_pattern = "{renkei:9(3)}S_{dantai:dantaicode}_{at:YYYYMMDDhhmmss}_{seq:9(3)}.csv"

[set]
sequence = "seq"
sequence_start = 1

[[companion]]
name = "{file}.end"
kind = "completion"
empty = true

[[reference]]
fields = ["atenabango"]
layout = "atena"
to = ["atenabango"]
'''

SETAI_FIELDS = """no,name,roman,type,length,pk,output,sensitive
1,世帯番号,setaibango,9,15,1,required,number
2,宛名番号,atenabango,9,15,1,required,number
3,続柄,tsuzukigara,N,20,,,
"""

NAMES = ["山田　太郎", "山田　花子", "鈴木　一郎", "佐藤　桜", "高橋　翔", "田中　美咲"]


def files():
    """Path to content."""
    out = {f"check-set/packs/mihon-kumi/1/{name}": text.encode() for name, text in pack().items()}
    out |= {f"check-set/ok/{name}": data for name, data in delivery().items()}
    out |= {f"check-set/5-defects/{name}": data for name, data in defects(delivery()).items()}
    return out


def pack():
    """Files of the pack."""
    return {
        "pack.toml": PACK,
        "layouts/atena/layout.toml": ATENA,
        "layouts/atena/fields.csv": ATENA_FIELDS,
        "layouts/setai-in/layout.toml": SETAI,
        "layouts/setai-in/fields.csv": SETAI_FIELDS,
    }


def rows(lines):
    """Lines to a file."""
    return "".join(f"{line}\r\n" for line in lines).encode()


def delivery():
    """Two parts of addressees, one of them packed, and two files of members."""
    people = [f"{n:015d},{name}" for n, name in enumerate(NAMES, 1)]
    one = "001A_131016_20260401090000_1of2_all.csv"
    two = "001A_131016_20260401090000_2of2_all.csv"
    packed = gzip.compress(rows(people[3:]), mtime=0)
    packed = packed[:9] + b"\xff" + packed[10:]  # the system that packed it is not told
    out = {one: rows(people[:3]), f"{two}.gz": packed}
    for name in (one, f"{two}.gz"):
        out[f"{name}.sha256"] = f"{hashlib.sha256(out[name]).hexdigest()}  {name}\n".encode()
    for seq, members in ((1, [(1, 1, "世帯主"), (1, 2, "妻"), (2, 3, "世帯主")]), (2, [(3, 4, "世帯主"), (4, 5, "世帯主"), (4, 6, "妻")])):
        name = f"001S_131016_20260401090000_{seq:03d}.csv"
        out[name] = rows(f"{setai:015d},{atena:015d},{word}" for setai, atena, word in members)
        out[f"{name}.end"] = b""
    return out


def defects(out):
    """XRF-002 in record 2 of the first file of members, FIL-005, FIL-003, FIL-004, FIL-011."""
    first = "001S_131016_20260401090000_001.csv"
    second = "001S_131016_20260401090000_002.csv"
    third = "001S_131016_20260401090000_003.csv"
    out[first] = out[first].replace(b"000000000000002,", b"000000000000009,", 1)
    out[third] = out.pop(second)
    del out[f"{second}.end"]
    digest = "001A_131016_20260401090000_1of2_all.csv.sha256"
    out[digest] = hashlib.sha256(b"").hexdigest().encode() + out[digest][64:]
    out["001A_131016_20260401_1of2_all.csv"] = out["001A_131016_20260401090000_1of2_all.csv"]
    return out
