"""A customer's timeline runs over all their identities."""

from datetime import timedelta

from regulars.remember.timeline import timeline


def test_the_newest_events_of_all_identities_come_first_page_by_page(story):
    user, browser, other = story.id("user", "anna"), story.id("anonymous", "b"), story.id("user", "boris")
    for day in range(6):
        story.tell("page", (user, browser)[day % 2], {"day": day}, at=story.now - timedelta(days=day + 1))
    story.tell("page", other)
    story.identify(user, links=[browser])
    story.follow()
    events = story.ask(timeline, user, limit=4)
    assert [event.props.get("day") for event in events] == [None, None, 0, 1]
    rest = story.ask(timeline, browser, before=(events[-1].at, events[-1].seq), limit=10)
    assert [event.props["day"] for event in rest] == [2, 3, 4, 5]
    assert story.ask(timeline, 999_999) == []
