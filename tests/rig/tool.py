# SPDX-License-Identifier: ISC
"""The programs where no server is needed: a folder, a configuration and a store of their own."""
import contextlib
import json
import os
import pty
import select
import subprocess
import tempfile
import unittest

BUILD = os.environ.get("TD_BUILDDIR", ".")
TOOL = os.path.join(BUILD, "tidings")
DAEMON = os.path.join(BUILD, "tidingsd")


class Base(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.conf = self.path("etc", "t.conf")
        self.env = {"PATH": os.environ.get("PATH", ""), "HOME": self.folder, "TZ": "UTC",
                    "LC_ALL": "C.UTF-8",
                    "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "detect_leaks=0")}

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, data, mode=0o600):
        with open(self.path(name), "wb") as f:
            f.write(data)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def run_tool(self, *words, code=0, stdin=b""):
        done = subprocess.run([TOOL, *words], input=stdin, capture_output=True, env=self.env,
                              cwd=self.folder, timeout=60, check=False)
        self.out, self.err = done.stdout.decode(), done.stderr.decode()
        self.assertEqual(done.returncode, code, f"{words}\n{self.out}\n{self.err}")
        if code == 1 and not {"check", "status"} & set(words):
            self.assertEqual(self.err.count("\n"), 1, self.err)
            self.assertTrue(self.err.startswith("tidings: "), self.err)
        return self.out

    def on_terminal(self, *words, typed=(), code=0):
        """The tool with a terminal for input and errors; answers are typed as it asks, then the
        end of input. Gives what stands on that terminal; standard output goes to self.out."""
        mine, its = pty.openpty()
        process = subprocess.Popen([TOOL, "-c", self.conf, *words], stdin=its, stderr=its,
                                   stdout=subprocess.PIPE, env=self.env, cwd=self.folder,
                                   start_new_session=True)
        os.close(its)
        answers, said, heard = [*(line.encode() + b"\n" for line in typed)], b"", 0
        try:
            with contextlib.suppress(OSError):  # the end of a terminal
                while select.select([mine], [], [], 20)[0]:
                    said += os.read(mine, 65536)
                    if said.endswith((b": ", b"] ")) and len(said) > heard:
                        os.write(mine, answers.pop(0) if answers else b"\x04")
                        heard = len(said)
            self.out = process.communicate(timeout=60)[0].decode()
        finally:
            process.kill()
            process.wait()
            os.close(mine)
        self.assertEqual(process.returncode, code, self.out + said.decode())
        return said.decode()

    def tool(self, *words, **options):
        return self.run_tool("-c", self.conf, *words, **options)

    def json(self, *words, **options):
        return json.loads(self.tool("--json", *words, **options))

    def init(self, *more, code=0):
        self.write("pw", b"correct horse\n")
        return self.tool("init", "--yes", "--provider", "dovecot", "--no-check",
                         "--address", "Platform@Example.org", "--lead", "ana@example.org",
                         "--lead-name", "Ana Lima", "--zone", "Europe/Berlin",
                         "--password-file", "pw", "--store", "var/t.db", "--run-dir", "run",
                         "--imap-host", "localhost", "--smtp-host", "localhost",
                         "--imap-port", "1", "--smtp-port", "1", *more, code=code)
