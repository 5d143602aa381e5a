# Files of daemon/ipc.
libtidings_a_SOURCES +=
