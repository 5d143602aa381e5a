# Files of daemon/compose.
libtidings_a_SOURCES +=
