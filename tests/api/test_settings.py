"""Settings: read once, strictly."""

from __future__ import annotations

import ipaddress

import pytest

from accessibility.refusals import Refused
from api.settings import Settings, checked_for_host, from_environment, is_loopback, set_without_effect


def test_other_variables_are_not_looked_at() -> None:
    assert from_environment({"HOME": "/root", "STEPFREER": "x", "PATH": ""}) == Settings()


def test_values_are_read() -> None:
    found = from_environment(
        {
            "STEPFREE_CLOCK_OFFSET_S": "-3600",
            "STEPFREE_OUTBOUND_ALLOW": "127.0.0.0/8, ::1/128",
            "STEPFREE_TRUSTED_PROXIES": "10.0.0.1",
            "STEPFREE_TIMEZONE": "Europe/Helsinki",
            "STEPFREE_LOG_LEVEL": "WARNING",
            "STEPFREE_SMTP_URL": "smtp://localhost:2525",
            "STEPFREE_SMS_WEBHOOK": "",
        }
    )
    assert found.clock_offset_s == -3600
    assert found.outbound_allow == (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1"))
    assert found.trusted_proxies == (ipaddress.ip_network("10.0.0.1/32"),)
    assert (found.timezone, found.log_level) == ("Europe/Helsinki", "warning")
    assert (found.smtp_url, found.sms_webhook) == ("smtp://localhost:2525", None)
    assert set_without_effect(found) == [
        "STEPFREE_OUTBOUND_ALLOW",
        "STEPFREE_SMTP_URL",
    ]


@pytest.mark.parametrize("name", ["STEPFREE_COLOR", "STEPFREE_", "STEPFREE_clock_offset_s", "STEPFREE_CLOCK_OFFSET"])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(Refused) as refused:
        from_environment({name: "1"})
    assert (refused.value.code, refused.value.field) == ("setting_unknown", name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLOCK_OFFSET_S", "soon"),
        ("CLOCK_OFFSET_S", "nan"),
        ("CLOCK_OFFSET_S", "inf"),
        ("CLOCK_OFFSET_S", "1e12"),
        ("OUTBOUND_ALLOW", "127.0.0.1/8"),
        ("TRUSTED_PROXIES", "everyone"),
        ("TIMEZONE", "Mars/Olympus"),
        ("TIMEZONE", "../../etc/passwd"),
        ("LOG_LEVEL", "loud"),
        ("SMTP_URL", "localhost"),
        ("SMS_WEBHOOK", "ftp://example.org"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused(name: str, value: str) -> None:
    with pytest.raises(Refused) as refused:
        from_environment({f"STEPFREE_{name}": value})
    assert (refused.value.code, refused.value.field) == ("setting_invalid", f"STEPFREE_{name}")


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("192.168.1.5", False),
        ("::", False),
        ("example.org", False),
    ],
)
def test_the_clock_is_shifted_on_loopback_only(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
    shifted = Settings(clock_offset_s=5)
    if loopback:
        assert checked_for_host(shifted, host) is shifted
    else:
        with pytest.raises(Refused, match="loopback"):
            checked_for_host(shifted, host)
    assert checked_for_host(Settings(), host) == Settings()
