"""What was answered passes once, in time, for the same outbound and nobody else; whichever process asks."""

import multiprocessing
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cerco.state.grants import ANSWERABLE, KEEP, Claim, GrantError, Grants, Standing

KEY = b"k" * 32
NOW = datetime(2026, 11, 3, 2, 1, tzinfo=UTC)  # 10:01 in Macau
MINUTE = timedelta(minutes=1)
A, B = "C-AAAA-AAAA", "C-BBBB-BBBB"


def made(outbound: str = "o", person: str = "p", device: str = "d") -> Claim:
    return Claim(outbound.encode().ljust(32), person.encode().ljust(32), device.encode().ljust(32))


CLAIM = made()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "grants.db"


@pytest.fixture
def grants(path: Path) -> Iterator[Grants]:
    store = Grants(path, KEY)
    yield store
    store.close()


def nothing(_until: datetime) -> None:
    """Write nothing down."""


def answered(grants: Grants, reference: str = A, now: datetime = NOW, **bounds: int) -> Standing | None:
    chosen = {"minutes": 10, "per_day": 10, **bounds}
    return grants.answer(reference, minutes=chosen["minutes"], per_day=chosen["per_day"], now=now, record=nothing)


def test_unanswered_is_not_sent(grants: Grants) -> None:
    grants.ask(A, CLAIM, NOW)
    assert grants.standing(A, NOW) == Standing("waiting")
    assert grants.take(CLAIM, NOW) is None


def test_answered_it_passes_once(grants: Grants) -> None:
    grants.ask(A, CLAIM, NOW)
    assert answered(grants) == Standing("open", NOW + 10 * MINUTE)
    assert grants.standing(A, NOW) == Standing("open", NOW + 10 * MINUTE)
    assert grants.take(CLAIM, NOW) == A
    assert grants.take(CLAIM, NOW) is None
    assert grants.standing(A, NOW) == Standing("used", NOW + 10 * MINUTE)


@pytest.mark.parametrize("other", [made("x"), made("o2")])
def test_it_frees_nothing_else(grants: Grants, other: Claim) -> None:
    grants.ask(A, CLAIM, NOW)
    answered(grants)
    assert grants.take(other, NOW) is None
    assert grants.take(CLAIM, NOW) == A


@pytest.mark.parametrize(
    ("later", "passes"), [(timedelta(), True), (10 * MINUTE, True), (10 * MINUTE + MINUTE / 60, False)]
)
def test_only_in_time(grants: Grants, later: timedelta, passes: bool) -> None:
    grants.ask(A, CLAIM, NOW)
    answered(grants)
    assert (grants.take(CLAIM, NOW + later) == A) is passes
    assert (grants.standing(A, NOW + later) or Standing("waiting")).state == ("used" if passes else "over")


def test_a_clock_that_was_set_back_frees_nothing(grants: Grants) -> None:
    grants.ask(A, CLAIM, NOW)
    answered(grants)
    assert grants.take(CLAIM, NOW - MINUTE) is None


@pytest.mark.parametrize(("later", "state"), [(ANSWERABLE, "open"), (ANSWERABLE + MINUTE, "over")])
def test_it_can_be_answered_for_a_day(grants: Grants, later: timedelta, state: str) -> None:
    grants.ask(A, CLAIM, NOW)
    standing = answered(grants, now=NOW + later)
    assert standing
    assert standing.state == state


def test_a_second_answer_changes_nothing(grants: Grants) -> None:
    grants.ask(A, CLAIM, NOW)
    answered(grants)
    written: list[datetime] = []
    again = grants.answer(A, minutes=60, per_day=10, now=NOW + MINUTE, record=written.append)
    assert again == Standing("open", NOW + 10 * MINUTE)
    grants.take(CLAIM, NOW)
    used = grants.answer(A, minutes=60, per_day=10, now=NOW + MINUTE, record=written.append)
    assert used
    assert used.state == "used"
    assert written == []


def test_what_was_never_refused_is_not_answered(grants: Grants) -> None:
    assert answered(grants) is None
    assert grants.standing(A, NOW) is None


