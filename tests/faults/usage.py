"""Runs a command and prints its processor time in whole seconds and its largest memory in MB.

Children that it waits for are counted with it.
SPDX-License-Identifier: MIT
"""
import os
import subprocess
import sys

process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
print(f'{usage.ru_utime + usage.ru_stime:.0f} {usage.ru_maxrss // 1024}')
sys.exit(status != 0)
