# Files of daemon/compose: outgoing mail.
libtidings_a_SOURCES += \
	daemon/compose/compose.h
