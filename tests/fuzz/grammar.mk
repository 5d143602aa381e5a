# Fuzz targets of trimming and the grammar: configure --enable-fuzzer --enable-sanitizers CC=clang.
if FUZZER
noinst_PROGRAMS += \
	tests/fuzz/fuzz-command \
	tests/fuzz/fuzz-grammar \
	tests/fuzz/fuzz-trim
endif
GRAMMAR_FUZZER = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_command_SOURCES = tests/fuzz/fuzz-command.c
tests_fuzz_fuzz_command_LDADD = $(PARSE_LIBS)
tests_fuzz_fuzz_command_LDFLAGS = $(GRAMMAR_FUZZER)
tests_fuzz_fuzz_grammar_SOURCES = tests/fuzz/fuzz-grammar.c
tests_fuzz_fuzz_grammar_LDADD = $(PARSE_LIBS)
tests_fuzz_fuzz_grammar_LDFLAGS = $(GRAMMAR_FUZZER)
tests_fuzz_fuzz_trim_SOURCES = tests/fuzz/fuzz-trim.c
tests_fuzz_fuzz_trim_LDADD = $(PARSE_LIBS)
tests_fuzz_fuzz_trim_LDFLAGS = $(GRAMMAR_FUZZER)
EXTRA_DIST += \
	tests/fuzz/dict/command.dict \
	tests/fuzz/dict/trim.dict \
	tests/fuzz/seeds/command \
	tests/fuzz/seeds/grammar \
	tests/fuzz/seeds/trim
