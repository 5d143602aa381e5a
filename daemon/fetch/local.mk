# Files of daemon/fetch.
libtidings_a_SOURCES +=
