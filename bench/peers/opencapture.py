"""Opencapture without its tray, in the directory that is named, until SIGTERM."""

import signal
import sys
import threading

sys.path.pop(0)  # this file's own name would hide the package
from opencapture.auto_capture import AutoCapture

if __name__ == "__main__":
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    recorder = AutoCapture(storage_dir=sys.argv[1], mic_enabled=False, mic_config={})
    recorder.start()
    print("ready", flush=True)
    over.wait()
    recorder.stop()
