"""A mirror that applies the feed holds what the lists say, whatever happens in whatever order."""

import datetime as dt
import hashlib
from collections import Counter

import hypothesis
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from communes.models import Area, Placement
from ocop.models import Export, Producer, Product, Rating
from sponsorship.models import Contribution, Sponsor
from tests.exchange.conftest import number
from tests.exchange.mirror import Mirror
from tests.proof.conftest import world
from tests.proof.machine import Lives
from tests.proof.world import SLUGS, YEAR
from tests.workflow.conftest import HUONG_TRACH

__all__ = ["world"]

PROFILE = settings(
    max_examples=3,
    stateful_step_count=12,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)
OF_THE_YEAR = [{"period": str(YEAR)}]
LISTS = {
    "readings": OF_THE_YEAR,
    "attainment": OF_THE_YEAR,
    "roll-ups": OF_THE_YEAR,
    "rounds": OF_THE_YEAR,
    "recognitions": [{"district": "Z1A"}, {"district": "Z1B"}],
    "indicators": [{"set": slug} for slug in SLUGS],
}


class MirroredLives(Lives):
    """Values entered, approved, returned, opened; levels, recognitions, closings, recomputes: and a mirror of it."""

    steps = Counter[str]()
    told = hashlib.sha256()

    def __init__(self, world) -> None:
        super().__init__(world)
        number()
        self.mirror = Mirror(LISTS, area="Z1")

    @invariant()
    def the_mirror_holds_what_the_lists_say(self) -> None:
        number()
        self.mirror.catch_up()
        assert self.mirror.differing() == []
        seen = self.mirror.seen
        assert len(set(seen)) == len(seen)
        assert seen == sorted(seen)


def test_after_every_step_of_every_life_the_mirror_holds_what_the_lists_say(world):
    run_state_machine_as_test(hypothesis.seed(7)(lambda: MirroredLives(world)), settings=PROFILE)
    assert sum(MirroredLives.steps.values()) >= 20


def test_a_mirror_of_the_registers_and_the_territory_follows_them(db, area, administrator):
    number()
    lists = {name: [{}] for name in ("ocop/products", "communes", "districts", "recognitions")}
    mirror = Mirror({**lists, "sponsorship/contributions": [{}]})
    producer = Producer.objects.create(name="HTX Thử", kind="cooperative", area=area(HUONG_TRACH), search_key="")
    product = Product.objects.create(
        name="Cam", code="sp-thu", producer=producer, area=area(HUONG_TRACH), group="food", search_key=""
    )
    sponsor = Sponsor.objects.order_by("pk").first()
    today = Area.objects.as_of(timezone.localdate()).filter(level="commune").first()
    acts = [
        lambda: Rating.objects.create(
            product=product, stars=3, status="recognised", year=2024, decided_on=dt.date(2024, 1, 2), rule_set="x"
        ),
        lambda: Export.objects.create(product=product, country="JP", year=2024, known_on=dt.date(2024, 1, 3)),
        lambda: Producer.objects.filter(pk=producer.pk).update(name="HTX Khác"),
        lambda: Rating.objects.filter(product=product).update(replaced_on=dt.date(2024, 5, 1)),
        lambda: Area.objects.filter(pk=today.pk).update(name="Tên mới"),
        lambda: Area.objects.filter(pk=today.pk).update(valid_to=dt.date(2026, 1, 1)),
        lambda: Placement.objects.filter(area__code=HUONG_TRACH).update(valid_to=dt.date(2025, 6, 30)),
        lambda: Contribution.objects.create(
            sponsor=sponsor, area=area(HUONG_TRACH), channel="called", year=2024, amount=5, purpose="x"
        ),
        lambda: Sponsor.objects.filter(pk=sponsor.pk).update(is_anonymous=not sponsor.is_anonymous),
        lambda: Export.objects.filter(product=product).delete(),
        lambda: [Rating.objects.filter(product=product).delete(), product.delete()],
    ]
    for act in acts:
        act()
        number()
        mirror.catch_up()
        assert mirror.differing() == []
