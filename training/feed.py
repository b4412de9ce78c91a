# What this file is for: run a sample generator in a second, niced process and hand its batches to the trainer.
# SPDX-License-Identifier: GPL-3.0-or-later
import multiprocessing as mp
import os
import queue


def _work(make, args, seed, progress, out):
    import cv2
    import numpy as np
    os.nice(2)
    cv2.setNumThreads(1)
    rng = np.random.default_rng(seed)
    state = None
    parent = os.getppid()
    while os.getppid() == parent:
        state, item = make(rng, state, progress.value, *args)
        while True:
            try:
                out.put(item, timeout=20)
                break
            except queue.Full:
                if os.getppid() != parent:
                    os._exit(0)
    os._exit(0)                 # without waiting for a reader of the queue that is no more


class Feed:
    """make(rng, state, progress, *args) -> (state, batch); progress is the share of the run that is done."""

    def __init__(self, make, args, seed, depth=24):
        self.progress = mp.Value("d", 0.0)
        self.queue = mp.Queue(depth)
        self.process = mp.Process(target=_work, args=(make, args, seed, self.progress, self.queue), daemon=True)
        self.process.start()

    def next(self):
        while True:
            try:
                return self.queue.get(timeout=20)
            except queue.Empty:
                if not self.process.is_alive():
                    raise RuntimeError("the generator process died")

    def stop(self):
        self.process.terminate()


class Twice:
    """Every batch comes once fresh and once more, changed a little by again(rng, batch), `delay` batches later:
    drawing costs as much as learning."""

    def __init__(self, source, again, seed, delay=100):
        import numpy as np
        self.source, self.again, self.delay, self.kept, self.turn = source, again, delay, [], 0
        self.rng = np.random.default_rng(seed)

    def next(self):
        self.turn += 1
        if self.turn % 2 and len(self.kept) >= self.delay:
            return self.again(self.rng, self.kept.pop(0))
        batch = self.source.next()
        self.kept.append(batch)
        return batch