def test_what_cannot_be_recorded_frees_nothing(grants: Grants) -> None:
    """Evidence comes before its effect."""
    grants.ask(A, CLAIM, NOW)

    def fails(_until: datetime) -> None:
        raise OSError(28, "full")

    with pytest.raises(OSError, match="full"):
        grants.answer(A, minutes=10, per_day=10, now=NOW, record=fails)
    assert grants.standing(A, NOW) == Standing("waiting")
    assert grants.take(CLAIM, NOW) is None


def test_the_end_of_the_time_is_recorded(grants: Grants) -> None:
    grants.ask(A, CLAIM, NOW)
    written: list[datetime] = []
    grants.answer(A, minutes=30, per_day=10, now=NOW, record=written.append)
    assert written == [NOW + 30 * MINUTE]


def test_so_many_a_day_and_person(grants: Grants) -> None:
    for number in range(4):
        grants.ask(f"C-{number:08}", made(str(number)), NOW)
    grants.ask(B, made("b", person="another"), NOW)
    assert [(answered(grants, f"C-{n:08}", per_day=2) or Standing("over")).state for n in range(3)] == [
        "open", "open", "limited",
    ]  # fmt: skip
    assert (answered(grants, B, per_day=2) or Standing("over")).state == "open"
    assert grants.standing("C-00000002", NOW) == Standing("waiting")
    midnight = datetime(2026, 11, 3, 16, 0, tzinfo=UTC)  # in Macau
    assert (answered(grants, "C-00000002", now=midnight - MINUTE, per_day=2) or Standing("over")).state == "limited"
    assert (answered(grants, "C-00000002", now=midnight, per_day=2) or Standing("over")).state == "open"


def test_what_did_not_go_after_all_may_go_again(grants: Grants) -> None:
    grants.ask(A, CLAIM, NOW)
    answered(grants)
    grants.take(CLAIM, NOW)
    grants.give_back(A)
    assert grants.take(CLAIM, NOW) == A


# ---- Later steps of an upload ----


def test_each_later_step_passes_once(grants: Grants) -> None:
    grants.ask(A, CLAIM, NOW)
    answered(grants)
    grants.take(CLAIM, NOW + MINUTE)
    assert grants.follow(A, "commit", CLAIM, NOW + 2 * MINUTE)
    assert not grants.follow(A, "commit", CLAIM, NOW + 2 * MINUTE)
    assert grants.follow(A, "send", CLAIM, NOW + 2 * MINUTE)
    assert grants.follow(A, None, CLAIM, NOW + 2 * MINUTE)
    assert grants.follow(A, None, CLAIM, NOW + 2 * MINUTE)
    grants.give_back(A, "send")
    assert grants.follow(A, "send", CLAIM, NOW + 2 * MINUTE)


@pytest.mark.parametrize(
    ("claim", "later"),
    [
        pytest.param(made(device="another"), MINUTE, id="another device"),
        pytest.param(CLAIM, 12 * MINUTE, id="too late"),
        pytest.param(CLAIM, timedelta(), id="before the first"),
    ],
)
def test_no_other_step_does(grants: Grants, claim: Claim, later: timedelta) -> None:
    grants.ask(A, CLAIM, NOW)
    answered(grants)
    grants.take(CLAIM, NOW + MINUTE)
    assert not grants.follow(A, "send", claim, NOW + later)
    assert not grants.follow(A, None, claim, NOW + later)


def test_without_the_first_step_there_is_no_later_one(grants: Grants) -> None:
    grants.ask(A, CLAIM, NOW)
    assert not grants.follow(A, "send", CLAIM, NOW)
    answered(grants)
    assert not grants.follow(A, "send", CLAIM, NOW)
    assert not grants.follow(B, "send", CLAIM, NOW)


def test_what_nobody_got_to_see_may_go_again(grants: Grants) -> None:
    grants.ask(A, CLAIM, NOW)
    answered(grants)
    grants.take(CLAIM, NOW)
    grants.reopen(A, made(device="another"))
    assert grants.take(CLAIM, NOW) is None
    grants.reopen(A, CLAIM)
    assert grants.take(CLAIM, NOW) == A


