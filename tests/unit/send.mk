# Tests of daemon/conf, daemon/send and daemon/control.
SEND_UNIT = \
	tests/unit/test-conf \
	tests/unit/test-oauth \
	tests/unit/test-retry \
	tests/unit/test-track
if HAVE_CMOCKA
check_PROGRAMS += $(SEND_UNIT)
TESTS += $(SEND_UNIT)
endif
tests_unit_test_conf_SOURCES = tests/unit/test-conf.c tests/unit/unit.h
tests_unit_test_conf_LDADD = $(UNIT_LDADD)
tests_unit_test_oauth_SOURCES = tests/unit/test-oauth.c tests/unit/unit.h
tests_unit_test_oauth_LDADD = $(UNIT_LDADD)
tests_unit_test_retry_SOURCES = tests/unit/test-retry.c tests/unit/unit.h
tests_unit_test_retry_LDADD = $(UNIT_LDADD)
tests_unit_test_track_SOURCES = tests/unit/test-track.c tests/unit/unit.h
tests_unit_test_track_LDADD = $(UNIT_LDADD)

# A program that drives daemon/send, and a scripted SMTP server that misbehaves.
check_PROGRAMS += tests/rig/smtp-drive
tests_rig_smtp_drive_SOURCES = tests/rig/smtp-drive.c
tests_rig_smtp_drive_LDADD = $(TIDINGS_LIBS)
EXTRA_DIST += tests/rig/smtp_script.py tests/unit/test_smtp_script.py \
	tests/integration/test_built.py tests/integration/test_setting_up.py \
	tests/integration/test_tool.py tests/integration/test_tool_words.py
TESTS += tests/unit/test_smtp_script.py tests/integration/test_built.py \
	tests/integration/test_setting_up.py tests/integration/test_tool.py \
	tests/integration/test_tool_words.py
