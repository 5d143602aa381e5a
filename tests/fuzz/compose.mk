# Fuzz targets of the mail builder, of the answers to log-ins and of reply tokens. Without libFuzzer they run their
# seeds, and inputs made from them.
FUZZ_MAILBUILD_SEEDS = \
	tests/fuzz/seeds/mailbuild/inject \
	tests/fuzz/seeds/mailbuild/odd \
	tests/fuzz/seeds/mailbuild/plain \
	tests/fuzz/seeds/mailbuild/words
FUZZ_OAUTH_SEEDS = \
	tests/fuzz/seeds/oauth/device \
	tests/fuzz/seeds/oauth/granted \
	tests/fuzz/seeds/oauth/revoked
FUZZ_TOKEN_SEEDS = \
	tests/fuzz/seeds/token/item \
	tests/fuzz/seeds/token/question \
	tests/fuzz/seeds/token/text
EXTRA_DIST += $(FUZZ_MAILBUILD_SEEDS) $(FUZZ_OAUTH_SEEDS) $(FUZZ_TOKEN_SEEDS) tests/fuzz/replay.sh
tests_fuzz_fuzz_mailbuild_LDADD = $(TIDINGS_LIBS)
tests_fuzz_fuzz_oauth_LDADD = $(TIDINGS_LIBS)
tests_fuzz_fuzz_token_LDADD = $(TIDINGS_LIBS)
if FUZZER
noinst_PROGRAMS += tests/fuzz/fuzz-mailbuild tests/fuzz/fuzz-oauth tests/fuzz/fuzz-token
tests_fuzz_fuzz_token_SOURCES = tests/fuzz/fuzz-token.c
tests_fuzz_fuzz_token_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_oauth_SOURCES = tests/fuzz/fuzz-oauth.c
tests_fuzz_fuzz_oauth_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_mailbuild_SOURCES = tests/fuzz/fuzz-mailbuild.c
tests_fuzz_fuzz_mailbuild_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
else
check_PROGRAMS += tests/fuzz/fuzz-mailbuild tests/fuzz/fuzz-oauth tests/fuzz/fuzz-token
tests_fuzz_fuzz_token_SOURCES = tests/fuzz/fuzz-token.c tests/fuzz/replay.c
tests_fuzz_fuzz_oauth_SOURCES = tests/fuzz/fuzz-oauth.c tests/fuzz/replay.c
tests_fuzz_fuzz_mailbuild_SOURCES = tests/fuzz/fuzz-mailbuild.c tests/fuzz/replay.c
TESTS += tests/fuzz/replay.sh
endif
