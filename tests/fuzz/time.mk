# Fuzz targets of everything about time. Run: tests/fuzz/fuzz-NAME -dict=DICT WORK SEEDS
if FUZZER
noinst_PROGRAMS += tests/fuzz/fuzz-when tests/fuzz/fuzz-duration tests/fuzz/fuzz-zone
tests_fuzz_fuzz_when_SOURCES = tests/fuzz/fuzz-when.c
tests_fuzz_fuzz_when_LDADD = $(PARSE_LIBS)
tests_fuzz_fuzz_when_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_duration_SOURCES = tests/fuzz/fuzz-duration.c
tests_fuzz_fuzz_duration_LDADD = $(PARSE_LIBS)
tests_fuzz_fuzz_duration_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_zone_SOURCES = tests/fuzz/fuzz-zone.c
tests_fuzz_fuzz_zone_LDADD = $(PARSE_LIBS)
tests_fuzz_fuzz_zone_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
endif
EXTRA_DIST += tests/fuzz/dict/when.dict tests/fuzz/dict/duration.dict tests/fuzz/dict/zone.dict \
	tests/fuzz/seeds/when tests/fuzz/seeds/duration tests/fuzz/seeds/zone
