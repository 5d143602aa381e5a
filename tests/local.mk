# Tests: units (cmocka), scripts that hold the house rules, integration and hostile runs.
AM_TESTS_ENVIRONMENT = \
	TD_SRCDIR='$(abs_top_srcdir)'; export TD_SRCDIR; \
	TD_BUILDDIR='$(abs_top_builddir)'; export TD_BUILDDIR; \
	PYTHON3='$(PYTHON3)'; export PYTHON3;
TEST_EXTENSIONS = .sh .py
# Each has a deadline, in seconds: one that hangs fails, and says so.
CHECK_SECONDS = 600
CHECK_FLAGS = $(srcdir)/tests/rig/run.py --check --seconds $(CHECK_SECONDS)
LOG_COMPILER = $(PYTHON3)
AM_LOG_FLAGS = $(CHECK_FLAGS)
SH_LOG_COMPILER = $(PYTHON3)
AM_SH_LOG_FLAGS = $(CHECK_FLAGS)
PY_LOG_COMPILER = $(PYTHON3)
AM_PY_LOG_FLAGS = $(CHECK_FLAGS)
include tests/unit/parsers.mk
include tests/score/mail.mk
include tests/unit/local.mk
include tests/unit/compose.mk
include tests/unit/time.mk
include tests/score/time.mk
include tests/unit/core.mk
include tests/unit/fetch.mk
include tests/unit/grammar.mk
include tests/unit/work.mk
include tests/unit/send.mk
include tests/scripts.mk
include tests/hostile/fetch.mk
include tests/fuzz/local.mk
include tests/fuzz/time.mk
include tests/fuzz/parsers.mk
include tests/fuzz/grammar.mk
include tests/bench/local.mk
include tests/bench/intake.mk
include tests/bench/digest.mk
include tests/bench/parse.mk
include tests/score/local.mk
