# Files of daemon/ipc.
libtidings_a_SOURCES += \
	daemon/ipc/wire.h daemon/ipc/wire.c \
	daemon/ipc/frame.h \
	daemon/ipc/chan.h daemon/ipc/chan.c daemon/ipc/memfd.c \
	daemon/ipc/loop.h daemon/ipc/loop.c
