"""Every area of the API. Made by tools/make_client.py: do not edit."""

from regulars.client.areas.arrivals import ArrivalsApi
from regulars.client.areas.audit import AuditApi
from regulars.client.areas.broadcasts import BroadcastsApi
from regulars.client.areas.buying import BuyingApi
from regulars.client.areas.buying_ways import BuyingWaysApi
from regulars.client.areas.campaigns import CampaignsApi
from regulars.client.areas.catalogue import CatalogueApi
from regulars.client.areas.channels import ChannelsApi
from regulars.client.areas.cohorts import CohortsApi
from regulars.client.areas.consents import ConsentsApi
from regulars.client.areas.contact_policy import ContactPolicyApi
from regulars.client.areas.counting import CountingApi
from regulars.client.areas.customers import CustomersApi
from regulars.client.areas.duplicates import DuplicatesApi
from regulars.client.areas.erasures import ErasuresApi
from regulars.client.areas.events import EventsApi
from regulars.client.areas.exports import ExportsApi
from regulars.client.areas.facts import FactsApi
from regulars.client.areas.followers import FollowersApi
from regulars.client.areas.forms import FormsApi
from regulars.client.areas.frequencies import FrequenciesApi
from regulars.client.areas.funnels import FunnelsApi
from regulars.client.areas.groups import GroupsApi
from regulars.client.areas.health import HealthApi
from regulars.client.areas.home import HomeApi
from regulars.client.areas.imports import ImportsApi
from regulars.client.areas.keys import KeysApi
from regulars.client.areas.lists import ListsApi
from regulars.client.areas.mailbox import MailboxApi
from regulars.client.areas.mappings import MappingsApi
from regulars.client.areas.merges import MergesApi
from regulars.client.areas.messages import MessagesApi
from regulars.client.areas.orders import OrdersApi
from regulars.client.areas.pauses import PausesApi
from regulars.client.areas.people import PeopleApi
from regulars.client.areas.restrictions import RestrictionsApi
from regulars.client.areas.retention import RetentionApi
from regulars.client.areas.returned_mail import ReturnedMailApi
from regulars.client.areas.segments import SegmentsApi
from regulars.client.areas.suppressions import SuppressionsApi
from regulars.client.areas.templates import TemplatesApi
from regulars.client.areas.together import TogetherApi
from regulars.client.areas.workspace import WorkspaceApi
from regulars.client.line import Line


class Areas:
    """All that can be asked and done, by what it is about."""

    def __init__(self, line: Line) -> None:
        self.arrivals = ArrivalsApi(line)
        self.audit = AuditApi(line)
        self.broadcasts = BroadcastsApi(line)
        self.buying = BuyingApi(line)
        self.buying_ways = BuyingWaysApi(line)
        self.campaigns = CampaignsApi(line)
        self.catalogue = CatalogueApi(line)
        self.channels = ChannelsApi(line)
        self.cohorts = CohortsApi(line)
        self.consents = ConsentsApi(line)
        self.contact_policy = ContactPolicyApi(line)
        self.counting = CountingApi(line)
        self.customers = CustomersApi(line)
        self.duplicates = DuplicatesApi(line)
        self.erasures = ErasuresApi(line)
        self.events = EventsApi(line)
        self.exports = ExportsApi(line)
        self.facts = FactsApi(line)
        self.followers = FollowersApi(line)
        self.forms = FormsApi(line)
        self.frequencies = FrequenciesApi(line)
        self.funnels = FunnelsApi(line)
        self.groups = GroupsApi(line)
        self.health = HealthApi(line)
        self.home = HomeApi(line)
        self.imports = ImportsApi(line)
        self.keys = KeysApi(line)
        self.lists = ListsApi(line)
        self.mailbox = MailboxApi(line)
        self.mappings = MappingsApi(line)
        self.merges = MergesApi(line)
        self.messages = MessagesApi(line)
        self.orders = OrdersApi(line)
        self.pauses = PausesApi(line)
        self.people = PeopleApi(line)
        self.restrictions = RestrictionsApi(line)
        self.retention = RetentionApi(line)
        self.returned_mail = ReturnedMailApi(line)
        self.segments = SegmentsApi(line)
        self.suppressions = SuppressionsApi(line)
        self.templates = TemplatesApi(line)
        self.together = TogetherApi(line)
        self.workspace = WorkspaceApi(line)
