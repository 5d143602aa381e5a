#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What the build makes: hardened programs, and a configure that names what is missing.

Runs under `make check`.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig.tool import DAEMON, TOOL  # noqa: E402

TOP = os.environ.get("TD_SRCDIR", ".")


class Hardening(unittest.TestCase):
    def readelf(self, *words):
        if shutil.which("readelf") is None:
            self.skipTest("readelf is not installed (apt-get install binutils)")
        return subprocess.run(["readelf", "-W", *words], capture_output=True, text=True,
                              check=True).stdout

    def test_programs(self):
        """Position-independent, relocations read-only at the start, no stack that runs, and a
        guard before each return."""
        for program in (DAEMON, TOOL):
            with self.subTest(program=program):
                self.assertRegex(self.readelf("-h", program), r"Type: +DYN")
                parts = self.readelf("-l", program)
                self.assertRegex(parts, r"GNU_RELRO")
                self.assertRegex(parts, r"GNU_STACK +\S+ \S+ \S+ \S+ \S+ RW +0x")
                self.assertIn("Requesting program interpreter", parts)
                self.assertRegex(self.readelf("-d", program), r"FLAGS_1\).*\bNOW\b.*\bPIE\b")
                names = self.readelf("--dyn-syms", program)
                self.assertIn("__stack_chk_fail", names)
                if "__asan_init" in names or "__gcov" in self.readelf("-s", program):
                    continue  # checks of their own, or a build without optimisation
                self.assertRegex(names, r"__\w+_chk@GLIBC")


class Configure(unittest.TestCase):
    def test_names_the_package(self):
        """The first library that is missing is told with its Debian package."""
        configure = os.path.abspath(os.path.join(TOP, "configure"))
        if not os.path.exists(configure) or os.path.exists(os.path.join(TOP, "config.status")):
            self.skipTest("the tree is configured itself, so configure cannot run elsewhere")
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([configure, "-q"], cwd=folder, capture_output=True, text=True,
                                  env=dict(os.environ, PKG_CONFIG_LIBDIR=folder,
                                           PKG_CONFIG_PATH=""), timeout=300, check=False)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertRegex(done.stderr, r"error: gnutls >= \S+ was not found; on Debian install it "
                         r"with: apt-get install libgnutls28-dev\n$")

    def test_each_need_has_a_package(self):
        """Each names one, and contrib/packages installs it for the build."""
        with open(os.path.join(TOP, "configure.ac")) as f:
            needs = re.findall(r"^TD_(?:NEED|WANT|NEED_LIB)\((.*)\)$", f.read(), re.M)
        self.assertGreater(len(needs), 10)
        with open(os.path.join(TOP, "contrib", "packages")) as f:
            packages = f.read().split()
        for need in needs:
            found = re.findall(r"\blib[\w.+-]*-dev\b", need)
            self.assertEqual(len(found), 1, need)
            self.assertIn(found[0], packages)


if __name__ == "__main__":
    unittest.main()
