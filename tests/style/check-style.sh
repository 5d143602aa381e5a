#!/bin/sh
# SPDX-License-Identifier: ISC
# check-style: holds the house rules that a program can hold. Prints each breach as FILE:LINE: what.
# 1. includes point one way  2. banned functions  3. head comment and SPDX line  4. file length
# 5. no leftovers  6. only the clock module asks for the time  7. each table and stream is described
# 8. no line of C, Python or shell is wider than 100 columns, tabs being 8
set -u
cd "${TD_SRCDIR:-.}" || exit 1
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

sources() { find "$@" -name '*.[ch]' 2>/dev/null | sort; }

# forbid WHERE WHAT: no file of WHERE includes WHAT (an extended regular expression)
forbid() {
	sources $1 | xargs -r grep -nE "^#include \"($2)" /dev/null |
		sed 's/$/   (wrong direction)/' >>"$out"
}
forbid parsers 'daemon/'
forbid daemon/model 'daemon/(store|fetch|intake|schedule|compose|send|control|ipc|pipeline)'
forbid daemon/store 'daemon/(fetch|intake|schedule|compose|send|control|ipc|pipeline)'
forbid daemon/fetch 'daemon/(store|intake|schedule|compose|send|control|pipeline)'
forbid daemon/intake 'daemon/(fetch|send|control|ipc|pipeline)'
forbid daemon/compose 'daemon/(fetch|intake|send|control|ipc|pipeline)'
forbid daemon/schedule 'daemon/(fetch|intake|send|control|ipc|pipeline)'
forbid daemon/send 'daemon/(store|fetch|intake|schedule|compose|control|pipeline)'
forbid daemon/ipc 'daemon/(store|fetch|intake|schedule|compose|send|control|pipeline)'
forbid daemon/conf 'daemon/(store|fetch|intake|schedule|compose|send|control|ipc|pipeline|model)'

# SQL belongs into the store alone
sources daemon parsers | grep -v '^daemon/store/' |
	xargs grep -nE '"(SELECT|INSERT INTO|UPDATE [a-z_]+ SET|DELETE FROM) ' /dev/null |
	sed 's/$/   (SQL outside daemon\/store)/' >>"$out"

banned='atoi|atol|atoll|atof|strtol|strtoul|strtoll|strtoull|strtod|sscanf'
banned="$banned|strcpy|strcat|strncat|sprintf|vsprintf|strtok"
banned="$banned|gmtime|localtime|asctime|ctime|mktime"
banned="$banned|system|popen|gets|alloca|tmpnam|mktemp|mailimf_get_current_date"
sources daemon parsers | xargs grep -nE "(^|[^A-Za-z0-9_>.\"])($banned)\(" /dev/null |
	sed 's/$/   (banned)/' >>"$out"

sources daemon parsers | grep -v '^daemon/clock\.c$' |
	xargs grep -nE '(^|[^A-Za-z0-9_])(time\(NULL\)|gettimeofday\(|clock_gettime\()' /dev/null |
	sed 's/$/   (only daemon\/clock.c asks for the time)/' >>"$out"

for f in $(sources daemon parsers tests); do
	case $(head -n 1 "$f") in
	'/* SPDX-License-Identifier: ISC */') ;;
	*) echo "$f:1: no SPDX line" >>"$out" ;;
	esac
	case $(sed -n 2p "$f") in
	/\**) ;;
	*) echo "$f:2: no head comment" >>"$out" ;;
	esac
	lines=$(wc -l <"$f")
	[ "$lines" -le 700 ] || echo "$f:$lines: over 700 lines" >>"$out"
done

sources daemon parsers | xargs grep -nE '(TODO|FIXME|XXX)' /dev/null |
	sed 's/$/   (leftover)/' >>"$out"

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
