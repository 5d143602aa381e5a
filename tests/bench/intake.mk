# Figures of intake alone: make bench-intake; it is a part of make bench.
EXTRA_PROGRAMS += tests/bench/bench-intake
tests_bench_bench_intake_SOURCES = tests/bench/bench-intake.c
tests_bench_bench_intake_LDADD = $(TIDINGS_LIBS)
CLEANFILES += tests/bench/bench-intake$(EXEEXT)
bench-intake: tests/bench/bench-intake$(EXEEXT)
	./tests/bench/bench-intake$(EXEEXT)
	./tests/bench/bench-intake$(EXEEXT) --items
bench: bench-intake
.PHONY: bench-intake
