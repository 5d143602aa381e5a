# Digests composed per second: make bench-digest; it is a part of make bench.
EXTRA_PROGRAMS += tests/bench/bench-digest
tests_bench_bench_digest_SOURCES = tests/bench/bench-digest.c
tests_bench_bench_digest_LDADD = $(TIDINGS_LIBS)
CLEANFILES += tests/bench/bench-digest$(EXEEXT)
bench-digest: tests/bench/bench-digest$(EXEEXT)
	./tests/bench/bench-digest$(EXEEXT)
bench: bench-digest
.PHONY: bench-digest
