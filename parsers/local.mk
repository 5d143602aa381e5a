# Files of parsers/.
libtdparse_a_SOURCES += parsers/reading.h parsers/when.h parsers/duration.h \
	parsers/trim.h parsers/grammar.h
