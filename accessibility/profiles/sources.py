"""Where the numbers come from: the codes used in comments and in `Profile.sources` (PROFILES, Sources)."""

from __future__ import annotations

SOURCES: dict[str, str] = {
    "S1": "DIN 18040-3",
    "S2": "ADA 403, 405, 406 and PROWAG",
    "S3": "GB 50763-2012 3.1",
    "S4": "AccessMap profiles",
    "S5": "OSM wiki Key:kerb",
    "S6": "DIN 32984 and DIN 18040-3, kerbs",
    "S7": "DIN 18040-3, areas",
    "S8": "GB 55019",
    "S9": "OSM Proposal:Incline:across",
    "S10": "Footway rules and scooter guides, Great Britain",
    "S11": "OSM wiki highway=steps",
    "S12": "clearingourpath.ca",
    "S13": "Handrail where three or more steps (zupyak.com)",
    "S14": "Walksheds and AccessMap documentation",
    "S17": "GB 50763-2012 3.4.4",
    "S20": "Kelleher et al., RESNA 2006",
    "S21": "University of Bath, 768 adults, SPPB 4-9",
    "S22": "Arango & Montufar, Transportation Research Record",
    "S23": "Bollard & Fleming 2013",
    "S24": "TxDOT Roadway Design Manual 19.2.1.3",
    "S25": "Clark-Carter et al. 1986, Ergonomics 29(6)",
    "S26": "Andrews et al. 2010",
    "S27": "US Access Board, Exterior Surfaces",
    "S28": "Richter et al. 2007",
    "S29": "OSM wiki Key:smoothness",
    "S30": "UK Inclusive Mobility 2002",
    "S31": "Universal design code (comply-pod.com)",
    "E": "our estimate, to be tested with users",
    "K": "known from the standard, not yet checked against a copy",
    "C": "route contract",
}


def cited(codes: str) -> str:
    """The sources behind `"S1 E"`, in words."""
    return "; ".join(SOURCES[code] for code in codes.split())
