# Trimming and the grammar.
libtdparse_a_SOURCES += \
	parsers/trim.c \
	parsers/trim_block.c \
	parsers/trim_phrases.c \
	parsers/trim_private.h \
	parsers/trim_tail.c \
	parsers/trim_words.c
libtdparse_a_SOURCES += \
	parsers/verb.c \
	parsers/verb.h \
	parsers/verb_table.c
