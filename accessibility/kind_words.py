"""What the kinds of barrier and the severities are called, in the languages we speak."""

from __future__ import annotations

LANGUAGES = ("en", "zh-Hans", "de")

# kind: (en, zh-Hans, de)
KIND_WORDS: dict[str, tuple[str, str, str]] = {
    "kerb_too_high": ("Kerb too high", "路缘石过高", "Bordstein zu hoch"),
    "missing_kerb_ramp": ("No dropped kerb", "缺少缘石坡道", "Bordsteinabsenkung fehlt"),
    "steps_without_ramp": ("Steps without a ramp", "有台阶无坡道", "Stufen ohne Rampe"),
    "entrance_step": ("Step at the entrance", "入口有台阶", "Stufe am Eingang"),
    "obstacle": ("Something in the way", "有障碍物", "Hindernis im Weg"),
    "overhead_obstacle": ("Obstacle at head height", "头部高度有障碍物", "Hindernis in Kopfhöhe"),
    "parked_vehicle": ("Parked vehicle in the way", "车辆占道停放", "Abgestelltes Fahrzeug im Weg"),
    "construction": ("Building works", "施工", "Baustelle"),
    "surface_damaged": ("Damaged surface", "路面破损", "Belag beschädigt"),
    "slippery": ("Slippery", "路面湿滑", "Rutschig"),
    "flooded": ("Flooded", "积水", "Überflutet"),
    "too_narrow": ("Too narrow", "过窄", "Zu schmal"),
    "too_steep": ("Too steep", "坡度过陡", "Zu steil"),
    "lift_out_of_order": ("Lift out of order", "电梯故障", "Aufzug außer Betrieb"),
    "escalator_stopped": ("Escalator stopped", "自动扶梯停运", "Rolltreppe steht"),
    "gate_locked": ("Gate locked", "大门上锁", "Tor verschlossen"),
    "no_sidewalk": ("No pavement", "没有人行道", "Kein Gehweg"),
    "missing_tactile_paving": ("No tactile paving", "缺少盲道", "Bodenindikatoren fehlen"),
    "missing_crossing_sound": ("No sound at the crossing", "过街无声响提示", "Ampel ohne Tonsignal"),
    "unsafe_crossing": ("Unsafe crossing", "过街不安全", "Unsichere Querung"),
    "green_too_short": ("Green too short", "绿灯时间过短", "Grünphase zu kurz"),
    "lighting_out": ("Lighting out", "照明损坏", "Beleuchtung ausgefallen"),
    "seat_missing": ("Seat missing", "座椅缺失", "Sitzgelegenheit fehlt"),
    "toilet_closed": ("Toilet closed", "卫生间关闭", "Toilette geschlossen"),
    "closure": ("Closed by the city", "官方封闭", "Amtlich gesperrt"),
    "other": ("Something else", "其他", "Anderes"),
}

# severity: (en, zh-Hans, de)
SEVERITY_WORDS: dict[int, tuple[str, str, str]] = {
    1: ("A nuisance, I get past", "有些不便，可以通过", "Lästig, ich komme vorbei"),
    2: ("Hard, I need time or a detour", "较困难，费时或需绕行", "Schwierig, kostet Zeit oder einen Umweg"),
    3: ("I cannot get past", "无法通过", "Ich komme nicht vorbei"),
    4: ("Dangerous for anybody", "对任何人都有危险", "Gefährlich für alle"),
}


def words(row: tuple[str, str, str], language: str) -> str:
    """The word in `language`, English for one we do not speak."""
    return row[LANGUAGES.index(language)] if language in LANGUAGES else row[0]
