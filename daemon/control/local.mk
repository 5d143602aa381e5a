# Files of daemon/control.
libtidings_a_SOURCES += \
	daemon/control/client.h daemon/control/client.c
