# Unit tests of what the work is made of: daemon/store, daemon/model, daemon/intake.
WORK_UNIT = tests/unit/test-admit \
	tests/unit/test-apply \
	tests/unit/test-cost \
	tests/unit/test-db \
	tests/unit/test-decide \
	tests/unit/test-decide-date \
	tests/unit/test-decide-mail \
	tests/unit/test-erase \
	tests/unit/test-form \
	tests/unit/test-half \
	tests/unit/test-handover \
	tests/unit/test-holiday \
	tests/unit/test-intake \
	tests/unit/test-copies \
	tests/unit/test-member \
	tests/unit/test-model \
	tests/unit/test-news \
	tests/unit/test-outbox \
	tests/unit/test-page \
	tests/unit/test-place \
	tests/unit/test-prompt \
	tests/unit/test-proof \
	tests/unit/test-property \
	tests/unit/test-query \
	tests/unit/test-remind \
	tests/unit/test-lines tests/unit/test-rights tests/unit/test-thread \
	tests/unit/test-search \
	tests/unit/test-logged \
	tests/unit/test-sheet \
	tests/unit/test-shuffle \
	tests/unit/test-token \
	tests/unit/test-whole \
	tests/unit/test-undo
if HAVE_CMOCKA
check_PROGRAMS += $(WORK_UNIT)
TESTS += $(WORK_UNIT)
endif
tests_unit_test_admit_SOURCES = tests/unit/test-admit.c tests/unit/unit.h
tests_unit_test_admit_LDADD = $(UNIT_LDADD)
tests_unit_test_logged_SOURCES = tests/unit/test-logged.c tests/unit/office-fixture.h \
	tests/unit/intake-fixture.h
tests_unit_test_logged_LDADD = $(UNIT_LDADD)
tests_unit_test_sheet_SOURCES = tests/unit/test-sheet.c tests/unit/office-fixture.h \
	tests/unit/intake-fixture.h
tests_unit_test_sheet_LDADD = $(UNIT_LDADD)
tests_unit_test_decide_SOURCES = tests/unit/test-decide.c tests/unit/decide-fixture.h \
	tests/unit/intake-fixture.h
tests_unit_test_decide_LDADD = $(UNIT_LDADD)
tests_unit_test_decide_date_SOURCES = tests/unit/test-decide-date.c tests/unit/decide-fixture.h \
	tests/unit/intake-fixture.h
tests_unit_test_decide_date_LDADD = $(UNIT_LDADD)
tests_unit_test_decide_mail_SOURCES = tests/unit/test-decide-mail.c \
	tests/unit/intake-fixture.h
tests_unit_test_decide_mail_LDADD = $(UNIT_LDADD)
tests_unit_test_cost_SOURCES = tests/unit/test-cost.c tests/unit/store-fixture.h
tests_unit_test_cost_LDADD = $(UNIT_LDADD)
tests_unit_test_db_SOURCES = tests/unit/test-db.c tests/unit/store-fixture.h
tests_unit_test_db_LDADD = $(UNIT_LDADD)
tests_unit_test_lines_SOURCES = tests/unit/test-lines.c tests/unit/intake-fixture.h \
	tests/unit/export-work.h
tests_unit_test_lines_LDADD = $(UNIT_LDADD)
tests_unit_test_rights_SOURCES = tests/unit/test-rights.c tests/unit/intake-fixture.h \
	tests/unit/export-work.h
tests_unit_test_rights_LDADD = $(UNIT_LDADD)
tests_unit_test_thread_SOURCES = tests/unit/test-thread.c tests/unit/intake-fixture.h \
	tests/unit/export-work.h
