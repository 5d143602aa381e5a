# Trimming and the grammar.
libtdparse_a_SOURCES += \
	parsers/bare.c \
	parsers/bare.h \
	parsers/command.c \
	parsers/command.h \
	parsers/command_item.c \
	parsers/command_person.c \
	parsers/command_private.h \
	parsers/command_time.c \
	parsers/field.c \
	parsers/field.h \
	parsers/grammar.c \
	parsers/grammar_private.h \
	parsers/mention.c \
	parsers/mention.h \
	parsers/section.c \
	parsers/section.h \
	parsers/section_words.c \
	parsers/subject.c \
	parsers/subject.h \
	parsers/subject_marks.c \
	parsers/subject_marks.h \
	parsers/timespan.c \
	parsers/timespan.h \
	parsers/topblock.c \
	parsers/topblock.h \
	parsers/trim.c \
	parsers/trim_block.c \
	parsers/trim_device.c \
	parsers/trim_phrases.c \
	parsers/trim_private.h \
	parsers/trim_tail.c \
	parsers/trim_words.c \
	parsers/verb.c \
	parsers/verb.h \
	parsers/verb_table.c
