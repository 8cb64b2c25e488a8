#!/usr/bin/env python3
"""Writes the data of the gift shop: a small merchant that does not exist.

Every person, order and visit is drawn from one seeded generator, so the files are the same on every
machine. Nothing is taken from real data; only the shape of orders.csv follows UCI Online Retail.

    python3 generate.py            write the four files beside this script
    python3 generate.py --check    fail if they are not what this script writes
"""

import csv
import io
import json
import random
import sys
from collections import namedtuple
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

SEED = 2024
HERE = Path(__file__).resolve().parent
FIRST_DAY = date(2024, 1, 1)
LAST_DAY = date(2024, 12, 31)
SHOP_ZONE = timezone(timedelta(hours=8))  # Asia/Shanghai has no summer time

# --- what the shop sells, where and to whom -----------------------------------------------------------

CATEGORIES = [  # id, name, name_zh, parent
    ("home", "Home", "家居", ""),
    ("tea", "Tea", "茶", ""),
    ("paper", "Paper goods", "纸品", ""),
    ("mugs", "Mugs", "马克杯", "home"),
    ("candles", "Candles", "蜡烛", "home"),
    ("textiles", "Textiles", "布艺", "home"),
    ("loose_tea", "Loose tea", "散茶", "tea"),
    ("teaware", "Teaware", "茶具", "tea"),
    ("cards", "Cards", "贺卡", "paper"),
    ("notebooks", "Notebooks", "笔记本", "paper"),
]

ITEMS = {  # category: [(code, name, name_zh, price)]
    "mugs": [
        ("31001A", "PANDA MUG", "熊猫马克杯", "39.00"),
        ("31001B", "BAMBOO MUG", "竹纹马克杯", "42.00"),
        ("31004", "RIVER STONE MUG", "江石马克杯", "58.00"),
        ("31007", "TRAVEL MUG", "随行杯", "79.00"),
    ],
    "candles": [
        ("32010", "OSMANTHUS CANDLE", "桂花蜡烛", "49.00"),
        ("32011", "PINE SMOKE CANDLE", "松烟蜡烛", "49.00"),
        ("32015S", "TEA LIGHT SET OF 12", "茶烛十二枚", "19.90"),
        ("32020", "LANTERN WITH CANDLE", "烛灯笼", "128.00"),
    ],
    "textiles": [
        ("33002", "LINEN TEA TOWEL", "亚麻茶巾", "25.00"),
        ("33005", "INDIGO CUSHION COVER", "蓝染靠垫套", "88.00"),
        ("33008", "COTTON GIFT WRAP", "棉布包袱皮", "32.50"),
        ("33011L", "SILK SCARF LONG", "长丝巾", "268.00"),
    ],
    "loose_tea": [
        ("41001", "GREEN TEA 100G", "青城绿茶100克", "66.00"),
        ("41002", "JASMINE TEA 100G", "茉莉花茶100克", "58.00"),
        ("41003", "DARK TEA BRICK", "藏茶砖", "98.00"),
        ("41010", "TEA TASTING BOX", "品茶盒", "36.80"),
        ("41015", "SPRING TEA FIRST PICK", "明前春茶", "188.00"),
    ],
    "teaware": [
        ("42001W", "GAIWAN WHITE", "白瓷盖碗", "86.00"),
        ("42001C", "GAIWAN CELADON", "青瓷盖碗", "96.00"),
        ("42005", "CUP PAIR", "对杯", "72.00"),
        ("42009", "TEA TRAY BAMBOO", "竹茶盘", "145.00"),
    ],
    "cards": [
        ("51001", "NEW YEAR CARD", "新年贺卡", "6.50"),
        ("51002", "BIRTHDAY CARD", "生日贺卡", "6.50"),
        ("51003", "THANK YOU CARD SET", "感谢卡套装", "18.00"),
        ("51009", "PAPER CUT POSTCARDS", "剪纸明信片", "22.00"),
    ],
    "notebooks": [
        ("52001", "WEIR NOTEBOOK A5", "堰笔记本A5", "28.00"),
        ("52002", "WEIR NOTEBOOK A6", "堰笔记本A6", "19.90"),
        ("52007", "YEAR PLANNER", "年历手账", "68.00"),
    ],
}
ITEM_CATEGORY = {item[0]: category for category, items in ITEMS.items() for item in items}
ITEM = {item[0]: item for items in ITEMS.values() for item in items}

