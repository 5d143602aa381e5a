# Files of daemon/store.
libtidings_a_SOURCES +=
