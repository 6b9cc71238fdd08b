"""OCOP products over the API: stars now, the history of ratings, markets."""

from rest_framework import serializers
from rest_framework.routers import BaseRouter

from communes.api import AreaNameSerializer, ShownSerializer
from communes.filters import date_asked
from communes.lists import Listing
from communes.shapes import Beside, children
from ocop.filters import ProductFilterSet
from ocop.models import Export, Producer, Product, Rating
from ocop.queries.products import exports_by, products_on, ratings_by


class ProducerSerializer(ShownSerializer):
    class Meta:
        model = Producer
        fields = ["name", "kind", "stopped_on", "is_illustrative"]


class RatingSerializer(ShownSerializer):
    """One rating: proposed, recognised or revoked."""

    class Meta:
        model = Rating
        fields = [
            "stars",
            "status",
            "kind",
            "year",
            "decided_on",
            "expires_on",
            "replaced_on",
            "rule_set",
            "decision",
            "issuer",
            "certificate_no",
            "part_a",
            "part_b",
            "part_c",
            "total",
            "is_provisional",
            "reason",
            "is_illustrative",
        ]


class ExportSerializer(ShownSerializer):
    """A market, as known from a day on."""

    class Meta:
        model = Export
        fields = ["country", "year", "known_on", "source", "is_illustrative"]


class ProductSerializer(ShownSerializer):
    """A product with the stars held on the date; null without a standing rating."""

    producer = ProducerSerializer(read_only=True)
    area = AreaNameSerializer(read_only=True)
    product_set = serializers.IntegerField(source="product_set.number", read_only=True, allow_null=True, default=None)
    group_name = serializers.CharField(source="get_group_display", read_only=True)
    stars = serializers.IntegerField(read_only=True, allow_null=True)
    expires_on = serializers.DateField(read_only=True, allow_null=True)
    ratings = RatingSerializer(many=True, read_only=True)
    exports = ExportSerializer(many=True, read_only=True)

    class Meta:
        model = Product
        fields = [
            "code",
            "name",
            "producer",
            "area",
            "group",
            "group_name",
            "product_set",
            "traceability_code",
            "stars",
            "expires_on",
            "ratings",
            "exports",
            "is_illustrative",
        ]


class ProductViewSet(Listing):
    """Products, their ratings and markets as known by `as_of` (today without it)."""

    queryset = Product.objects.none()
    serializer_class = ProductSerializer
    filterset_class = ProductFilterSet
    lookup_field = "code"
    lookup_value_regex = r"[-\w.]+"
    orderings = {
        "id": "pk",
        "code": "code",
        "name": "sort_key",
        "area": "area__code",
        "group": "group",
        "stars": "stars",
        "expires_on": "expires_on",
    }

    def get_queryset(self):
        return products_on(date_asked(self.request))

    def beside(self) -> dict[str, Beside]:
        on = date_asked(self.request)
        return {
            "ratings": children(ratings_by(on), "product", RatingSerializer),
            "exports": children(exports_by(on), "product", ExportSerializer),
        }


def register(router: BaseRouter) -> None:
    """Addresses of this app."""
    router.register("ocop/products", ProductViewSet, basename="ocop-product")
