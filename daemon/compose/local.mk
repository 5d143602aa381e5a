# Files of daemon/compose: outgoing mail.
libtidings_a_SOURCES += \
	daemon/compose/compose.h \
	daemon/compose/mustache.h daemon/compose/mustache.c \
	daemon/compose/value.h daemon/compose/value.c
