# Filled by its room.
