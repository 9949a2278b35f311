"""The processes that write workbooks: few at once."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from datetime import date

import pytest

from hub import workbook
from hub.core.reports.tables import Row
from hub.wire.files.workbook import Head
from hub.workbook import Workbooks

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
