# Files of daemon/schedule.
libtidings_a_SOURCES += \
	daemon/schedule/due.h daemon/schedule/due.c
