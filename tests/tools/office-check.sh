#!/bin/sh
# Opens workbooks in LibreOffice and prints them: proves that another program reads them, and gives pages to look at.
# Usage: office-check.sh FILE.xlsx... OUT   writes OUT/FILE.pdf and OUT/FILE-N.png; exit 1 when a file does not open.
# Needs soffice (libreoffice-calc), pdftoppm and pdftotext (poppler-utils), fonts-noto-cjk.
set -eu
if [ "$#" -lt 2 ]; then
    echo "usage: office-check.sh FILE.xlsx... OUT" >&2
    exit 2
fi
for out in "$@"; do :; done # the last argument
mkdir -p "$out"
# An own home, so that neither a running LibreOffice nor its profile lock is in the way.
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
failed=0
for file in "$@"; do
    [ "$file" != "$out" ] || continue
    stem=$(basename "$file" .xlsx)
    rm -f "$out/$stem.pdf"
    HOME=$home timeout 120 soffice --headless --convert-to pdf --outdir "$out" "$file" >"$home/log" 2>&1 || true
    if [ ! -s "$out/$stem.pdf" ]; then
        echo "office-check: $file does not open" >&2
        cat "$home/log" >&2
        failed=1
        continue
    fi
    pdftoppm -r 70 -png "$out/$stem.pdf" "$out/$stem"
    # The nine mandated columns are on the first page, whole and in order.
    text=$(pdftotext -layout -f 1 -l 1 "$out/$stem.pdf" - | tr -d ' \n\f')
    case $stem in
        kadai)
            case $text in
                *課題内容*影響*優先度*発生日*担当者*対応期限*対応状況*対応策*対応結果*) ;;
                *)
                    echo "office-check: $file: the mandated columns are not on the first page" >&2
                    failed=1
                    ;;
            esac
            ;;
    esac
    echo "office-check: $file: $(pdfinfo "$out/$stem.pdf" | sed -n 's/^Pages: *//p') pages"
done
exit "$failed"
