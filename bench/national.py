"""`python -m bench.national …`: measures on the whole country, on PostgreSQL. Started by bench.__main__."""

import gc

import django

django.setup()

from bench import country, exports, growth  # noqa: E402  (after Django)
from bench.approving import Approvals  # noqa: E402
from bench.bulk import Bulk  # noqa: E402
from bench.lists import Lists  # noqa: E402
from bench.measure import Group  # noqa: E402
from bench.scales import NATIONAL  # noqa: E402
from bench.tables import Tables  # noqa: E402

BULK = ("P25", "P25-thousand", "P25-one")


def main() -> None:
    group = Group.from_arguments()
    gc.freeze()  # as the portal does when it starts (ntm_portal.wsgi)
    country.prepare(group, NATIONAL[group.scale])
    group.take(("P1", "P2", "P3"), lambda: country.of_the_whole(group.ids, group.rounds))
    group.take(("P5",), lambda: {"P5": country.peak_memory()})
    if group.wants("P7", "P7-cell", "P8", "P9", "P10"):
        approving = Approvals(group)
        group.take(("P7",), approving.one)
        group.take(("P7-cell",), approving.cell)
        group.take(("P8",), approving.crowd)
        group.take(("P9",), approving.many)
        group.take(("P10",), approving.seen)
    if group.wants("P18", "P19", "P20", *BULK):
        tables = Tables()
        group.take(("P18",), lambda: tables.whole_import(group.rounds))
        group.take(("P19",), lambda: tables.one_bad(group.rounds))
        group.take(("P20",), lambda: tables.export(group.rounds))
        group.take(BULK, lambda: Bulk(tables).measure(group.rounds))
    if group.wants("P15", "P15-ms", "P15-kept", "P16", "P-pages", "P-why"):
        for ids, measure in Lists().measures(group.rounds).items():
            group.take(ids, measure)
    group.take(("P21", "P21-first"), lambda: exports.measure(group.rounds))
    group.take(("P22", "P17"), lambda: growth.measure(group.rounds, group.scale))
    group.write()


if __name__ == "__main__":
    main()
