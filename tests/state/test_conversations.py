"""Conversations: what was said just before, for a while, and nothing in clear."""

import errno
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cerco.state.conversations import JOINT, KEEP, WINDOW, ConversationError, Conversations

ROOT = Path(__file__).parents[2]
KEY = b"conversation key of the tests..."
NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "conversations.db"


@pytest.fixture
def talk(path: Path) -> Iterator[Conversations]:
    talk = Conversations(path, KEY)
    yield talk
    talk.close()


def test_texts_come_back_in_order_and_only_in_their_own_sequence(talk: Conversations) -> None:
    talk.remember("a", "12", NOW)
    talk.remember("b", "other", NOW)
    talk.remember(b"a", "34", NOW)
    assert talk.recall("a", NOW) == f"12{JOINT}34"
    assert talk.recall(b"b", NOW) == "other"
    assert not talk.recall("c", NOW)


@pytest.mark.parametrize("text", ["", " \n", JOINT])
def test_a_text_that_says_nothing_is_not_kept(talk: Conversations, text: str) -> None:
    talk.remember("a", "12", NOW)
    assert talk.remember("a", text, NOW) is None
    assert talk.recall("a", NOW) == "12"


def test_a_joint_in_a_text_is_not_taken_for_one_of_ours(talk: Conversations) -> None:
    talk.remember("a", f"1{JOINT}2", NOW)
    assert talk.recall("a", NOW) == "12"


def test_half_a_surrogate_is_kept_like_any_character(talk: Conversations) -> None:
    talk.remember("a\ud800", "1\udc00", NOW)
    assert talk.recall("a\ud800", NOW) == "1\udc00"


def test_each_text_is_forgotten_after_its_own_time_and_not_before(talk: Conversations) -> None:
    talk.remember("a", "12", NOW)
    talk.remember("a", "34", NOW + MOMENT)
    assert talk.recall("a", NOW + KEEP) == f"12{JOINT}34"
    assert talk.recall("a", NOW + KEEP + MOMENT) == "34"
    assert not talk.recall("a", NOW + KEEP + 2 * MOMENT)


def test_what_is_past_its_time_leaves_the_file_with_the_next_text_or_purge(talk: Conversations, path: Path) -> None:
    talk.remember("a", "12", NOW)
    talk.remember("b", "34", NOW + KEEP + MOMENT)
    assert rows(path) == 1
    assert talk.purge(NOW + KEEP) == 0
    assert talk.purge(NOW + 2 * KEEP + 2 * MOMENT) == 1
    assert rows(path) == 0


def test_a_clock_set_back_does_not_make_texts_last_longer(talk: Conversations, path: Path) -> None:
    talk.remember("a", "12", NOW + timedelta(days=365))
    talk.remember("a", "34", NOW)
    assert rows(path) == 1
    assert talk.recall("a", NOW) == "34"


def test_the_window_keeps_the_newest_characters(path: Path) -> None:
    talk = Conversations(path, KEY, window=5)
    talk.remember("a", "123", NOW)
    talk.remember("a", "4567", NOW)
    assert talk.recall("a", NOW) == f"3{JOINT}4567"
    talk.remember("a", "abcdefgh", NOW)
    assert talk.recall("a", NOW) == "defgh"
    talk.close()


def test_a_text_of_its_own_hides_what_was_before_it(talk: Conversations) -> None:
    talk.remember("card", "12", NOW)
    assert talk.exchange("card", "34", NOW, anew=True)[0] == ""
    talk.remember("card", "56", NOW)
    assert talk.recall("card", NOW) == f"34{JOINT}56"
    talk.remember("card", "", NOW, anew=True)
    assert not talk.recall("card", NOW), "a card that was emptied holds nothing to go on from"


def test_exchange_answers_with_what_was_there_before(talk: Conversations) -> None:
    assert talk.exchange("a", "12", NOW)[0] == ""
    assert talk.exchange("a", "34", NOW)[0] == "12"
    assert talk.recall("a", NOW) == f"12{JOINT}34"


def test_a_refused_text_leaves_what_was_before_it(talk: Conversations) -> None:
    talk.remember("a", "12", NOW)
    refused = [talk.remember("a", "x" * 2 * WINDOW, NOW), talk.remember("a", "new", NOW, anew=True), None]
    talk.forget(refused)
    talk.forget([])
    assert talk.recall("a", NOW) == "12"


def test_a_flood_of_refused_texts_does_not_wash_out_what_was_said(path: Path) -> None:
    talk = Conversations(path, KEY, window=10)
    talk.remember("a", "12", NOW)
    for _ in range(300):
        talk.forget([talk.remember("a", "refused, and refused", NOW)])
    assert talk.recall("a", NOW) == "12"
    talk.close()


def test_a_sequence_is_bounded(path: Path) -> None:
    talk = Conversations(path, KEY, window=10)
    for number in range(500):
        talk.remember("a", str(number % 10), NOW)
    assert rows(path) == 410
    assert talk.recall("a", NOW) == JOINT.join("0123456789")
    talk.close()


def test_texts_outlive_a_restart(talk: Conversations, path: Path) -> None:
    talk.remember("a", "12", NOW)
    talk.close()
    again = Conversations(path, KEY)
    assert again.recall("a", NOW) == "12"
    again.close()


def test_another_key_finds_nothing_and_can_go_on(talk: Conversations, path: Path) -> None:
    talk.remember("a", "12", NOW)
    other = Conversations(path, KEY[::-1])
    assert not other.recall("a", NOW)
    other.remember("a", "34", NOW)
    assert (other.recall("a", NOW), talk.recall("a", NOW)) == ("34", "12")
    other.close()


