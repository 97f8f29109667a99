"""Every rank draws its own part: packed weights, padded rows and running statistics too.

The ranks are played one after the other, by torch's fake process group; what ranks say to each
other is in tests/torch_ranks.
"""

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("played_ranks.py")


def test_the_parts_of_all_ranks_make_up_the_whole():
    command = [sys.executable, "-W", "ignore", str(SCRIPT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    ranks = [json.loads(line) for line in done.stdout.splitlines()]
    assert [rank["bad"] for rank in ranks] == [[]] * 8
    assert sum(rank["seen"] for rank in ranks) >= 7 * 557
