# Files of contrib/.
EXTRA_DIST += \
	contrib/tidings.conf.example \
	contrib/packages \
	contrib/install-missing \
	contrib/check \
	contrib/quickstart \
	contrib/demo/day.py \
	contrib/demo/show.py \
	contrib/systemd/tidings.service

bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = contrib/completions/tidings
