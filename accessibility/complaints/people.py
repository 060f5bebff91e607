"""Who asks: anonymous, a reporter by token, or a key with a role. Tokens and keys are known here only as hashes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import secrets
from uuid import UUID

from msgspec import Struct

from accessibility.refusals import Refused
from accessibility.standing import Weight

ROLES = (
    "reporter", "moderator", "dispatcher", "unit", "crew", "callback", "appeals", "intake", "operator", "admin",
)  # fmt: skip
STAFF = frozenset(ROLES) - {"reporter"}
AUTHORITIES = frozenset({"moderator", "crew", "operator", "admin"})  # their word confirms at once
ANONYMOUS = "anonymous"
NOBODY = UUID(int=0)


class Actor(Struct, frozen=True):
    """Who asks. `reporter_id`: None until this person has reported; `network`: hashed, None = exempt from limits."""

    role: str
    pseudonym: str
    bearer: bytes
    reporter_id: UUID | None = None
    key_id: UUID | None = None
    verified: bool = False
    unit: str | None = None
    area: str | None = None
    network: bytes | None = None

    @property
    def weight(self) -> Weight:
        """What this person's word weighs."""
        if self.role in AUTHORITIES:
            return "authority"
        return "verified" if self.verified else "unverified"

    @property
    def staff(self) -> bool:
        return self.role in STAFF

    def need(self, *roles: str) -> None:
        """Raises Refused unless this is one of the roles; `admin` always is."""
        if self.role not in (*roles, "admin"):
            code = "unauthorized" if self.role == ANONYMOUS else "forbidden"
            raise Refused(code, f"this needs a key of role {' or '.join(roles)}")


def digest(secret_text: str) -> bytes:
    """What is kept of a key or token. They are long and random, so a plain hash is enough."""
    return hashlib.sha256(secret_text.encode()).digest()


def _readable(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token_for(secret: bytes, report_id: UUID) -> str:
    """The reporter token of a first report: computed, never stored, so a replayed answer can show it again."""
    return "rt_" + _readable(hmac.digest(secret, b"reporter" + report_id.bytes, "sha256"))


def new_key() -> str:
    """An API key nobody has seen yet."""
    return "sk_" + _readable(secrets.token_bytes(32))


def new_pseudonym() -> str:
    """What the audit log calls somebody."""
    return secrets.token_hex(8)


def network_of(address: str) -> str:
    """The network an address belongs to, as limits count: /24 of IPv4, /64 of IPv6."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 64), strict=False))


def hashed_network(secret: bytes, address: str | None) -> bytes | None:
    """The network without its address: equal networks are equal, and nothing leads back."""
    if address is None:
        return None
    return hmac.digest(secret, b"network" + network_of(address).encode(), "sha256")[:16]
