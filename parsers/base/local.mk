# Files of parsers/base: memory, text, numbers, errors.
libtdparse_a_SOURCES += \
	parsers/base/err.h parsers/base/err.c \
	parsers/base/span.h parsers/base/span.c \
	parsers/base/arena.h parsers/base/arena.c \
	parsers/base/buf.h parsers/base/buf.c \
	parsers/base/wire.h parsers/base/wire.c \
	parsers/base/num.h parsers/base/num.c \
	parsers/base/base32.h parsers/base/base32.c \
	parsers/base/civil.h parsers/base/civil.c \
	parsers/base/zone.h parsers/base/zone.c \
	parsers/base/zone-rule.h parsers/base/zone-rule.c \
	parsers/base/utf8.h parsers/base/utf8.c \
	parsers/base/jsonw.h parsers/base/jsonw.c
