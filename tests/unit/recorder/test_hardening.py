"""A hardened process says nothing of its own accord, whatever goes wrong in it."""

import subprocess
import sys

HARDENED = "from overt.recorder.hardening import end_on_error, harden; harden(); "


def said(code: str) -> tuple[str, str]:
    done = subprocess.run([sys.executable, "-c", HARDENED + code], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    return done.stdout, done.stderr


def test_what_a_library_logs_is_not_printed() -> None:
    assert said("import logging; logging.getLogger('any').error('canary')") == ("", "")


def test_a_thread_that_fails_prints_no_traceback() -> None:
    failing = "threading.Thread(target=lambda: {}['canary'])"

    assert said(f"import threading; thread = {failing}; thread.start(); thread.join()") == ("", "")


def test_an_object_that_fails_when_it_goes_prints_no_traceback() -> None:
    assert said("Bad = type('Bad', (), {'__del__': lambda self: {}['canary']}); Bad()") == ("", "")


def test_an_error_in_a_callback_ends_the_session_without_a_traceback() -> None:
    code = """
import asyncio
async def run():
    ended = asyncio.Event()
    end_on_error(asyncio.get_running_loop(), ended.set)
    asyncio.get_running_loop().call_soon(lambda: {}['canary'])
    await asyncio.wait_for(ended.wait(), 5)
asyncio.run(run())
print('ended')
"""

    assert said("pass\n" + code) == ("ended\n", "")
