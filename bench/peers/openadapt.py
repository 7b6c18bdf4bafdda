"""openadapt-capture as its own command line runs it, in the directory that is named, until SIGTERM."""

import signal
import sys
import threading

from openadapt_capture.recorder import Recorder

if __name__ == "__main__":
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    with Recorder(sys.argv[1], task_description="a search", capture_video=True) as recorder:
        recorder.wait_for_ready()
        print("ready", flush=True)
        over.wait()
