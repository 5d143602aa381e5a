# Scores of reading real mail: bounces, people, parts, invitations, and that nothing crashes.
dist_check_SCRIPTS += tests/score/score-mail.py
TESTS += tests/score/score-mail.py
EXTRA_DIST += tests/score/mail-floor.txt tests/score/mail-notes.txt
