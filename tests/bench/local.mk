# Figures: make bench (prints, judges nothing).
EXTRA_DIST += tests/bench/bench.py tests/bench/idle.py tests/bench/peers.py
BENCH_ARGS =
bench: all tests/bench/bench-intake$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) $(PYTHON3) $(srcdir)/tests/bench/bench.py $(BENCH_ARGS)
.PHONY: bench
