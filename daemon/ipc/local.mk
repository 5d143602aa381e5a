# Files of daemon/ipc.
libtidings_a_SOURCES += \
	daemon/ipc/frame.h \
	daemon/ipc/chan.h daemon/ipc/chan.c daemon/ipc/memfd.c \
	daemon/ipc/loop.h daemon/ipc/loop.c \
	daemon/ipc/landlock.h daemon/ipc/landlock.c \
	daemon/ipc/sandbox.h daemon/ipc/sandbox.c \
	daemon/ipc/worker.h daemon/ipc/worker.c daemon/ipc/worker_main.c
