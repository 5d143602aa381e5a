#!/bin/sh
# SPDX-License-Identifier: ISC
# check-style: holds the house rules that a program can hold. Prints each breach as FILE:LINE: what.
# 1. those about C (code.py)  2. each table and stream is described
# 3. no line of C, Python or shell is wider than 100 columns, tabs being 8
# Tested by test_style.py, with a breach of each rule.
set -u
here=$(cd "$(dirname "$0")" && pwd)
cd "${TD_SRCDIR:-.}" || exit 1
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

sources() { find "$@" -name '*.[ch]' 2>/dev/null | sort; }

"${PYTHON3:-python3}" "$here/code.py" >>"$out" 2>&1 || [ -s "$out" ] ||
	echo "check-style: code.py did not run" >>"$out"

# Tabs become spaces; a character is a byte that does not continue one (UTF-8).
wide='{
	line = $0
	for (width = 0; (at = index(line, "\t")) > 0; line = substr(line, at + 1)) {
		part = substr(line, 1, at - 1)
		gsub(/[\200-\277]/, "", part)
		width += length(part)
		width += 8 - width % 8
	}
	gsub(/[\200-\277]/, "", line)
	if (width + length(line) > 100)
		print FILENAME ":" FNR ": wider than 100 columns"
}'
scripts() {
	find bootstrap build-version contrib tests parsers templates -type f \
		! -path '*/golden/*' ! -path '*/seeds/*' ! -path '*/__pycache__/*' |
		xargs grep -lE -m 1 '^#!.*(sh|python3)$' /dev/null
	find contrib tests -name '*.py'
}
{ sources daemon parsers templates tests doc; scripts; } | sort -u |
	LC_ALL=C xargs awk "$wide" >>"$out"

# described FILE: names that stand in no `...` of the file
described() {
	while read -r name; do
		grep -q "\`$name\`" "$1" || echo "$1: \`$name\` is not described" >>"$out"
	done
}
sed -nE 's/^CREATE (VIRTUAL )?TABLE ([a-z_]+).*/\2/p' daemon/store/schema-*.sql |
	described doc/store.md
sed -n '/^stream_of/,/^}/p' daemon/compose/draft.c | sed -nE 's/.*return "([a-z]+)";.*/\1/p' |
	grep -vx mail | described doc/mail-out.md

if [ -s "$out" ]; then
	cat "$out"
	exit 1
fi
