# Files of daemon/send.
libtidings_a_SOURCES +=