SHOPS = [("flagship", "Gift Shop", "礼物店旗舰店"), ("overseas", "Gift Shop Overseas", "礼物店海外店")]
BRAND = "du_gifts"
COUNTRIES = [("China", 86), ("Singapore", 5), ("Malaysia", 4), ("Japan", 3), ("United Kingdom", 2)]

CAMPAIGNS = [  # id, name, name_zh, first day, last day, weight of its ads
    ("new_year", "New Year gifts", "新年礼", date(2024, 1, 15), date(2024, 2, 9), 2),
    ("spring_tea", "Spring tea", "春茶季", date(2024, 3, 20), date(2024, 4, 20), 2),
    ("mid_year", "Mid-year sale", "年中大促", date(2024, 6, 1), date(2024, 6, 18), 3),
    ("mid_autumn", "Mid-Autumn boxes", "中秋礼盒", date(2024, 8, 28), date(2024, 9, 17), 2),
    ("double_11", "Double Eleven", "双十一", date(2024, 10, 24), date(2024, 11, 11), 5),
]

# Channels with the weight at which people meet them. Paths are those of the default channel tree,
# except external.xiaohongshu, which catalog.csv adds.
AD_CHANNELS = [
    ("ads.onsite.search_ads", 20), ("ads.onsite.display_ads", 18), ("ads.onsite.feed_ads", 20),
    ("ads.onsite.brand_zone", 8), ("ads.onsite.brand_spotlight", 5), ("ads.offsite.youku", 6),
    ("ads.cross.unidesk", 4), ("external.douyin", 12), ("external.toutiao", 5),
    ("external.xiaohongshu", 10), ("web.social_feed", 6),
]
BRAND_ONLY = {"ads.onsite.brand_zone", "ads.onsite.brand_spotlight", "ads.offsite.youku"}
ORGANIC_CHANNELS = [
    ("shop", 40), ("web.search_engine", 8), ("content.weitao", 8), ("content.youhaohuo", 8),
    ("content.must_buy", 5), ("activity.juhuasuan", 4), ("crm.wechat", 5), ("crm.email", 3),
]
INTERESTS = ["tea", "travel", "cooking", "calligraphy", "gardening", "design", "reading", "music"]

# How a kind of customer lives through the year: weight, shopping trips, share of trips that end in an order.
Habit = namedtuple("Habit", "name weight fewest most buys")
HABITS = [
    Habit("loyal", 9, 6, 14, 0.75),
    Habit("regular", 24, 3, 6, 0.6),
    Habit("once", 37, 1, 3, 0.5),
    Habit("browser", 30, 1, 4, 0.0),
]
Person = namedtuple("Person", "id device habit country shop favorite joined left")

CUSTOMERS = 690
ANONYMOUS = 150


class Draw:
    """The few random choices used, all built on one float so that Python versions agree."""

    def __init__(self, seed):
        self.float = random.Random(seed).random

    def chance(self, share):
        return self.float() < share

    def between(self, low, high):
        return low + int(self.float() * (high - low + 1))

    def one_of(self, options):
        return options[int(self.float() * len(options))]

    def weighted(self, pairs):
        left = self.float() * sum(weight for _, weight in pairs)
        for option, weight in pairs:
            left -= weight
            if left < 0:
                return option
        return pairs[-1][0]

    def some_of(self, options, count):
        rest = list(options)
        return [rest.pop(int(self.float() * len(rest))) for _ in range(count)]

    def day(self, first, last):
        return first + timedelta(days=self.between(0, (last - first).days))

    def instant(self, day):
        """A local time on that day, more often in the evening."""
        hour = self.weighted([(self.between(8, 18), 5), (self.between(19, 23), 4), (self.between(0, 7), 1)])
        return datetime(day.year, day.month, day.day, hour, self.between(0, 59), self.between(0, 59))


# --- people -------------------------------------------------------------------------------------------


def make_people(draw):
    habits = [(habit, habit.weight) for habit in HABITS]
    people = [make_person(draw, 10001 + n, draw.weighted(habits)) for n in range(CUSTOMERS)]
    browser = HABITS[-1]
    return people + [make_person(draw, None, browser) for _ in range(ANONYMOUS)]


def make_person(draw, number, habit):
    country = draw.weighted(COUNTRIES)
    joined = FIRST_DAY if draw.chance(0.4) else draw.day(FIRST_DAY, date(2024, 12, 10))
    leaves = draw.chance(0.3)
    left = draw.day(joined, LAST_DAY) if leaves else LAST_DAY
    device = f"d{draw.between(0x100000, 0xFFFFFF):06x}" if number is None or draw.chance(0.4) else None
    shop = "flagship" if country == "China" else "overseas"
    return Person(number, device, habit, country, shop, draw.one_of(list(ITEMS)), joined, left)


