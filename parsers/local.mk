# Files of parsers/.
libtdparse_a_SOURCES += \
	parsers/when.c parsers/when-private.h \
	parsers/when-lex.h parsers/when-lex.c \
	parsers/when-words.h parsers/when-words.c \
	parsers/when-date.h parsers/when-date.c \
	parsers/when-day.c parsers/when-amount.c parsers/when-clock.c \
	parsers/duration.c
libtdparse_a_SOURCES += parsers/reading.h parsers/when.h parsers/duration.h \
	parsers/trim.h parsers/grammar.h
libtdparse_a_SOURCES += \
	parsers/address.h parsers/address.c \
	parsers/digest.h parsers/digest.c \
	parsers/flowed.h parsers/flowed.c \
	parsers/htmlentity.h parsers/htmlentity.c parsers/htmlentity_table.c \
	parsers/htmllook.h parsers/htmllook.c \
	parsers/htmlsheet.h parsers/htmlsheet.c \
	parsers/htmlstyle.h parsers/htmlstyle.c \
	parsers/htmltags.h parsers/htmltags.c \
	parsers/htmltext.h parsers/htmltext_private.h parsers/htmltext.c \
	parsers/htmltext_put.c parsers/htmltext_after.c parsers/htmltext_cite.c \
	parsers/itip.h parsers/itip.c parsers/itip_zone.c \
	parsers/itip_own_zone.h parsers/itip_own_zone.c \
	parsers/links.h parsers/links.c \
	parsers/param.h parsers/param.c \
	parsers/enriched.h parsers/enriched.c \
	parsers/mime.h parsers/mime_private.h parsers/mime.c \
	parsers/mime_part.c parsers/mime_choose.c parsers/mime_cost.c \
	parsers/stub.h parsers/stub.c \
	parsers/textpart.h parsers/textpart.c \
	parsers/bounce.h parsers/bounce.c parsers/bounce_reason.c \
	parsers/robot.h parsers/robot.c \
	parsers/charset.h parsers/charset.c \
	parsers/charset_guess.h parsers/charset_guess.c \
	parsers/encword.h parsers/encword.c \
	parsers/glance.h parsers/glance.c \
	parsers/header.h parsers/header.c \
	parsers/trace.h parsers/trace.c \
	parsers/transfer.h parsers/transfer.c \
	parsers/uufile.h parsers/uufile.c \
	parsers/reading_shape.h parsers/reading_shape.c \
	parsers/reading.c \
	parsers/reading_json.c \
	parsers/reading_load.c \
	parsers/reading_pack.c parsers/reading_unpack.c
