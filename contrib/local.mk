# Files of contrib/.
EXTRA_DIST +=
