"""The processes that write workbooks: few at once, and what is known of one that failed."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from datetime import date

import pytest

from hub import workbook
from hub.core.reports.tables import Row
from hub.wire.files.workbook import Head
from hub.workbook import WorkbookFailed, Workbooks

HEAD = Head("mileage", date(2026, 11, 1), date(2026, 11, 1), "UTC")


async def test_further_workbooks_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "AT_ONCE", 1)
    workbooks, going, most = Workbooks(), 0, 0

    async def pieces() -> AsyncIterator[list[Row]]:
        nonlocal going, most
        going += 1
        most = max(most, going)
        yield []
        await asyncio.sleep(0.1)
        going -= 1

    async def write() -> None:
        with tempfile.TemporaryFile() as file:
            await workbooks.write(file, HEAD, pieces())
            assert file.seek(0, 2) > 0

    await asyncio.gather(write(), write())
    assert most == 1


async def test_a_process_that_fails_is_logged_with_its_last_line(capsys: pytest.CaptureFixture[str]) -> None:
    async def pieces() -> AsyncIterator[list[Row]]:
        yield [["a", "b", "no number"]]

    with tempfile.TemporaryFile() as file, pytest.raises(WorkbookFailed, match=r"exit status 1: TypeError: "):
        await Workbooks().write(file, HEAD, pieces())
    logged = capsys.readouterr().out
    assert "internal_error" in logged and "TypeError: must be real number, not str" in logged
