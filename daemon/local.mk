# Files of daemon/ itself: start-up, the clock, the log.
libtidings_a_SOURCES += \
	daemon/claim.h daemon/claim.c \
	daemon/clock.h daemon/clock.c \
	daemon/log.h daemon/log.c \
	daemon/parse_worker.h daemon/parse_worker.c \
	daemon/startup.h daemon/startup.c \
	daemon/daemon.h daemon/daemon.c

sbin_PROGRAMS += tidingsd
tidingsd_SOURCES = daemon/main.c
tidingsd_LDADD = $(TIDINGS_LIBS)
