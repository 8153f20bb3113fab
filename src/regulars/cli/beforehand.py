"""What is said before anything is started: settings that belong together, and what they need."""

from regulars.settings import Settings


def check(settings: Settings) -> None:
    """Raise Invalid where the web could not serve with these settings: once, here, and not at every log-in."""
    from regulars.access.provider import open_provider
    from regulars.web.client_address import networks

    open_provider(settings)
    networks(settings.trusted_proxies)
