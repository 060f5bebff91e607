"""taginfo.json: tells mappers about every key that changes a route, and about no other."""

from __future__ import annotations

from accessibility.tags.keys import KEYS, PERSON_KEYS, kept
from accessibility.tags.taginfo import taginfo


def test_every_key_about_a_person_on_the_way_is_told_once_and_is_kept() -> None:
    project = taginfo(data_url="https://a/taginfo.json", project_url="https://a", contact_name="a", contact_email="a@a")
    told = [tag["key"] for tag in project["tags"]]
    assert len(told) == len(set(told))
    assert set(told) >= PERSON_KEYS
    assert set(kept(dict.fromkeys(told, "yes"))) == set(told)
    assert project["data_format"] == 1
    assert all(set(tag["object_types"]) <= {"node", "way", "relation", "area"} for tag in project["tags"])
    assert PERSON_KEYS <= KEYS
