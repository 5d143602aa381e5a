# Fuzz target of the mail builder. Without libFuzzer it runs its seeds, and inputs made from them.
FUZZ_MAILBUILD_SEEDS = \
	tests/fuzz/seeds/mailbuild/inject \
	tests/fuzz/seeds/mailbuild/odd \
	tests/fuzz/seeds/mailbuild/plain \
	tests/fuzz/seeds/mailbuild/words
EXTRA_DIST += $(FUZZ_MAILBUILD_SEEDS) tests/fuzz/replay.sh
tests_fuzz_fuzz_mailbuild_LDADD = $(TIDINGS_LIBS)
if FUZZER
noinst_PROGRAMS += tests/fuzz/fuzz-mailbuild
tests_fuzz_fuzz_mailbuild_SOURCES = tests/fuzz/fuzz-mailbuild.c
tests_fuzz_fuzz_mailbuild_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
else
check_PROGRAMS += tests/fuzz/fuzz-mailbuild
tests_fuzz_fuzz_mailbuild_SOURCES = tests/fuzz/fuzz-mailbuild.c tests/fuzz/replay.c
TESTS += tests/fuzz/replay.sh
endif
