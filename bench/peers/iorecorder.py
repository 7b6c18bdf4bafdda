"""IORecorder in the directory that is named, until SIGTERM."""

import signal
import sys
import threading

sys.path.pop(0)  # this file's own name would hide the package
from iorecorder.recorders import IORecorder

if __name__ == "__main__":
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    recorder = IORecorder(sys.argv[1])
    recorder.start()
    print("ready", flush=True)
    over.wait()
    recorder.stop()