def test_nothing_is_in_clear_and_nobody_else_can_read_the_file(talk: Conversations, path: Path) -> None:
    talk.remember("conversation-9001", "客戶 1234567(8)", NOW)
    for file in path.parent.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
        data = file.read_bytes()
        assert b"1234567" not in data
        assert "客戶".encode() not in data
        assert b"conversation-9001" not in data


def test_the_same_text_twice_looks_different(talk: Conversations, path: Path) -> None:
    talk.remember("a", "12", NOW)
    talk.remember("a", "12", NOW)
    with closing(apsw.Connection(str(path))) as connection:
        (first,), (second,) = connection.execute("SELECT sealed FROM said").fetchall()
    assert first != second


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("UPDATE said SET sealed = zeroblob(40)", id="bytes"),
        pytest.param("UPDATE said SET sealed = x'00'", id="too short"),
        pytest.param("UPDATE said SET at = at + 1", id="time"),
        pytest.param("UPDATE said SET anew = 1 - anew", id="whether it starts anew"),
        pytest.param(
            "UPDATE said SET sequence = (SELECT sequence FROM said WHERE id = 2) WHERE id = 1", id="to another sequence"
        ),
    ],
)
def test_an_altered_text_is_a_fault_and_not_believed(talk: Conversations, path: Path, change: str) -> None:
    talk.remember("a", "12345678", NOW)
    talk.remember("b", "12345678", NOW)
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute(change)
    with pytest.raises(ConversationError) as caught:
        [talk.recall(name, NOW) for name in "ab"]
    assert caught.value.errno == errno.EIO
    assert "12345678" not in str(caught.value)


def test_of_texts_judged_at_once_every_later_one_sees_the_earlier(talk: Conversations, path: Path) -> None:
    seen: list[str] = []
    other = Conversations(path, KEY)

    def say(text: str) -> None:
        seen.append((talk if int(text) % 2 else other).exchange("a", text, NOW)[0])

    threads = [threading.Thread(target=say, args=(str(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    lengths = sorted(len(before.split(JOINT)) if before else 0 for before in seen)
    assert lengths == list(range(8))


def test_processes_share_the_file(talk: Conversations, path: Path) -> None:
    talk.remember("a", "12", NOW)
    program = (
        "import sys; from datetime import datetime; from pathlib import Path;"
        "from cerco.state.conversations import Conversations;"
        "t = Conversations(Path(sys.argv[1]), sys.argv[2].encode()); now = datetime.fromisoformat(sys.argv[3]);"
        "print(t.exchange('a', '34', now)[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path), KEY.decode(), NOW.isoformat()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "12"
    assert talk.recall("a", NOW) == f"12{JOINT}34"


def test_a_time_without_a_zone_is_a_mistake(talk: Conversations) -> None:
    with pytest.raises(ValueError, match="time zone"):
        talk.remember("a", "12", NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("key", "keep", "window"), [(b"short", KEEP, WINDOW), (KEY, timedelta(), WINDOW), (KEY, KEEP, 0)]
)
def test_useless_settings_are_refused(path: Path, key: bytes, keep: timedelta, window: int) -> None:
    with pytest.raises(ValueError, match=r"key|window"):
        Conversations(path, key, keep=keep, window=window)


def test_a_closed_file_says_so(talk: Conversations) -> None:
    talk.close()
    with pytest.raises(ConversationError) as caught:
        talk.recall("a", NOW)
    assert caught.value.errno == errno.EBADF


def test_a_file_of_another_kind_is_not_used(path: Path) -> None:
    connection = apsw.Connection(str(path))
    connection.pragma("application_id", 7)
    connection.close()
    with pytest.raises(ConversationError, match="another kind"):
        Conversations(path, KEY)


# What is said: a sequence, a text, seconds since the one before, whether it starts anew, whether it is refused.
SAID = st.tuples(
    st.sampled_from("ab"), st.text("12 x\n", max_size=6), st.integers(0, 250), st.booleans(), st.booleans()
)


@given(st.lists(SAID, max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_it_recalls_what_a_simple_memory_would(said: list[tuple[str, str, int, bool, bool]]) -> None:
    memory: dict[str, list[tuple[datetime, str, bool]]] = {"a": [], "b": []}
    now = NOW

    def expected(name: str) -> str:
        fresh = [entry for entry in memory[name] if entry[0] >= now - KEEP]
        start = max((at for at, entry in enumerate(fresh) if entry[2]), default=0)
        texts, room = list[str](), 8
        for _, text, _ in reversed(fresh[start:]):
            if room > 0 and text:
                texts.insert(0, text[-room:])
                room -= len(texts[0])
        return JOINT.join(texts)

    with tempfile.TemporaryDirectory() as folder:
        talk = Conversations(Path(folder) / "c.db", KEY, window=8)
        for name, text, seconds, anew, refused in said:
            now += timedelta(seconds=seconds)
            before, made = talk.exchange(name, text, now, anew=anew)
            assert before == ("" if anew else expected(name))
            if refused:
                talk.forget([made])
            elif text.strip() or anew:
                memory[name].append((now, text, anew))
            assert talk.recall(name, now) == expected(name)
        talk.close()


def rows(path: Path) -> int:
    with closing(apsw.Connection(str(path))) as connection:
        count: int = connection.execute("SELECT count(*) FROM said").get
        return count
