# Reading alone, against bare GMime on the same files; a part of make bench.
EXTRA_DIST += tests/bench/parse.py
EXTRA_PROGRAMS += tests/bench/bench-parse
tests_bench_bench_parse_SOURCES = tests/bench/bench-parse.c
tests_bench_bench_parse_LDADD = $(PARSE_LIBS)
CLEANFILES += tests/bench/bench-parse$(EXEEXT)
bench-parse: tests/bench/bench-parse$(EXEEXT)
	$(PYTHON3) $(srcdir)/tests/bench/parse.py ./tests/bench/bench-parse$(EXEEXT)
bench: bench-parse
.PHONY: bench-parse
