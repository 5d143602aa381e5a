# Unit tests of the processes: daemon/ipc, daemon/pipeline, daemon/control.
CORE_UNIT = tests/unit/test-chan \
	tests/unit/test-control \
	tests/unit/test-loop \
	tests/unit/test-pipeline \
	tests/unit/test-pipeline-out \
	tests/unit/test-sandbox \
	tests/unit/test-worker
if HAVE_CMOCKA
check_PROGRAMS += $(CORE_UNIT)
TESTS += $(CORE_UNIT)
endif
tests_unit_test_chan_SOURCES = tests/unit/test-chan.c tests/unit/unit.h
tests_unit_test_chan_LDADD = $(UNIT_LDADD)
tests_unit_test_control_SOURCES = tests/unit/test-control.c tests/unit/unit.h
tests_unit_test_control_LDADD = $(UNIT_LDADD)
tests_unit_test_loop_SOURCES = tests/unit/test-loop.c tests/unit/unit.h
tests_unit_test_loop_LDADD = $(UNIT_LDADD)
tests_unit_test_sandbox_SOURCES = tests/unit/test-sandbox.c tests/unit/unit.h
tests_unit_test_sandbox_LDADD = $(UNIT_LDADD)
tests_unit_test_worker_SOURCES = tests/unit/test-worker.c tests/unit/unit.h
tests_unit_test_worker_LDADD = $(UNIT_LDADD)
PIPELINE_FIXTURE = tests/unit/pipeline-fixture.h tests/unit/unit.h tests/unit/fake-workers.h \
	tests/unit/fake-workers.c
tests_unit_test_pipeline_SOURCES = tests/unit/test-pipeline.c $(PIPELINE_FIXTURE)
tests_unit_test_pipeline_LDADD = $(UNIT_LDADD)
tests_unit_test_pipeline_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=reading_parse
tests_unit_test_pipeline_out_SOURCES = tests/unit/test-pipeline-out.c $(PIPELINE_FIXTURE)
tests_unit_test_pipeline_out_LDADD = $(UNIT_LDADD)
tests_unit_test_pipeline_out_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=reading_parse