tests_unit_test_thread_LDADD = $(UNIT_LDADD)
tests_unit_test_search_SOURCES = tests/unit/test-search.c tests/unit/store-fixture.h
tests_unit_test_search_LDADD = $(UNIT_LDADD)
tests_unit_test_outbox_SOURCES = tests/unit/test-outbox.c tests/unit/store-fixture.h
tests_unit_test_outbox_LDADD = $(UNIT_LDADD)
tests_unit_test_apply_SOURCES = tests/unit/test-apply.c tests/unit/intake-fixture.h
tests_unit_test_apply_LDADD = $(UNIT_LDADD)
tests_unit_test_intake_SOURCES = tests/unit/test-intake.c tests/unit/intake-fixture.h
tests_unit_test_intake_LDADD = $(UNIT_LDADD)
tests_unit_test_copies_SOURCES = tests/unit/test-copies.c tests/unit/intake-fixture.h
tests_unit_test_copies_LDADD = $(UNIT_LDADD)
tests_unit_test_whole_SOURCES = tests/unit/test-whole.c tests/unit/intake-fixture.h
tests_unit_test_whole_LDADD = $(UNIT_LDADD)
tests_unit_test_member_SOURCES = tests/unit/test-member.c tests/unit/intake-fixture.h
tests_unit_test_member_LDADD = $(UNIT_LDADD)
tests_unit_test_model_SOURCES = tests/unit/test-model.c tests/unit/store-fixture.h
tests_unit_test_model_LDADD = $(UNIT_LDADD)
tests_unit_test_undo_SOURCES = tests/unit/test-undo.c tests/unit/intake-fixture.h \
	tests/unit/export-work.h
tests_unit_test_undo_LDADD = $(UNIT_LDADD)
tests_unit_test_query_SOURCES = tests/unit/test-query.c tests/unit/intake-fixture.h
tests_unit_test_query_LDADD = $(UNIT_LDADD)
tests_unit_test_half_SOURCES = tests/unit/test-half.c tests/unit/intake-fixture.h
tests_unit_test_half_LDADD = $(UNIT_LDADD)
tests_unit_test_handover_SOURCES = tests/unit/test-handover.c tests/unit/intake-fixture.h
tests_unit_test_handover_LDADD = $(UNIT_LDADD)
tests_unit_test_holiday_SOURCES = tests/unit/test-holiday.c tests/unit/intake-fixture.h
tests_unit_test_holiday_LDADD = $(UNIT_LDADD)
tests_unit_test_erase_SOURCES = tests/unit/test-erase.c tests/unit/intake-fixture.h
tests_unit_test_erase_LDADD = $(UNIT_LDADD)
tests_unit_test_form_SOURCES = tests/unit/test-form.c tests/unit/intake-fixture.h
tests_unit_test_form_LDADD = $(UNIT_LDADD)
tests_unit_test_page_SOURCES = tests/unit/test-page.c tests/unit/intake-fixture.h
tests_unit_test_page_LDADD = $(UNIT_LDADD)
tests_unit_test_remind_SOURCES = tests/unit/test-remind.c tests/unit/intake-fixture.h
tests_unit_test_remind_LDADD = $(UNIT_LDADD)
tests_unit_test_prompt_SOURCES = tests/unit/test-prompt.c tests/unit/intake-fixture.h \
	tests/unit/jobs-fixture.h
tests_unit_test_prompt_LDADD = $(UNIT_LDADD)
tests_unit_test_news_SOURCES = tests/unit/test-news.c tests/unit/intake-fixture.h
tests_unit_test_news_LDADD = $(UNIT_LDADD)
tests_unit_test_place_SOURCES = tests/unit/test-place.c tests/unit/intake-fixture.h
tests_unit_test_place_LDADD = $(UNIT_LDADD)
tests_unit_test_proof_SOURCES = tests/unit/test-proof.c tests/unit/intake-fixture.h
tests_unit_test_proof_LDADD = $(UNIT_LDADD)
tests_unit_test_token_SOURCES = tests/unit/test-token.c tests/unit/store-fixture.h
tests_unit_test_token_LDADD = $(UNIT_LDADD)
PLAY_SOURCES = tests/unit/play.c tests/unit/play-take.c tests/unit/play.h tests/unit/intake-fixture.h \
	tests/unit/export-work.h
tests_unit_test_property_SOURCES = tests/unit/test-property.c tests/unit/work-rules.c \
	tests/unit/work-rules.h $(PLAY_SOURCES)
tests_unit_test_property_LDADD = $(UNIT_LDADD)
tests_unit_test_shuffle_SOURCES = tests/unit/test-shuffle.c $(PLAY_SOURCES)
tests_unit_test_shuffle_LDADD = $(UNIT_LDADD)
