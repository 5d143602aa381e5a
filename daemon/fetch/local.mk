# Files of daemon/fetch.
libtidings_a_SOURCES += \
	daemon/fetch/worker.h \
	daemon/fetch/fetch-conf.c
