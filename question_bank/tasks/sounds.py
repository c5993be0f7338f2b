"""Speaks the recording of a task from its transcript, and sets the times of its file by what was measured.

Run by hand where recordings are made: `python -m question_bank.tasks.sounds FILE…`. It needs espeak-ng and the packages
pypinyin and soundfile, which the engine itself does without. The same file gives the same sound.

Every line of the transcript has `from` and `to`; in a new file its number and the next (0 to 1, 1 to 2 …) will do.
Faults and decoys begin where a line begins and end where one ends; they move along with it. A line may open with
directions in brackets, which are not spoken: （快） and （慢） for the pace, （打断） for no pause before it,
（静音 9 秒） for nothing said.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from question_bank.tasks.body import FaultsTask, TaskFile, TicketTask
from question_bank.tasks.desk import Heard, Spoken
from question_bank.tasks.reading import read_task

Sound = NDArray[np.float64]
RATE = 22_050
PAUSE, QUIET = 0.45, 0.01
PACES = {"快": 1.45, "慢": 0.75}
_DIRECTION = re.compile(r"^（([^）]*)）")
_SILENCE = re.compile(r"静音\s*(\d+)\s*秒")
_SPAN = re.compile(r"from: ([0-9.]+), to: ([0-9.]+)")
_WHOLE = re.compile(r"^(  seconds: )[0-9.]+", re.MULTILINE)


@dataclass(frozen=True)
class Voice:
    name: str
    words: int
    """A minute, as espeak-ng counts."""
    pitch: int


WOMEN = (Voice("f3", 255, 58), Voice("f2", 240, 48))
MEN = (Voice("m3", 250, 42), Voice("m7", 240, 34))


@dataclass
class Cast:
    """Who has which voice: the clerk one, the customer one of the other kind, as the clerk's words call them."""

    task: TaskFile

    def voice(self, who: str, said: str) -> Voice:
        number = crc32(self.task.code.encode()) % 2
        woman = any(word in said for word in ("女士", "阿姨", "大姐"))
        if who == "坐席":
            return (MEN if woman else WOMEN)[number]
        return (WOMEN if woman else MEN)[number] if who == "客户" else (WOMEN if woman else MEN)[1 - number]


def record(task: TaskFile) -> tuple[Sound, list[tuple[float, float]]]:
    """The whole recording, and from when to when each line is heard."""
    lines, cast = transcript(task), Cast(task)
    said = "".join(line.say for line in lines if line.who == "坐席")
    parts: list[Sound] = [silence(0.3)]
    spans = []
    for line in lines:
        directions = "".join(_DIRECTION.findall(line.say))
        if parts[1:] and "打断" not in directions:
            parts.append(silence(PAUSE))
        begun = sum(map(len, parts))
        parts.append(sounding(_DIRECTION.sub("", line.say), directions, cast.voice(line.who, said)))
        spans.append((round(begun / RATE, 1), round((begun + len(parts[-1])) / RATE, 1)))
    return np.concatenate([*parts, silence(0.5)]), spans


def transcript(task: TaskFile) -> Sequence[Heard | Spoken]:
    match task:
        case FaultsTask():
            return task.faults.transcript
        case TicketTask() if task.ticket.audio:
            return task.ticket.transcript
    raise SystemExit(f"{task.code}: a task without a recording")


def sounding(words: str, directions: str, voice: Voice) -> Sound:
    if found := _SILENCE.search(directions):
        return silence(float(found[1]))
    pace = next((pace for name, pace in PACES.items() if name in directions), 1.0)
    return speak(words, Voice(voice.name, round(voice.words * pace), voice.pitch))


def speak(words: str, voice: Voice) -> Sound:
    """Trimmed to what is heard. The pinyin comes from whole phrases, as espeak-ng reads many signs wrongly."""
    reader = import_module("pypinyin")
    pinyin = " ".join(reader.lazy_pinyin(words, style=reader.Style.TONE3, neutral_tone_with_five=True))
    command = ["espeak-ng", "-v", f"cmn-latn-pinyin+{voice.name}", "-s", str(voice.words), "-p", str(voice.pitch)]
    spoken = subprocess.run([*command, "--stdout", pinyin], check=True, capture_output=True).stdout
    with wave.open(io.BytesIO(spoken)) as found:
        if found.getframerate() != RATE:
            raise SystemExit("espeak-ng speaks at another rate than expected")
        frames = found.readframes(2**31 - 1)
    sound = np.frombuffer(frames[: len(frames) // 2 * 2], dtype="<i2").astype(np.float64) / 2**15
    loud = np.flatnonzero(np.abs(sound) > QUIET)
    return sound[loud[0] : loud[-1] + 1] if len(loud) else silence(0.1)


def silence(seconds: float) -> Sound:
    return np.zeros(round(seconds * RATE))


def timed(text: str, task: TaskFile, spans: Sequence[tuple[float, float]], seconds: float) -> str:
    """The file with the measured times; what stood at a line's beginning or end stands there again."""
    lines = transcript(task)
    starts = {float(line.start or 0): span[0] for line, span in zip(lines, spans, strict=True)}
    ends = {float(line.end or 0): span[1] for line, span in zip(lines, spans, strict=True)}

    def moved(found: re.Match[str]) -> str:
        start, end = float(found[1]), float(found[2])
        if start not in starts or end not in ends:
            raise SystemExit(f"{task.code}: no line begins at {found[1]} or ends at {found[2]}")
        return f"from: {starts[start]:g}, to: {ends[end]:g}"

    return _WHOLE.sub(rf"\g<1>{seconds:g}", _SPAN.sub(moved, text))


def make(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    task = read_task(text, str(path))
    sound, spans = record(task)
    place = path.parent / "media" / task.media[0]
    place.parent.mkdir(exist_ok=True)
    writer = import_module("soundfile")
    writer.write(place, sound * 0.9, RATE, format="MP3", bitrate_mode="CONSTANT", compression_level=0.85)
    path.write_text(timed(text, task, spans, round(len(sound) / RATE, 1)), encoding="utf-8")
    return f"{place} {len(sound) / RATE:.1f} s {place.stat().st_size // 1024} kB"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(make(Path(name)))
