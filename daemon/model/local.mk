# Files of daemon/model.
libtidings_a_SOURCES +=
