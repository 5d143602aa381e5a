# libFuzzer targets of the byte side of parsers/ (configure --enable-fuzzer with clang).
if FUZZER
PARSE_FUZZERS = \
	tests/fuzz/fuzz-mail \
	tests/fuzz/fuzz-header \
	tests/fuzz/fuzz-html \
	tests/fuzz/fuzz-calendar \
	tests/fuzz/fuzz-bounce \
	tests/fuzz/fuzz-reading-json \
	tests/fuzz/fuzz-reading-pack
noinst_PROGRAMS += $(PARSE_FUZZERS)
endif
fuzz_add = $(PARSE_LIBS)
fuzz_link = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_mail_SOURCES = tests/fuzz/fuzz-mail.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_mail_LDADD = $(fuzz_add)
tests_fuzz_fuzz_mail_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_header_SOURCES = tests/fuzz/fuzz-header.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_header_LDADD = $(fuzz_add)
tests_fuzz_fuzz_header_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_html_SOURCES = tests/fuzz/fuzz-html.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_html_LDADD = $(fuzz_add)
tests_fuzz_fuzz_html_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_calendar_SOURCES = tests/fuzz/fuzz-calendar.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_calendar_LDADD = $(fuzz_add)
tests_fuzz_fuzz_calendar_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_bounce_SOURCES = tests/fuzz/fuzz-bounce.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_bounce_LDADD = $(fuzz_add)
tests_fuzz_fuzz_bounce_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_reading_json_SOURCES = tests/fuzz/fuzz-reading-json.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_reading_json_LDADD = $(fuzz_add)
tests_fuzz_fuzz_reading_json_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_reading_pack_SOURCES = tests/fuzz/fuzz-reading-pack.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_reading_pack_LDADD = $(fuzz_add)
tests_fuzz_fuzz_reading_pack_LDFLAGS = $(fuzz_link)
EXTRA_DIST += \
	tests/fuzz/dict/bounce.dict \
	tests/fuzz/dict/calendar.dict \
	tests/fuzz/dict/header.dict \
	tests/fuzz/dict/html.dict \
	tests/fuzz/dict/mail.dict \
	tests/fuzz/seeds/mail/parts.eml \
	tests/fuzz/seeds/mail/reply.eml \
	tests/fuzz/seeds/header/all.txt \
	tests/fuzz/seeds/html/all.html \
	tests/fuzz/seeds/calendar/request.ics \
	tests/fuzz/seeds/bounce/report.eml \
	tests/fuzz/seeds/reading-json/reading.json \
	tests/fuzz/seeds/reading-pack/full
