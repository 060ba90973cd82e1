"""The OpenAPI document, made of the typed shapes that the API itself reads and writes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from box.version import version_here
from speaker.protocol import Status
from web.api.shapes import (
    Broadcasts,
    Changed,
    ChangeMessage,
    DayOfRecords,
    MessageNow,
    Messages,
    Played,
    PlayNow,
    Quiet,
    QuietUntil,
    Refusal,
    Stopped,
    Today,
    WithdrawMessage,
    WorkNow,
)

_SCHEMAS = "#/components/schemas/"
_DAY = {"name": "day", "in": "query", "required": False, "schema": {"type": "string", "format": "date"}}
_WHY = {
    400: "what was sent can't be read, or is not complete",
    401: "no token, or one that is worth nothing",
    403: "the token's user may not do this",
    404: "there is no such thing",
    409: "not now: somebody was faster, a question is open, or the speaker refuses",
    413: "too much was sent",
    415: "what was sent can't be read",
    422: "something is wrong with the words",
    429: "too much is asked",
    503: "the speaker does not answer, or the programme file is broken",
    507: "the card is full or can't be read",
}


@dataclass(frozen=True)
class Operation:
    """One thing the API does. ``answers`` are its shapes by status; refusals are the same everywhere."""

    path: str
    method: str
    name: str
    summary: str
    answers: Mapping[int, type]
    body: type | None = None
    parameters: tuple[Mapping[str, Any], ...] = ()


def _part(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


OPERATIONS = (
    Operation("/status", "get", "status", "How the speaker is", {200: Status}),
    Operation("/day", "get", "day", "Today's broadcasts and how they stand", {200: Today}),
    Operation("/messages", "get", "messages", "All messages", {200: Messages}),
    Operation(
        "/messages/{message_id}", "get", "message", "One message", {200: MessageNow}, parameters=(_part("message_id"),)
    ),
    Operation(
        "/messages/{message_id}",
        "put",
        "put_message",
        "Change a message's words",
        {200: Changed, 202: Changed},
        body=ChangeMessage,
        parameters=(_part("message_id"),),
    ),
    Operation(
        "/messages/{message_id}/withdraw",
        "post",
        "withdraw",
        "Withdraw a message: stop it everywhere at once",
        {202: Changed},
        body=WithdrawMessage,
        parameters=(_part("message_id"),),
    ),
    Operation("/work/{job_id}", "get", "work", "How far a job is", {200: WorkNow}, parameters=(_part("job_id"),)),
    Operation("/broadcasts", "get", "broadcasts", "All broadcasts", {200: Broadcasts}),
    Operation("/play", "post", "play", "Play a broadcast or a message now", {200: Played}, body=PlayNow),
    Operation("/stop", "post", "stop", "Silence what sounds now", {200: Stopped}),
    Operation(
        "/quiet",
        "post",
        "be_quiet",
        "Let nothing but an emergency sound until a time of today",
        {200: Quiet},
        body=QuietUntil,
    ),
    Operation("/quiet", "delete", "end_quiet", "Let it sound again before its time", {200: Quiet}),
    Operation("/records", "get", "records", "A day of the as-run log", {200: DayOfRecords}, parameters=(_DAY,)),
)


def openapi() -> dict[str, Any]:
    """Return the document (OpenAPI 3.1)."""
    shapes = [Refusal, *(shape for operation in OPERATIONS for shape in _shapes_of(operation))]
    __, schemas = msgspec.json.schema_components(shapes, ref_template=_SCHEMAS + "{name}")
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "xiaolaba",
            "version": version_here(),
            "description": "What the panel can do, for programs. Make a token on the panel, under your account.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _described(operation: Operation) -> dict[str, Any]:
    answers = {str(status): _json(_of(shape), "done") for status, shape in operation.answers.items()}
    answers |= {str(status): _json(_of(Refusal), why) for status, why in _WHY.items()}
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "responses": answers,
    }
    if operation.parameters:
        described["parameters"] = list(operation.parameters)
    if operation.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _of(operation.body)}},
        }
    return described


def _json(schema: dict[str, str], description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _shapes_of(operation: Operation) -> list[type]:
    return [*operation.answers.values(), *([operation.body] if operation.body else [])]


def _of(shape: type) -> dict[str, str]:
    return {"$ref": _SCHEMAS + shape.__name__}
