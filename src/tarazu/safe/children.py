"""Several children at one task: answers in the order of the jobs, never many more read than answered."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

from tarazu.errors import OptionError
from tarazu.safe.child import Answer, Child
from tarazu.safe.content import content
from tarazu.safe.limits import Limits
from tarazu.safe.refused import Refused

Job = tuple[dict[str, Any], bytes | str | Path]  # the header, and the bytes or the file that holds them

AHEAD = 2  # jobs in hand for each child, so that none waits for us


class Children:
    """A pool of `Child`; may be used by several threads at once."""

    kind: ClassVar[type[Child]] = Child

    def __init__(self, task: str, workers: int = 1, limits: Limits | None = None) -> None:
        if workers < 1:
            raise OptionError(f"{workers} workers: give 1 or more.")
        self.limits = limits or Limits()
        self.workers = workers
        self._children = [self.kind(task, self.limits) for _ in range(workers)]
        self._free: queue.SimpleQueue[Child] = queue.SimpleQueue()
        for child in self._children:
            self._free.put(child)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="child")

    @property
    def peak(self) -> int:
        """Return the most bytes that were resident in one child."""
        return max(child.peak for child in self._children)

    def run(self, header: dict[str, Any], payload: bytes | str | Path) -> Answer:
        """Do one job as soon as a child is free. Raises Refused."""
        child = self._free.get()
        try:
            return child.run(header, content(payload, self.limits))
        finally:
            self._free.put(child)

    def map(self, jobs: Iterable[Job]) -> Iterator[Answer | Refused]:
        """Give the answer to each job in order; a file that is refused gives its Refused, which is not raised."""
        waiting: deque[Future[Answer | Refused]] = deque()
        try:
            for header, payload in jobs:
                waiting.append(self._threads.submit(self._answer, header, payload))
                if len(waiting) >= AHEAD * len(self._children):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()

    def close(self) -> None:
        """Wait for the jobs at hand and end every child."""
        self._threads.shutdown(cancel_futures=True)
        for child in self._children:
            child.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _answer(self, header: dict[str, Any], payload: bytes | str | Path) -> Answer | Refused:
        try:
            return self.run(header, payload)
        except Refused as refused:
            return refused
