"""Small changes to a module: constants, comparisons, signs and Boolean operators, one at a time."""

from __future__ import annotations

import ast
import marshal
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import NamedTuple

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


class Place(NamedTuple):
    """The function or method around a change: its qualified name, first line, changed statement."""

    name: str
    first_line: int
    statement: range


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to a module: the how manieth place it is at, the line, what it is and where.

    ``place`` is ``None`` where the change is run when the module is imported; ``other`` is the
    number that stands there then, where it is a number that is changed.
    """

    module: str
    number: int
    other: int | float | None
    line: int
    text: str  # of the line
    place: Place | None
    what: str

    @property
    def before(self) -> str:
        """What is changed, as it was."""
        return self.what.partition(" -> ")[0]

    def tree(self, source: str) -> ast.Module:
        """The changed module, of its text as it is."""
        tree = ast.parse(source)
        _change(list(_places(tree))[self.number], self.other)
        return tree

    def code(self, source: str) -> bytes:
        """The changed module, compiled and marshalled; lines are those of its text."""
        return marshal.dumps(compile(self.tree(source), self.module, "exec", dont_inherit=True))


def mutants(module: str, source: str) -> Iterator[Mutant]:
    """Every change to a module, in the order of the syntax tree."""
    tree = ast.parse(source)
    lines = source.splitlines()
    parents = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for number, node in enumerate(_places(tree)):
        line = getattr(node, "lineno", 1)
        text = lines[line - 1].strip()
        for other in _others(node):
            what = _change(deepcopy(node), other)
            yield Mutant(module, number, other, line, text, _place(node, parents), what)


def _place(node: ast.AST, parents: dict[int, ast.AST]) -> Place | None:
    around = [node]
    while not isinstance(around[-1], ast.Module):
        around.append(parents[id(around[-1])])
    statement = next(one for one in around if isinstance(one, ast.stmt | ast.match_case))
    functions = [one for one in around if isinstance(one, ast.FunctionDef)]
    if not functions or statement is functions[-1]:
        return None
    function = functions[-1]
    classes = [one.name for one in around if isinstance(one, ast.ClassDef)]
    first = min([function.lineno, *(one.lineno for one in function.decorator_list)])
    return Place(".".join([*reversed(classes), function.name]), first, _lines(statement))


def _lines(statement: ast.stmt | ast.match_case) -> range:
    """The lines of a statement, of a compound one those of its head."""
    if isinstance(statement, ast.match_case):
        return range(statement.pattern.lineno, statement.body[0].lineno)
    if isinstance(statement, ast.FunctionDef):
        return range(statement.lineno, statement.body[0].lineno)
    body = getattr(statement, "body", None)
    # A statement of one line may hold its body there.
    end = max(statement.lineno + 1, body[0].lineno) if body else (statement.end_lineno or 0) + 1
    return range(statement.lineno, end)


def _places(tree: ast.AST) -> Iterator[ast.AST]:
    # How large a cache is, or whether a class is frozen, shows in no result; nor whether a zip of
    # equally long ones says that it is.
    nodes = list(ast.walk(tree))
    aside = [one for node in nodes for one in getattr(node, "decorator_list", [])]
    aside += [node for node in nodes if isinstance(node, ast.keyword) and node.arg == "strict"]
    beside = {id(part) for one in aside for part in ast.walk(one)}
    return (node for node in nodes if _is_place(node) and id(node) not in beside)


def _is_place(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=value):
            return type(value) in (int, float, bool)
        case ast.Compare(ops=[first, *_]):
            return type(first) in _COMPARED
        case ast.BinOp(op=ast.Add() | ast.Sub()) | ast.UnaryOp(op=ast.Not()) | ast.BoolOp():
            return True
        case _:
            return False


def _others(node: ast.AST) -> Iterator[int | float | None]:
    """The numbers to put in a number's place: one more, half of it, twice; else a single ``None``.

    Beyond a whole number of 2 or less the next is as far as half or twice.
    """
    value = node.value if isinstance(node, ast.Constant) else None
    if not isinstance(value, int | float) or isinstance(value, bool):
        yield None
        return
    yield value + 1
    if isinstance(value, float):
        yield from (value / 2, value * 2)
    elif value > 2:
        yield from (value // 2, value * 2)


def _change(node: ast.AST, other: int | float | None) -> str:
    """Change a node in place, a number to another; what was done, in words."""
    before = ast.unparse(node)
    match node:
        case ast.Constant(value=bool()):
            node.value = not node.value
        case ast.Constant() if other is not None:
            node.value = other
        case ast.Compare():
            node.ops[0] = _COMPARED[type(node.ops[0])]()
        case ast.BoolOp():
            node.op = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
        case ast.BinOp():
            node.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        case ast.UnaryOp():
            node.op = ast.UAdd()
            return f"{before} without not"
    return f"{before} -> {ast.unparse(node)}"
