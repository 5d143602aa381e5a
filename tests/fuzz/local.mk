# All fuzz targets at once, of a build with --enable-fuzzer; tests/fuzz/run.py runs them.
EXTRA_DIST += tests/fuzz/run.py
if FUZZER
fuzzers: \
	tests/fuzz/fuzz-bounce \
	tests/fuzz/fuzz-calendar \
	tests/fuzz/fuzz-command \
	tests/fuzz/fuzz-duration \
	tests/fuzz/fuzz-grammar \
	tests/fuzz/fuzz-header \
	tests/fuzz/fuzz-html \
	tests/fuzz/fuzz-mail \
	tests/fuzz/fuzz-mailbuild \
	tests/fuzz/fuzz-oauth \
	tests/fuzz/fuzz-reading-json \
	tests/fuzz/fuzz-reading-pack \
	tests/fuzz/fuzz-token \
	tests/fuzz/fuzz-trim \
	tests/fuzz/fuzz-when \
	tests/fuzz/fuzz-zone
endif
.PHONY: fuzzers
