"""Which passwords are refused, and which names."""

import pytest
from django.core.exceptions import ValidationError

from accounts.errors import Refused
from accounts.models import User
from accounts.passwords import checked, one_time_password
from accounts.validators import ContextWordsValidator, context_words

GUESSABLE = [
    "nongthonmoi2024",
    "NôngThônMới@2025",
    "HaTinh-HaTinh-38",
    "tinhhatinh123456",
    "huongkhe.huongkhe",
    "Cẩm Xuyên 2024!!",
    "matkhau123456789",
    "quantri.hatinh.1",
]
FAIR = ["ba con trâu lội qua suối", "toi thich cam xuyen mua lua chin", "9f!kQz2-vvL0pPw", "kho1bau-gio2lanh"]


@pytest.mark.parametrize("password", GUESSABLE)
def test_a_password_of_names_that_everybody_here_knows_is_refused(password):
    with pytest.raises(ValidationError, match="dễ đoán"):
        ContextWordsValidator().validate(password)


@pytest.mark.parametrize("password", FAIR)
def test_a_password_with_enough_of_its_own_is_accepted(password):
    assert checked(password, user=User(username="ai.do"), field="new") == password


def test_known_words_come_from_a_file_and_cover_units_before_and_after_the_mergers():
    assert {"nongthonmoi", "hatinh", "huongkhe", "halinh", "thanhsen"} <= set(context_words())


@pytest.mark.parametrize("password", ["ngắn quá", "123456789012", "password1234", "x" * 129, "lethimai.hatinh"])
def test_a_weak_password_is_refused_at_its_field_in_vietnamese(password):
    with pytest.raises(Refused) as refused:
        checked(password, user=User(username="lethimai.hatinh"), field="new")
    assert refused.value.field == "new"
    assert "ật khẩu" in refused.value.message


def test_a_one_time_password_passes_its_own_check():
    for _ in range(50):
        secret = one_time_password()
        assert checked(secret, user=User(username="ai.do"), field="new") == secret
