"""The API's broadcasts. Made by tools/make_client.py: do not edit."""

from regulars.client.areas.shapes import Campaign
from regulars.client.line import Line, place


class BroadcastsApi:
    """What can be asked and done about broadcasts."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def pause_campaign(self, name: str, *, once: str | None = None) -> Campaign:
        """Hold what waits of a live campaign until it goes on. Whoever enters its segment meanwhile waits, too."""
        return self._line.change("POST", f"/api/campaigns/{place(name)}/pause", Campaign, {}, once)

    def resume_campaign(self, name: str, *, once: str | None = None) -> Campaign:
        """Let a paused campaign go on."""
        return self._line.change("POST", f"/api/campaigns/{place(name)}/resume", Campaign, {}, once)

    def cancel_campaign(self, name: str, *, once: str | None = None) -> Campaign:
        """Never send anything more of a campaign: what waits is refused, and it can be launched no more."""
        return self._line.change("POST", f"/api/campaigns/{place(name)}/cancel", Campaign, {}, once)