def test_what_was_published_may_not(grants: Grants) -> None:
    grants.ask(A, CLAIM, NOW)
    answered(grants)
    grants.take(CLAIM, NOW)
    grants.follow(A, "send", CLAIM, NOW)
    grants.reopen(A, CLAIM)
    assert grants.take(CLAIM, NOW) is None


def test_an_answer_is_for_the_same_outbound_where_it_comes_with_one(grants: Grants) -> None:
    grants.ask(A, CLAIM, NOW)
    other = grants.answer(A, minutes=10, per_day=10, now=NOW, record=nothing, claim=made("x"))
    assert other is None
    assert grants.standing(A, NOW) == Standing("waiting")
    same = grants.answer(A, minutes=10, per_day=10, now=NOW, record=nothing, claim=CLAIM)
    assert same
    assert same.state == "open"


# ---- The file ----


def test_nothing_is_kept_for_long(grants: Grants) -> None:
    grants.ask(A, CLAIM, NOW)
    answered(grants)
    grants.ask(B, made("b"), NOW + KEEP + MINUTE)
    assert grants.standing(A, NOW) is None


def test_the_file_is_private_and_bound_to_the_key(path: Path) -> None:
    Grants(path, KEY).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(GrantError, match="another site key"):
        Grants(path, b"x" * 32)


def test_a_time_without_a_zone_is_refused(grants: Grants) -> None:
    with pytest.raises(ValueError, match="time zone"):
        grants.ask(A, CLAIM, datetime(2026, 11, 3))  # noqa: DTZ001


def test_it_survives_a_restart(path: Path) -> None:
    first = Grants(path, KEY)
    first.ask(A, CLAIM, NOW)
    answered(first)
    first.close()
    second = Grants(path, KEY)
    assert second.take(CLAIM, NOW) == A
    second.close()


def test_threads_take_it_once(grants: Grants) -> None:
    grants.ask(A, CLAIM, NOW)
    answered(grants)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: grants.take(CLAIM, NOW), range(64)))
    assert taken.count(A) == 1


def _take(given: tuple[str, int]) -> int:
    store = Grants(Path(given[0]), KEY)
    count = sum(store.take(made(str(number)), NOW) is not None for number in range(given[1]))
    store.close()
    return count


def test_processes_take_each_once(path: Path) -> None:
    store, number = Grants(path, KEY), 40
    for n in range(number):
        store.ask(f"C-{n:08}", made(str(n), person=str(n)), NOW)
        answered(store, f"C-{n:08}")
    store.close()
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        counts = pool.map(_take, [(str(path), number)] * 4)
    assert sum(counts) == number


class Life(RuleBasedStateMachine):
    """A model beside the store: never more passes than answers, never one that nobody answered for."""

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.grants = Grants(Path(self.folder.name, "g.db"), KEY)
        self.now = NOW
        self.asked = 0
        self.answers: dict[str, int] = {}
        self.passes: dict[str, int] = {}

    def teardown(self) -> None:
        self.grants.close()
        self.folder.cleanup()

    @rule(name=st.sampled_from("abc"))
    def ask(self, name: str) -> None:
        self.asked += 1
        self.grants.ask(f"C-{self.asked:04}-{name:>4}", made(name), self.now)

    @rule(number=st.integers(1, 12), name=st.sampled_from("abc"))
    def answer(self, number: int, name: str) -> None:
        reference = f"C-{number:04}-{name:>4}"
        before = self.grants.standing(reference, self.now)
        after = answered(self.grants, reference, self.now, per_day=1_000)
        if before and before.state == "waiting" and after and after.state == "open":
            self.answers[name] = self.answers.get(name, 0) + 1

    @rule(name=st.sampled_from("abc"))
    def take(self, name: str) -> None:
        if (taken := self.grants.take(made(name), self.now)) is not None:
            assert taken.endswith(name)
            self.passes[name] = self.passes.get(name, 0) + 1

    @rule(minutes=st.integers(0, 15))
    def wait(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @invariant()
    def never_more_than_was_answered(self) -> None:
        assert all(count <= self.answers.get(name, 0) for name, count in self.passes.items())


Life.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
TestLife = Life.TestCase
