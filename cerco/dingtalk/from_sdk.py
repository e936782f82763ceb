"""List the operations of api.dingtalk.com from the source of DingTalk's own Python SDK.

In:    the texts of a service's `client.py` and `models.py`.
Out:   an `Operation` for each: method, path template, and the names its body may hold.
Never: a line of that code run, or kept; it is parsed, and only names are taken.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `keys` are the names of fields at any depth of its body, top level included."""

    method: str
    template: str  # "/v1.0/storage/spaces/{space_id}/files/commit"
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Model:
    """A class of `models.py`: the names its fields have in JSON, and the classes its fields are made of."""

    names: frozenset[str]
    parts: Mapping[str, tuple[str, ...]]  # attribute -> other classes in its type


def operations(client: str, models: str) -> tuple[Operation, ...]:
    """Return the operations of one service, in the order of its client.

    Raises:
        SyntaxError: one of the texts is not Python.
    """
    classes = {node.name: _model(node) for node in ast.parse(models).body if isinstance(node, ast.ClassDef)}
    return tuple(
        operation
        for outer in ast.parse(client).body
        if isinstance(outer, ast.ClassDef)
        for function in outer.body
        if isinstance(function, ast.FunctionDef) and (operation := _operation(function, classes))
    )


def _model(node: ast.ClassDef) -> _Model:
    names, parts = frozenset[str](), dict[str, tuple[str, ...]]()
    for function in node.body:
        if not isinstance(function, ast.FunctionDef):
            continue
        if function.name == "__init__":
            for argument in function.args.args:
                if argument.annotation is not None:
                    parts[argument.arg] = tuple(_classes(argument.annotation))
        elif function.name == "to_map":
            names = frozenset(key for key, _ in _assigned(function, "result"))
    return _Model(names, parts)


def _operation(function: ast.FunctionDef, classes: Mapping[str, _Model]) -> Operation | None:
    params = next((call for call in _calls(function, "Params")), None)
    if params is None:
        return None
    told = {keyword.arg: keyword.value for keyword in params.keywords}
    method, template = _text(told.get("method")), _text(told.get("pathname"))
    if not (method and template):
        return None
    types = {
        argument.arg: tuple(_classes(argument.annotation)) for argument in function.args.args if argument.annotation
    }
    # Where a field is packed into a string first, the caller's object is `tmp_req` and the packed one `request`.
    request = classes.get(next(iter(types.get("tmp_req") or types.get("request") or ()), ""), _Model(frozenset(), {}))
    keys = set[str]()
    for key, value in _assigned(function, "body"):
        keys.add(key)
        for attribute in _attributes(value, "request"):
            keys |= _names(request.parts.get(attribute.removesuffix("_shrink"), ()), classes)
    for call in _calls(function, "OpenApiRequest"):
        for keyword in call.keywords:
            if keyword.arg == "body":
                for attribute in _attributes(keyword.value, "request"):
                    keys |= _names(request.parts.get(attribute, ()), classes)
    return Operation(method.upper(), template, frozenset(keys))


def _names(parts: tuple[str, ...], classes: Mapping[str, _Model], seen: frozenset[str] = frozenset()) -> set[str]:
    """Return the names of all fields of these classes and of those they are made of."""
    names = set[str]()
    for part in parts:
        if part in seen or (model := classes.get(part)) is None:
            continue
        names |= model.names
        for inner in model.parts.values():
            names |= _names(inner, classes, seen | {part})
    return names


def _assigned(function: ast.FunctionDef, name: str) -> Iterator[tuple[str, ast.expr]]:
    """Yield the keys and values of all `name["key"] = value`."""
    for node in ast.walk(function):
        if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript)):
            continue
        target = node.targets[0]
        if isinstance(target.value, ast.Name) and target.value.id == name and (key := _text(target.slice)):
            yield key, node.value


def _calls(function: ast.FunctionDef, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
            yield node


def _attributes(value: ast.expr, owner: str) -> Iterator[str]:
    for node in ast.walk(value):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == owner:
            yield node.attr


def _classes(annotation: ast.expr) -> Iterator[str]:
    """Yield the names of classes in a type, whether they stand alone, in a module or in brackets."""
    for node in ast.walk(annotation):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id


def _text(node: ast.expr | None) -> str | None:
    """Return what a literal says; of a formatted one, with the names of its placeholders in braces."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    pieces = list[str]()
    for piece in node.values:
        if isinstance(piece, ast.FormattedValue) and isinstance(piece.value, ast.Name):
            pieces.append(f"{{{piece.value.id}}}")
        elif isinstance(piece, ast.Constant):
            pieces.append(str(piece.value))
        else:
            return None
    return "".join(pieces)