# --- trips: what leads to an order, and the order ------------------------------------------------------


def make_trips(draw, person, touches, orders):
    for _ in range(draw.between(person.habit.fewest, person.habit.most)):
        day = trip_day(draw, person)
        bought = draw.chance(person.habit.buys)
        codes = basket(draw, person)
        make_touches(draw, person, day, codes, bought, touches)
        if bought:
            orders.append(make_order(draw, person, day, codes))


def trip_day(draw, person):
    """Campaigns pull trips into their weeks."""
    if draw.chance(0.45):
        campaign = draw.weighted([(campaign, campaign[5]) for campaign in CAMPAIGNS])
        day = draw.day(campaign[3], campaign[4])
        if person.joined <= day <= person.left:
            return day
    return draw.day(person.joined, person.left)


def basket(draw, person):
    size = draw.weighted([(1, 11), (2, 14), (3, 17), (4, 17), (5, 15), (7, 15), (10, 11)])
    favorites = [item[0] for item in ITEMS[person.favorite]]
    count = min(size, len(ITEM))
    codes = draw.some_of(favorites, min(len(favorites), (count + 1) // 2))
    rest = [code for code in ITEM if code not in codes]
    return codes + draw.some_of(rest, count - len(codes))


def running_campaign(day):
    return next((campaign[0] for campaign in CAMPAIGNS if campaign[3] <= day <= campaign[4]), None)


def make_touches(draw, person, day, codes, bought, touches):
    """A trip leaves an ad or two in the days before, views on the day, and sometimes a cart."""
    category = ITEM_CATEGORY[codes[0]]
    for _ in range(draw.weighted([(0, 40), (1, 45), (2, 15)])):
        seen = day - timedelta(days=draw.between(0, 9))
        add_advert(draw, on_some_device(draw, person), seen, category, touches)
    if not bought and draw.chance(0.3):
        return  # the advert was all they saw
    time = draw.instant(day) - timedelta(minutes=draw.between(20, 90))
    channel = draw.weighted(ORGANIC_CHANNELS)
    shown = on_some_device(draw, person)
    for behavior in visit_behaviors(draw, bought):
        add_touch(shown, time, behavior, channel, touches, shop=person.shop, category=category)
        time += timedelta(seconds=draw.between(20, 400))


def on_some_device(draw, person):
    """Most visits of known people do not tell the device."""
    tells = person.id is None or draw.chance(0.35)
    return person if tells else person._replace(device=None)


def visit_behaviors(draw, bought):
    behaviors = ["search"] if draw.chance(0.2) else []
    behaviors += ["view"] * draw.weighted([(1, 75), (2, 20), (3, 5)])
    if draw.chance(0.1):
        behaviors.append("favorite")
    if draw.chance(0.5 if bought else 0.2):
        behaviors.append("add_to_cart")
    return behaviors


def add_advert(draw, person, day, category, touches):
    if day < FIRST_DAY:
        return
    channel = draw.weighted(AD_CHANNELS)
    place = {"brand": BRAND} if channel in BRAND_ONLY else {"shop": person.shop}
    campaign = running_campaign(day)
    if campaign is None and "shop" in place:
        place["category"] = category
    time = draw.instant(day)
    add_touch(person, time, "impression", channel, touches, campaign=campaign, **place)
    if draw.chance(0.25):
        time += timedelta(seconds=draw.between(2, 40))
        add_touch(person, time, "click", channel, touches, campaign=campaign, **place)


def add_touch(person, local, behavior, channel, touches, **place):
    user = None if person.id is None else str(person.id)
    touch = {
        "time": local.replace(tzinfo=SHOP_ZONE).astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "user": user, "device": person.device, "behavior": behavior, "channel": channel, **place,
    }
    if local.date() <= LAST_DAY:
        touches.append({key: value for key, value in touch.items() if value is not None})


def make_order(draw, person, day, codes):
    lines = [(code, draw.weighted([(1, 60), (2, 22), (3, 8), (6, 7), (12, 3)])) for code in codes]
    return {"person": person, "time": draw.instant(day), "lines": lines}


# --- the awkward rows that every real export has --------------------------------------------------------


def order_rows(draw, orders):
    """Rows of orders.csv, numbered by time, with guests, cancellations, adjustments and repeated lines."""
    rows = []
    add_guest_orders(draw, orders)
    orders.sort(key=lambda order: order["time"])
    for index, order in enumerate(orders):
        number = 600001 + index
        rows += [invoice_row(str(number), order, code, quantity) for code, quantity in order["lines"]]
        if order["person"] is not None:
            add_awkward_rows(draw, number, order, rows)
    cutoff = f"{LAST_DAY} 23:59"
    rows = [row for row in rows if row[4] <= cutoff]
    return sorted(rows, key=lambda row: (row[4], row[0]))


def add_guest_orders(draw, orders):
    """Sales over the counter: nobody knows who bought."""
    for _ in range(90):
        buyer = make_person(draw, None, HABITS[2])
        order = make_order(draw, buyer, draw.day(FIRST_DAY, LAST_DAY), basket(draw, buyer))
        orders.append({**order, "person": None})


def add_awkward_rows(draw, number, order, rows):
    code, quantity = order["lines"][0]
    later = {**order, "time": order["time"] + timedelta(days=draw.between(1, 20))}
    if draw.chance(0.05):
        rows.append(invoice_row(f"C{number}", later, code, -quantity))
    if draw.chance(0.01):
        rows.append(invoice_row(str(number), order, "51001", 1, price="0.00"))
    if draw.chance(0.012):
        rows.append(invoice_row(str(number), order, code, quantity))


def invoice_row(number, order, code, quantity, price=None):
    person = order["person"]
    name = ITEM[code][1]
    customer = "" if person is None else person.id
    country = "China" if person is None else person.country
    time = order["time"].strftime("%Y-%m-%d %H:%M:00")
    return (number, code, name, quantity, time, price or ITEM[code][3], customer, country)


# --- tags and catalogue ---------------------------------------------------------------------------------


def customer_rows(draw, people):
    rows = []
    for person in people:
        if person.id is None or draw.chance(0.08):
            continue
        gender = draw.weighted([("female", 55), ("male", 37), ("", 8)])
        tier = draw.weighted([(1, 30), (2, 30), (3, 25), (4, 15)]) if person.country == "China" else ""
        birthday = draw.day(date(1958, 1, 1), date(2005, 12, 31)).isoformat() if draw.chance(0.8) else ""
        interests = draw.some_of(INTERESTS, draw.weighted([(0, 10), (1, 40), (2, 35), (3, 15)]))
        rows.append((person.id, gender, tier, birthday, "|".join(interests)))
    return rows


def catalog_rows():
    rows = [("brand", BRAND, "Du Gifts", "都礼", "", "", "")]
    rows += [("shop", id, name, zh, "", BRAND, "") for id, name, zh in SHOPS]
    rows += [("category", id, name, zh, parent, "", "") for id, name, zh, parent in CATEGORIES]
    rows += [("channel", "xiaohongshu", "Xiaohongshu", "小红书", "external", "", "")]
    rows += [("campaign", campaign[0], campaign[1], campaign[2], "", BRAND, "") for campaign in CAMPAIGNS]
    for category, items in ITEMS.items():
        rows += [("item", code, name, zh, category, BRAND, price) for code, name, zh, price in items]
    return rows


# --- files ----------------------------------------------------------------------------------------------


def csv_text(header, rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def json_lines(objects):
    return "".join(json.dumps(o, ensure_ascii=False, separators=(",", ":")) + "\n" for o in objects)


def generate():
    draw = Draw(SEED)
    people, touches, orders = make_people(draw), [], []
    for person in people:
        make_trips(draw, person, touches, orders)
    touches.sort(key=lambda touch: touch["time"])
    invoice = "InvoiceNo StockCode Description Quantity InvoiceDate UnitPrice CustomerID Country".split()
    tags = "CustomerID gender city_tier birthday interests".split()
    catalog = "kind id name name_zh parent brand price".split()
    return {
        "orders.csv": csv_text(invoice, order_rows(draw, orders)),
        "visits.jsonl": json_lines(touches),
        "customers.csv": csv_text(tags, customer_rows(draw, people)),
        "catalog.csv": csv_text(catalog, catalog_rows()),
    }


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit("usage: generate.py [--check]")
    stale = []
    for name, text in generate().items():
        path, content = HERE / name, text.encode("utf-8")
        if check:
            stale += [name] if not path.exists() or path.read_bytes() != content else []
        else:
            path.write_bytes(content)
            print(f"{name}: {text.count(chr(10))} lines, {len(content)} bytes")
    if stale:
        sys.exit(f"not what generate.py writes: {', '.join(stale)}; run it again")
    if check:
        print("the data files are what generate.py writes")


if __name__ == "__main__":
    main()
