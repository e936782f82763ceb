"""Measure the scanner pool: who waits, who works, what comes of it.

In:    what the pool tells of itself, as it happens.
Out:   OpenTelemetry instruments, if there is a meter; otherwise nothing at all.
Never: anything of a job but how it ended.
"""

from collections.abc import Sequence

from opentelemetry.metrics import Meter


class PoolMeters:
    """What one or several pools report, together: one that is being replaced still works when the next one begins.

    Durations are in seconds; `bounds` are those of the histogram.
    """

    def __init__(self, meter: Meter | None = None, bounds: Sequence[float] = ()) -> None:
        self._on = meter is not None
        if meter is None:
            return
        name = "cerco.scanners"
        self._waiting = meter.create_up_down_counter(f"{name}.waiting", "{job}", "Jobs in line for a scanner process")
        self._busy = meter.create_up_down_counter(f"{name}.busy", "{process}", "Scanner processes at work")
        self._jobs = meter.create_counter(f"{name}.jobs", "{job}", "Jobs by what became of them")
        self._deaths = meter.create_counter(f"{name}.restarts", "{process}", "Processes that ended without a job")
        self._waits = meter.create_histogram(
            f"{name}.wait", "s", "Time a job stood in line", explicit_bucket_boundaries_advisory=list(bounds)
        )

    def line(self, change: int) -> None:
        """A job has joined the line (1) or left it (-1)."""
        if self._on:
            self._waiting.add(change)

    def begin(self, waited: float) -> None:
        """A job has got its turn, after `waited` seconds."""
        if self._on:
            self._waits.record(waited)
            self._busy.add(1)

    def end(self, fate: str) -> None:
        """A job that had its turn is over: done, timed_out, fell or abandoned."""
        if self._on:
            self._busy.add(-1)
            self._jobs.add(1, {"cerco.fate": fate})

    def refused(self, fate: str) -> None:
        """A job got no turn: too_large, turned_away or waited_too_long."""
        if self._on:
            self._jobs.add(1, {"cerco.fate": fate})

    def died(self, what: str) -> None:
        """A process ended that had no job: a scanner that was "waiting" for one, or the "zygote"."""
        if self._on:
            self._deaths.add(1, {"cerco.process": what})
