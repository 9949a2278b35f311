"""A socket opened as in a browser. A page cannot send headers with a handshake, and a token must not be part of a URL.
A ticket is valid once, for 30 seconds."""

import asyncio
import json
import os
from urllib.request import Request, urlopen

from websockets.asyncio.client import connect

HUB = os.environ.get("HUB", "http://localhost:8080")


def ticket() -> str:
    headers = {"Authorization": f"Bearer {os.environ.get('TOKEN', '')}"}
    with urlopen(Request(f"{HUB}/api/v1/auth/ticket", method="POST", headers=headers)) as answer:
        return str(json.load(answer)["ticket"])


async def main(url: str) -> None:
    async with connect(url) as socket:
        await socket.send(json.dumps({"type": "subscribe", "id": "box", "bbox": [55.2, 25.1, 55.4, 25.3], "maxHz": 1}))
        async for text in socket:
            message = json.loads(text)
            print(message["type"], message.get("driverId") or message.get("id"))
            if message["type"] == "synced":
                break


asyncio.run(main(HUB.replace("http", "ws", 1) + f"/ws?subscribe=none&ticket={ticket()}"))
